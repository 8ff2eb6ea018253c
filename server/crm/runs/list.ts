import type { CrmRun, CrmRunMember, CrmRunMembersQuery, CrmRunsQuery } from '../../../shared/crm.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { paceColumns, paceOf } from '../../queue/pace.ts'

/** The newest first. `user_id` is who asks, if it is a person. */
export async function listRuns(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, kind, connection_id, state, unseen }: CrmRunsQuery,
  user_id: number | null,
) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await readRuns(
    sql,
    workspace_id,
    sql`
       ${before === undefined ? sql`` : sql`and r.id < ${before}`}
       ${kind === undefined ? sql`` : sql`and r.kind = ${kind}`}
       ${connection_id === undefined ? sql`` : sql`and r.connection_id = ${connection_id}`}
       ${state === undefined ? sql`` : sql`and r.state = ${state}`}
       ${unseen ? sql`and ${isTheirs(sql, user_id)} and r.seen_at is null and r.state <> 'running'` : sql``}
     order by r.id desc
     limit ${limit + 1}`,
  )
  return pageOf(rows, limit, last => [last.id])
}

/** Of whom it was asked for; of anybody else nothing changes. Throws `not_found`. */
export async function seeRun(sql: Sql, workspace_id: number, id: number, user_id: number | null): Promise<CrmRun> {
  await sql`
    update crm_runs r
       set seen_at = now()
     where r.workspace_id = ${workspace_id} and r.id = ${id} and r.seen_at is null and r.state <> 'running' and ${isTheirs(sql, user_id)}`
  return findRun(sql, workspace_id, id)
}

function isTheirs(sql: Sql, user_id: number | null) {
  return sql`r.actor ->> 'kind' = 'user' and (r.actor ->> 'id')::int = ${user_id ?? 0}`
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

async function readRuns(sql: Sql, workspace_id: number, rest: ReturnType<Sql>) {
  return sql<CrmRun[]>`
    select r.id, r.kind, r.connection_id, c.name as connection, r.from_connection_id, f.name as from_connection, r.state, r.total, r.done,
           r.counts, ${paceColumns(sql, 'r')}, r.error, r.actor, r.created_at, r.started_at, r.ended_at, r.seen_at
      from crm_runs r
      join crm_connections c on c.workspace_id = r.workspace_id and c.id = r.connection_id
      left join crm_connections f on f.workspace_id = r.workspace_id and f.id = r.from_connection_id
      ${paceOf(sql, 'r')}
     where r.workspace_id = ${workspace_id} ${rest}`
}
