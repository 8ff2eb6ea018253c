import type postgres from 'postgres'
import { batchRows, inBatch } from '../activities/batches.ts'
import type { EventBatch, Reader, Told, ToldActivity } from '../activities/told.ts'
import type { Config } from '../config.ts'
import { lockConnections } from './connections/connections.ts'
import { PROVIDERS } from './connectors/list.ts'
import { insertLinks } from './insert-links.ts'
import { joinBySigningUp } from './lists/join.ts'
import { type ListSignUp, readListSignUps } from './lists/sign-ups.ts'
import { joinByEmail } from './lists/subscribe.ts'
import { tellLater } from './tell-later.ts'

type Sql = postgres.TransactionSql
/** Who something happened to; in which language they saw the page and what they told when they registered, if they just did. */
export type Candidate = { workspace_id: number; contact_id: number; language: string | null; said: object | null }

/**
 * Notes whom a CRM has to be told of: who signed up, whose e-mail is another now, who was marked, which e-mail joined a mailing list. A
 * reader (server/work.ts), so neither a sign-up nor a change waits for a CRM. One statement where a workspace has no CRM and no list.
 */
export function noticeSignUps({ crm_type }: Pick<Config, 'crm_type'>): Reader {
  return async (sql, told) => {
    const workspaces = await withCrm(sql, told, crm_type)
    if (workspaces.size === 0) return
    const activities = told.activities.filter(({ workspace_id }) => workspaces.has(workspace_id))
    const batches = told.batches.filter(({ workspace_id }) => workspaces.has(workspace_id))
    const candidates = [...contactsOf(activities), ...(await readVisiting(sql, batches))]
    const sign_ups = await readListSignUps(sql, batches)
    if (crm_type !== 'none') await chooseDefault(sql, [...candidates, ...sign_ups], crm_type)
    await joinBySigningUp(sql, candidates)
    await markErased(sql, activities)
    const due = [...(await addLinks(sql, candidates)), ...(await noteChanges(sql, contactsOf(activities.filter(mayChange))))]
    await tellLater(sql, due)
    await joinByEmail(sql, sign_ups)
  }
}

/** Who belongs to somebody with a connection or a list; with a default of this installation, everybody does. */
async function withCrm(sql: Sql, { activities, batches }: Told, crm_type: Config['crm_type']): Promise<Set<number>> {
  const ids = [...new Set([...activities, ...batches].map(({ workspace_id }) => workspace_id))]
  if (ids.length === 0 || crm_type !== 'none') return new Set(ids)
  const rows = await sql<{ id: number }[]>`
    select w.id
      from unnest(${ids}::int[]) as w(id)
     where exists (select from crm_connections where workspace_id = w.id and provider <> 'none')
        or exists (select from mailing_lists where workspace_id = w.id)`
  return new Set(rows.map(({ id }) => id))
}

function mayChange({ action }: ToldActivity) {
  return CHANGES.has(action)
}

/** Whoever is to be erased is marked as spam is: deleted there, or to be looked at, as the policy of the connection says. */
async function markErased(sql: Sql, activities: ToldActivity[]) {
  const asked = activities.filter(({ action }) => action === 'contact.erasure_requested')
  if (asked.length === 0) return
  await sql`
    insert into crm_marks (workspace_id, contact_id, mark, note, actor)
    select distinct on (c.workspace_id, c.whole_id) c.workspace_id, c.whole_id, 'spam', 'Asked to be erased', a.actor
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as a(workspace_id int, contact_id int, actor jsonb)
      join contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
        on conflict (workspace_id, contact_id) do update set mark = excluded.mark, note = excluded.note, actor = excluded.actor, at = now()`
}

const CHANGES = new Set([
  'contact.updated',
  'contact.merged',
  'contact.unmerged',
  'contact.crm_marked',
  'contact.crm_unmarked',
  'contact.erasure_requested',
])

/** Of a merge and its undo both. */
function contactsOf(activities: ToldActivity[]): Candidate[] {
  return activities.flatMap(({ workspace_id, contact_id, before, after }) => {
    const ids = [contact_id, ...[before, after].flatMap(said => [said?.winner_id, said?.loser_id])]
    return [...new Set(ids)].flatMap(id =>
      Number.isInteger(id) ? [{ workspace_id, contact_id: id as number, language: null, said: null }] : [],
    )
  })
}

/** Those whose visitors did something. */
async function readVisiting(sql: Sql, batches: EventBatch[]): Promise<Candidate[]> {
  if (batches.length === 0) return []
  return sql<Candidate[]>`
    select v.workspace_id, v.contact_id, max(e.language) as language, (array_agg(e.said) filter (where e.said is not null))[1] as said
      from ${batchRows(sql, batches)}
     cross join lateral (
           select visitor_id, max(coalesce(properties->>'language', context->>'locale')) as language,
                  (array_agg(properties order by id desc) filter (where event = 'registration'))[1] as said
             from events
            where ${inBatch(sql)}
            group by visitor_id
           offset 0) e
     cross join lateral (
           select workspace_id, contact_id
             from visitors
            where workspace_id = b.workspace_id and id = e.visitor_id and contact_id is not null
           offset 0) v
     group by v.workspace_id, v.contact_id`
}

/**
 * A workspace that chose nothing uses what the operator chose, from its first sign-up on: a connection like any other, which can be set up. It
 * counts from an hour before, so that the one who was first is among those who signed up after it.
 */
async function chooseDefault(sql: Sql, those: (Candidate | ListSignUp)[], crm_type: Config['crm_type']) {
  const title = PROVIDERS.find(({ name }) => name === crm_type)!.title
  const without = await sql<{ id: number }[]>`
    select w.id
      from unnest(${[...new Set(those.map(({ workspace_id }) => workspace_id))]}::int[]) as w(id)
     where not exists (select from crm_connections where workspace_id = w.id)
     order by w.id`
  for (const { id } of without) {
    await lockConnections(sql, id) // somebody may choose one at this moment
    await sql`
      insert into crm_connections (workspace_id, provider, name, created_at)
      select ${id}, ${crm_type}, ${title}, now() - interval '1 hour'
       where not exists (select from crm_connections where workspace_id = ${id})`
  }
}

/** Who signed up after the CRM was connected; those from before are added when somebody asks for it (add-earlier.ts). */
function addLinks(sql: Sql, candidates: Candidate[]) {
  return insertLinks(
    sql,
    candidates,
    sql`(k.adds = 'everybody' and c.created_at >= k.created_at
         or k.adds = 'signed_up' and (c.registered_at >= k.created_at
                                      or exists (select
                                                   from visitors v
                                                  where v.workspace_id = c.workspace_id and v.contact_id = c.id and v.kind in ('user', 'email')
                                                    and v.first_seen >= k.created_at)))`,
  )
}

/** Whose e-mail or mark is not what the CRM was told. Who was never taken is tried again when something about them changed. */
async function noteChanges(sql: Sql, changed: Candidate[]) {
  if (changed.length === 0) return []
  return sql<{ workspace_id: number; connection_id: number; contact_id: number; version: number }[]>`
    with family as (
      select distinct m.workspace_id, m.id, m.whole_id
        from jsonb_to_recordset(${JSON.stringify(changed)}::text::jsonb) as a(workspace_id int, contact_id int)
       cross join lateral (
             select workspace_id, whole_id from contacts where workspace_id = a.workspace_id and id = a.contact_id offset 0) c
       cross join lateral (
             select workspace_id, id, whole_id from contacts where workspace_id = c.workspace_id and whole_id = c.whole_id offset 0) m
    )
    update crm_links l
       set due = true, version = version + 1, failures = 0, updated_at = now()
      from family f
     cross join lateral (select email from contacts where workspace_id = f.workspace_id and id = f.whole_id offset 0) c
      left join crm_marks k on k.workspace_id = f.workspace_id and k.contact_id = f.whole_id
     where l.workspace_id = f.workspace_id and l.contact_id = f.id and (l.state <> 'UserCreated' or not l.due)
       and not l.let_go
       and (l.external_id is null or l.told->>'email' is distinct from c.email or l.told->>'mark' is distinct from k.mark)
    returning l.workspace_id, l.connection_id, l.contact_id, l.version`
}
