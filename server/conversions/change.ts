import type postgres from 'postgres'
import type { Conversion } from '../../shared/conversions.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'
import { findConversion } from './find.ts'
import { readImages } from './image.ts'
import { settle } from './settle.ts'

/** What becomes of a conversion: its columns (money as text), and what the activity says. null: nothing. */
export type Change = {
  action: string
  columns: Partial<Record<keyof Conversion, unknown>>
  before: Record<string, unknown>
  after: Record<string, unknown>
} | null

/** Changes one conversion as `decide` says of what it is now, and lets every total follow. Throws `not_found`, and what `decide` throws. */
export async function changeConversion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
  decide: (now: Conversion) => Change | Promise<Change>,
): Promise<Conversion> {
  await lockIdentity(sql, [workspace_id])
  const now = await findConversion(sql, workspace_id, id)
  const change = await decide(now)
  if (change === null) return now
  const { action, columns, ...said } = change
  const before = await readImages(sql, [{ workspace_id, id }])
  await sql`
    update conversions n
       set (contact_id, lead_id, type, value, refunded, currency, status, order_id, booking_id, is_test, converted_at, data, updated_at) = (
           select p.contact_id, p.lead_id, p.type, p.value, p.refunded, p.currency, p.status, p.order_id, p.booking_id, p.is_test,
                  p.converted_at, p.data, greatest(date_trunc('milliseconds', clock_timestamp()), n.updated_at + interval '1 millisecond')
             from jsonb_populate_record(n, ${JSON.stringify(columns)}::text::jsonb) p)
     where n.workspace_id = ${workspace_id} and n.id = ${id}`
  const after = await readImages(sql, [{ workspace_id, id }])
  const { contact_id, visitor_id } = after[0]!
  await recordActivities(sql, workspace_id, [{ action, actor, contact_id, visitor_id, subject_id: id, ...said }])
  await settle(sql, before, after, actor)
  return findConversion(sql, workspace_id, id)
}
