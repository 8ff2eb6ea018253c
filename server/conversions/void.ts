import type postgres from 'postgres'
import type { Conversion } from '../../shared/conversions.ts'
import type { Actor } from '../../shared/shape.ts'
import { changeConversion } from './change.ts'

/** It was entered by mistake: it stays in the list, and counts nowhere. */
export function voidConversion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<Conversion> {
  return changeConversion(sql, workspace_id, id, actor, now =>
    now.status === 'void'
      ? null
      : { action: 'conversion.voided', columns: { status: 'void' }, before: { status: now.status }, after: { status: 'void' } },
  )
}

/** It was none after all: everything is as it was before. */
export function restoreConversion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<Conversion> {
  return changeConversion(sql, workspace_id, id, actor, now => {
    if (now.status !== 'void') return null
    const status = statusOf(now)
    return { action: 'conversion.restored', columns: { status }, before: { status: 'void' }, after: { status } }
  })
}

/** Of one that is not void. */
export function statusOf({ value, refunded }: Pick<Conversion, 'value' | 'refunded'>): 'active' | 'refunded' {
  return refunded > 0 && refunded === value ? 'refunded' : 'active'
}
