import type { CrmRun, CrmRunMember, CrmRunMembersQuery, CrmRunsQuery } from '../../../shared/crm.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'

/** The newest first. */
export async function listRuns(sql: Sql, workspace_id: number, { limit = 50, cursor, kind, connection_id }: CrmRunsQuery) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await readRuns(
    sql,
    workspace_id,
    sql`
       ${before === undefined ? sql`` : sql`and r.id < ${before}`}
       ${kind === undefined ? sql`` : sql`and r.kind = ${kind}`}
       ${connection_id === undefined ? sql`` : sql`and r.connection_id = ${connection_id}`}
     order by r.id desc
     limit ${limit + 1}`,
  )
  return pageOf(rows, limit, last => [last.id])
}

/** Throws `not_found`. */
export async function findRun(sql: Sql, workspace_id: number, id: number): Promise<CrmRun> {
  const [run] = await readRuns(sql, workspace_id, sql`and r.id = ${id}`)
  if (!run) throw refuse('not_found')
  return run
}

/** The members of a run, by their number, with name and e-mail of whom they are a part of now. Those in one state through its own index. */
export async function listRunMembers(
  sql: Sql,
  workspace_id: number,
  run_id: number,
  { limit = 50, cursor, state }: CrmRunMembersQuery,
) {
  const [after] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<CrmRunMember[]>`
    select m.contact_id, c.name, c.email, m.old_id, m.state, m.external_id, m.message, m.checked_at
      from crm_run_members m
      join contacts own on own.workspace_id = m.workspace_id and own.id = m.contact_id
      join contacts c on c.workspace_id = m.workspace_id and c.id = own.whole_id
     where m.workspace_id = ${workspace_id} and m.run_id = ${run_id} and m.contact_id > ${after ?? 0}
       ${state === undefined ? sql`` : sql`and m.state = ${state}`}
     order by m.contact_id
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.contact_id])
}

/** Speed and time left are of this beginning: a night between stop and resume says nothing of them. */
async function readRuns(sql: Sql, workspace_id: number, rest: ReturnType<Sql>) {
  return sql<CrmRun[]>`
    select r.id, r.kind, r.connection_id, c.name as connection, r.from_connection_id, f.name as from_connection, r.state, r.total, r.done,
           r.counts, s.per_second,
           case when r.state = 'running' then ceil(greatest(r.total - r.done, 0) / nullif(s.per_second, 0))::int end as seconds_left,
           r.error, r.actor, r.created_at, r.started_at, r.ended_at
      from crm_runs r
      join crm_connections c on c.workspace_id = r.workspace_id and c.id = r.connection_id
      left join crm_connections f on f.workspace_id = r.workspace_id and f.id = r.from_connection_id
     cross join lateral (
       select round((r.done - r.started_done)
                    / nullif(extract(epoch from coalesce(r.ended_at, clock_timestamp()) - r.started_at), 0), 2)::float8 as per_second) s
     where r.workspace_id = ${workspace_id} ${rest}`
}
