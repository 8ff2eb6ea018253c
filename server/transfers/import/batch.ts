import type postgres from 'postgres'
import { type NewActivity, recordActivities } from '../../activities/record.ts'
import { settleCustom } from '../../contacts/custom.ts'
import { erasedSince } from '../../contacts/erased.ts'
import { foldContacts } from '../../contacts/fold.ts'
import { readMatches } from '../../contacts/match.ts'
import type { Changes } from '../../contacts/overwrite.ts'
import { tagNamesOf } from '../../contacts/tag-contact.ts'
import { makeTags } from '../../contacts/tags.ts'
import { joinContacts } from '../../identity/join-contacts.ts'
import type { VisitorNumbers } from '../../visitors/number.ts'
import type { About } from './about.ts'
import { type Desk, decide, personOf, type Result } from './decide.ts'
import type { RowSays } from './read-row.ts'

/**
 * Decides the rows of a batch as they would be written now. The caller that writes holds the identity lock (`lockIdentity`), and then
 * `writeBatch` stores what was decided. A constant number of statements for any number of rows.
 */
export async function decideBatch(
  sql: postgres.TransactionSql,
  says: RowSays[],
  { workspace_id, how, actor, members, digest, since }: About,
): Promise<{ results: Result[]; desk: Desk }> {
  const now = Date.now()
  const people = says.map(one => personOf(one, how, { workspace_id, now }))
  const values = people.flatMap(({ email, phone, user_id }) => [email, phone, user_id].filter(value => value !== null))
  const [matcher, erased] = await Promise.all([readMatches(sql, people), erasedSince(sql, digest, workspace_id, values, since)])
  const found = () => [...new Set(people.flatMap(person => Object.values(matcher.look(person)).map(({ id }) => id)))]
  const [custom, tags] = await Promise.all([
    says.some(one => Object.keys(one.custom).length > 0) ? readCustomOf(sql, workspace_id, found()) : new Map(),
    says.some(one => one.tags.length > 0) ? tagNamesOf(sql, workspace_id, found()) : new Map<number, string[]>(),
  ])
  const desk: Desk = {
    workspace_id,
    matcher,
    actor,
    members,
    erased,
    custom,
    tags: new Map([...tags].map(([id, names]) => [id, new Set(names.map((name: string) => name.toLowerCase()))])),
    now,
    owners: new Map(),
    new_custom: new Map(),
    new_tags: [],
    claims: [],
  }
  return { results: says.map((one, k) => decide(one, people[k]!, how, desk)), desk }
}

export async function readCustomOf(sql: postgres.TransactionSql, workspace_id: number, ids: number[]) {
  const rows = await sql<{ id: number; custom: Record<string, unknown> }[]>`
    select id, custom from contacts where workspace_id = ${workspace_id} and id = any(${ids}::int[])`
  return new Map(rows.map(({ id, custom }) => [id, custom]))
}

/** Under the identity lock, in the transaction in which it was decided. */
export async function writeBatch(
  sql: postgres.TransactionSql,
  { results, desk }: { results: Result[]; desk: Desk },
  numbers: VisitorNumbers,
): Promise<void> {
  const { workspace_id, matcher, actor, owners, new_custom, new_tags, claims } = desk
  // Sent together, in this order: while the database stores the one, the next is made ready.
  const [changed] = await Promise.all([
    matcher.write(),
    writeOwners(sql, workspace_id, owners),
    writeCustom(sql, workspace_id, new_custom),
    recordActivities(sql, workspace_id, [...updatesOf(results, actor), ...firstWords(results, desk)]),
    writeTags(sql, workspace_id, new_tags, actor),
  ])
  await foldContacts(sql, changed, actor)
  await settleCustom(sql, workspace_id, [...new_custom.keys()])
  const message = (row: number) => `import ${actor.id} ${row}`
  await joinContacts(
    sql,
    numbers,
    claims.map(({ distinct_id, contact_id, row }) => ({
      workspace_id, distinct_id, contact_id, occurred_at: desk.now, message_id: message(row), is_user: true,
    })),
  ) // biome-ignore format: short
}

/** Of one contact one, however many rows of the batch say something about it: what it was before the first and is after the last. */
export function updatesOf(results: Pick<Result, 'contact_id' | 'changes'>[], actor: Desk['actor']): NewActivity[] {
  const all = new Map<number, Changes>()
  for (const { contact_id, changes } of results) {
    if (contact_id === null || changes === null) continue
    const known = all.get(contact_id) ?? {}
    for (const [field, [was, is]] of Object.entries(changes))
      if (field !== 'tags') known[field] = [known[field] ? known[field][0] : was, is]
    all.set(contact_id, known)
  }
  return [...all].flatMap(([contact_id, changes]) => updated(contact_id, changes, actor))
}

/** What somebody new was told besides what `contact.created` says. */
function firstWords(results: Result[], { owners, new_custom, actor }: Desk): NewActivity[] {
  return results.flatMap(({ outcome, contact_id }) => {
    if (outcome !== 'created' || contact_id === null) return []
    const owner = owners.get(contact_id)
    const custom = Object.entries(new_custom.get(contact_id) ?? {}).map(
      ([key, value]) => [`custom.${key}`, [null, value]] as const,
    )
    return updated(
      contact_id,
      Object.fromEntries([...(owner ? [['owner_id', [null, owner]] as const] : []), ...custom]) as Changes,
      actor,
    )
  })
}

const FIELDS = new Set(['email', 'phone', 'owner_id', 'first_name', 'last_name', 'age', 'gender', 'address'])

function updated(contact_id: number, changes: Changes, actor: NewActivity['actor']): NewActivity[] {
  const named = Object.entries(changes).map(([field, change]) => [
    FIELDS.has(field) || field.startsWith('custom.') ? field : `properties.${field}`,
    change,
  ] as const) // biome-ignore format: short
  if (named.length === 0) return []
  const side = (k: 0 | 1) => Object.fromEntries(named.map(([field, change]) => [field, change[k]]))
  return [{ action: 'contact.updated', actor, contact_id, before: side(0), after: side(1) }]
}

export async function writeOwners(sql: postgres.TransactionSql, workspace_id: number, owners: Map<number, number | null>) {
  if (owners.size === 0) return
  await sql`
    update contacts c
       set owner_id = o.owner_id, updated_at = now()
      from unnest(${[...owners.keys()]}::int[], ${[...owners.values()]}::int[]) as o(id, owner_id)
     where c.workspace_id = ${workspace_id} and c.id = o.id`
}

export async function writeCustom(
  sql: postgres.TransactionSql,
  workspace_id: number,
  custom: Map<number, Record<string, unknown>>,
) {
  if (custom.size === 0) return
  const rows = [...custom].map(([id, own_custom]) => ({ id, own_custom }))
  await sql`
    update contacts c
       set own_custom = c.own_custom || r.own_custom, updated_at = now()
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id int, own_custom jsonb)
     where c.workspace_id = ${workspace_id} and c.id = r.id`
}

async function writeTags(sql: postgres.TransactionSql, workspace_id: number, tags: Desk['new_tags'], actor: Desk['actor']) {
  if (tags.length === 0) return
  await makeTags(sql, workspace_id, [...new Set(tags.map(({ name }) => name))], null, actor)
  const put = await sql<{ contact_id: number; tag_id: number; name: string }[]>`
    with wanted as (
      select w.contact_id, t.id as tag_id, t.name
        from unnest(${tags.map(tag => tag.contact_id)}::int[], ${tags.map(tag => tag.name)}::text[]) as w(contact_id, name)
        join tags t on t.workspace_id = ${workspace_id} and lower(t.name) = lower(w.name)
    ), put as (
      insert into contact_tags (workspace_id, contact_id, tag_id, source)
      select ${workspace_id}, contact_id, tag_id, ${actor.kind} from wanted
          on conflict do nothing
      returning contact_id, tag_id
    )
    select * from put join wanted using (contact_id, tag_id)`
  await recordActivities(
    sql,
    workspace_id,
    put.map(({ contact_id, tag_id, name }) => ({
      action: 'contact.tagged', actor, contact_id, subject_id: tag_id, after: { tag_id, name },
    })),
  ) // biome-ignore format: short
}
