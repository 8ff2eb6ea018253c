import type { Bulk, BulkRow, BulkRowsQuery } from '../../../shared/bulk.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { findTransfer } from '../list.ts'
import type { BulkSettings } from './action.ts'
import { actionOf } from './actions.ts'

/** Throws `not_found`. */
export async function findBulk(sql: Sql, workspace_id: number, id: number): Promise<Bulk> {
  const transfer = await findTransfer(sql, workspace_id, id)
  const { of, action, undo_of = null, undone_by = null } = await readSettings(sql, workspace_id, id)
  const has_way_back = actionOf({ of, action }).revert !== undefined && transfer.step === 'write'
  const can_undo = has_way_back && undone_by === null && transfer.state !== 'running' && (transfer.counts.done ?? 0) > 0
  return { ...transfer, of, action: undo_of === null ? action : 'undo', undo_of, undone_by, can_undo }
}

/** Throws `not_found`. */
export async function readSettings(sql: Sql, workspace_id: number, id: number): Promise<BulkSettings> {
  const [row] = await sql<{ settings: BulkSettings }[]>`
    select settings from transfers where workspace_id = ${workspace_id} and id = ${id} and kind = 'bulk'`
  if (!row) throw refuse('not_found')
  return row.settings
}

/** What became of each record, in their order, with the name and e-mail of whom it is of now. */
export async function listBulkRows(sql: Sql, workspace_id: number, id: number, { limit = 50, cursor, state }: BulkRowsQuery) {
  const [after] = readCursor(cursor, 'integer') ?? []
  const { of } = await readSettings(sql, workspace_id, id)
  const whose =
    of === 'contacts'
      ? sql`select b.record_id::int as contact_id`
      : sql`select l.contact_id from leads l where l.workspace_id = b.workspace_id and l.id = b.record_id limit 1`
  const rows = await sql<BulkRow[]>`
    select b.position, b.record_id, c.id as contact_id, c.name, c.email, b.state, b.reason
      from bulk_rows b
      left join lateral (${whose}) w on true
      left join lateral (
           select c.id, c.name, c.email
             from contacts o
             join contacts c on c.workspace_id = o.workspace_id and c.id = o.whole_id
            where o.workspace_id = b.workspace_id and o.id = w.contact_id
            limit 1) c on true
     where b.workspace_id = ${workspace_id} and b.transfer_id = ${id} and b.position > ${after ?? 0}
       ${state === undefined ? sql`` : sql`and b.state = ${state}`}
     order by b.position
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.position])
}
