import type { Transfer, TransfersQuery } from '../../shared/transfers.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { paceColumns, paceOf } from '../queue/pace.ts'

/** The newest first. `user_id` is who asks, if it is a person. */
export async function listTransfers(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, kind, state, unseen }: TransfersQuery,
  user_id: number | null,
) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await readTransfers(
    sql,
    workspace_id,
    sql`
       ${before === undefined ? sql`` : sql`and t.id < ${before}`}
       ${kind === undefined ? sql`` : sql`and t.kind = ${kind}`}
       ${state === undefined ? sql`` : sql`and t.state = ${state}`}
       ${unseen ? sql`and t.user_id = ${user_id ?? 0} and t.seen_at is null and t.ended_at is not null` : sql``}
     order by t.id desc
     limit ${limit + 1}`,
  )
  return pageOf(rows, limit, last => [last.id])
}

/** Throws `not_found`. */
export async function findTransfer(sql: Sql, workspace_id: number, id: number): Promise<Transfer> {
  const [transfer] = await readTransfers(sql, workspace_id, sql`and t.id = ${id}`)
  if (!transfer) throw refuse('not_found')
  return transfer
}

function readTransfers(sql: Sql, workspace_id: number, rest: ReturnType<Sql>) {
  return sql<Transfer[]>`
    select t.id, t.kind, t.name, t.step, t.state, t.total, t.done, t.counts, ${paceColumns(sql, 't')}, t.error, t.actor, t.created_at, t.started_at, t.ended_at, t.seen_at
      from transfers t
      ${paceOf(sql, 't')}
     where t.workspace_id = ${workspace_id} ${rest}`
}
