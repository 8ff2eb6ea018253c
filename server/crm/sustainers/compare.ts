import type postgres from 'postgres'
import { type NewActivity, recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import type { CrmProviderName } from '../provider.ts'
import type { Run } from '../runs/run.ts'

type Place = Pick<Run, 'workspace_id' | 'id' | 'connection_id'>
type Judged = { provider: CrmProviderName; flaw: string | null; force: boolean }
type Staged = { read: number; sustaining: number; unknown: number }

const BY_SYNC = { kind: 'system', name: 'sync of sustainers' }
/** Of activities that go into one statement. */
const CHUNK = 1000

/**
 * Makes sustainers of the contacts that the staged read names, and ends those that it does not, each in one statement; whoever was merged
 * into somebody else counts as that contact. Nobody is ended when the read has a `flaw`, when it names nobody, or when too many would
 * end, unless forced: the refusal says why. Only after a flaw nobody is started either.
 */
export async function compareSustainers(sql: postgres.TransactionSql, run: Place, { provider, flaw, force }: Judged) {
  await sql.unsafe(BY_HASH)
  await followMerges(sql, run)
  const staged = await countStaged(sql, run)
  const current = await countCurrent(sql, run)
  const missing = await findMissing(sql, run)
  const refusal = force ? null : refusalOf({ flaw, staged, current, ending: missing.length })
  const started = flaw !== null && !force ? [] : await start(sql, run)
  const ended = refusal !== null ? [] : await end(sql, run, missing)
  await tell(sql, run, [
    ...started.map(contact_id => ({
      action: 'contact.sustainer_started',
      contact_id,
      after: { connection_id: run.connection_id, provider },
    })),
    ...ended.map(contact_id => ({
      action: 'contact.sustainer_ended',
      contact_id,
      before: { connection_id: run.connection_id, provider },
    })),
  ])
  const counts = {
    ...staged,
    started: started.length,
    ended: ended.length,
    ...(refusal !== null && { would_end: missing.length }),
  }
  return { counts, refusal }
}

/**
 * Whole sets are compared with whole sets, in a time that grows with them. While the statistics of these tables are old, the planner takes
 * a hundred thousand of each for one, and would look each up among all others (never done after minutes; so it takes 3 s).
 */
const BY_HASH = 'set local enable_nestloop = off'

function refusalOf({ flaw, staged, current, ending }: { flaw: string | null; staged: Staged; current: number; ending: number }) {
  const forced = 'If this is right, start a run with force.'
  if (flaw !== null) return `Not everybody was read, so nobody was changed. ${flaw} ${ending} of ${current} would end. ${forced}`
  if (ending === 0) return null
  if (staged.sustaining === staged.unknown)
    return `The CRM names nobody who is known here, and ${current} sustain. Nobody was ended. ${forced}`
  const most = Math.max(MOST, current * MOST_SHARE)
  if (ending <= most) return null
  return `${ending} of ${current} would end, which is more than ${MOST} and more than 5 %. Nobody was ended. ${forced}`
}

/** So many may end in one week without anybody being asked, or this share of them if that is more. */
const MOST = 10
const MOST_SHARE = 0.05

/** Whoever was merged since the last sync hands what they have on: the survivor sustains. */
async function followMerges(sql: Sql, { workspace_id, connection_id }: Place) {
  await sql`
    with merged as (
      delete from crm_sustainers s
       using contacts c
       where s.workspace_id = ${workspace_id} and s.connection_id = ${connection_id}
         and c.workspace_id = ${workspace_id} and c.id = s.contact_id and c.merged_into is not null
      returning c.merged_into as contact_id, s.since, s.ended_at
    )
    insert into crm_sustainers as t (workspace_id, connection_id, contact_id, since, ended_at)
    select ${workspace_id}, ${connection_id}, contact_id, coalesce(min(since) filter (where ended_at is null), min(since)),
           case when bool_and(ended_at is not null) then max(ended_at) end
      from merged
     group by contact_id
    on conflict (workspace_id, connection_id, contact_id) do update
       set since    = case when (t.ended_at is null) = (excluded.ended_at is null) then least(t.since, excluded.since)
                           when t.ended_at is null then t.since else excluded.since end,
           ended_at = case when t.ended_at is not null and excluded.ended_at is not null then greatest(t.ended_at, excluded.ended_at) end`
}

/** `unknown`: who sustains there and is linked with nobody here. */
async function countStaged(sql: Sql, { workspace_id, id, connection_id }: Place): Promise<Staged> {
  const [staged] = await sql<Staged[]>`
    select count(*)::int as read, count(*) filter (where r.sustains)::int as sustaining,
           count(*) filter (where r.sustains and l.contact_id is null)::int as unknown
      from crm_sustainer_reads r
      left join crm_links l on l.workspace_id = ${workspace_id} and l.connection_id = ${connection_id} and l.external_id = r.external_id
     where r.workspace_id = ${workspace_id} and r.run_id = ${id}`
  return staged!
}

async function countCurrent(sql: Sql, { workspace_id, connection_id }: Place): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count
      from crm_sustainers
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and ended_at is null`
  return row!.count
}

async function findMissing(sql: Sql, run: Place): Promise<number[]> {
  const rows = await sql<{ contact_id: number }[]>`
    select s.contact_id
      from crm_sustainers s
     where s.workspace_id = ${run.workspace_id} and s.connection_id = ${run.connection_id} and s.ended_at is null
       and not exists (select from (${named(sql, run)}) n where n.contact_id = s.contact_id)`
  return rows.map(row => row.contact_id)
}

async function start(sql: Sql, run: Place): Promise<number[]> {
  const rows = await sql<{ contact_id: number }[]>`
    insert into crm_sustainers as s (workspace_id, connection_id, contact_id)
    select distinct ${run.workspace_id}::int, ${run.connection_id}::int, n.contact_id from (${named(sql, run)}) n
    on conflict (workspace_id, connection_id, contact_id) do update set since = now(), ended_at = null where s.ended_at is not null
    returning contact_id`
  return rows.map(row => row.contact_id)
}

/** The contacts whom the read names, as those that they were merged into. */
function named(sql: Sql, { workspace_id, id, connection_id }: Place) {
  return sql`
    select coalesce(m.merged_into, l.contact_id) as contact_id
      from crm_sustainer_reads r
      join crm_links l on l.workspace_id = ${workspace_id} and l.connection_id = ${connection_id} and l.external_id = r.external_id
      left join contacts m on m.workspace_id = ${workspace_id} and m.id = l.contact_id and m.merged_into is not null
     where r.workspace_id = ${workspace_id} and r.run_id = ${id} and r.sustains`
}

async function end(sql: Sql, { workspace_id, connection_id }: Place, missing: number[]): Promise<number[]> {
  const rows = await sql<{ contact_id: number }[]>`
    update crm_sustainers
       set ended_at = now()
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and contact_id = any(${missing}::int[]) and ended_at is null
    returning contact_id`
  return rows.map(row => row.contact_id)
}

async function tell(sql: Sql, { workspace_id, connection_id }: Place, changes: Omit<NewActivity, 'actor' | 'subject_id'>[]) {
  for (let from = 0; from < changes.length; from += CHUNK) {
    const some = changes.slice(from, from + CHUNK).map(change => ({ ...change, actor: BY_SYNC, subject_id: connection_id }))
    await recordActivities(sql, workspace_id, some)
  }
}
