import type postgres from 'postgres'
import type { Conversion, RefundCreate } from '../../shared/conversions.ts'
import type { Actor } from '../../shared/shape.ts'
import { refuse } from '../errors.ts'
import { changeConversion } from './change.ts'
import { centsOf, inUnits } from './money.ts'

/**
 * Takes money back out of a conversion: a part of it, or all that is left. It still happened, so it goes on being counted; only its
 * worth goes down. Throws `invalid_fields` for more than is left.
 */
export function refundConversion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { amount, reason }: RefundCreate,
  actor: Actor,
): Promise<Conversion> {
  return changeConversion(sql, workspace_id, id, actor, now => {
    if (now.status === 'void') throw refuse('conflict', { message: 'This conversion is void. Restore it first.' })
    const [value, refunded] = [centsOf(now.value)!, centsOf(now.refunded)!]
    const left = value - refunded
    const back = amount === undefined ? left : centsOf(amount)
    if (back === undefined) throw refuse('invalid_fields', { fields: { amount: 'may have two decimals' } })
    if (left === 0) throw refuse('invalid_fields', { fields: { amount: 'nothing is left to refund' } })
    if (back > left) throw refuse('invalid_fields', { fields: { amount: `must be at most ${inUnits(left)}: that is left` } })
    const status = back === left ? 'refunded' : 'active'
    const sum = inUnits(refunded + back)
    return {
      action: 'conversion.refunded',
      columns: { refunded: sum, status },
      before: { refunded: now.refunded, status: now.status },
      after: { refunded: Number(sum), status, amount: back / 100, currency: now.currency, reason: reason ?? null },
    }
  })
}
