import type postgres from 'postgres'
import type { BulkAction } from '../../../shared/bulk.ts'
import type { Stage } from '../../../shared/contacts.ts'
import type { Actor } from '../../../shared/shape.ts'

/** What an action was begun with. */
export type BulkSettings = {
  of: 'contacts' | 'leads'
  action: BulkAction
  query?: Record<string, unknown>
  names?: string[]
  owner_id?: number | null
  stage?: Stage | null
  status?: string
  lost_reason?: string | null
  undo_of?: number
  undone_by?: number
  dry_run?: boolean
  /** The records are those of its own trial. */
  was_tried?: boolean
}

export type Target = { id: number; before: Record<string, unknown> | null }

/** What became of one record. `before`: what undoing needs to know. */
export type Outcome =
  | { id: number; state: 'done'; before?: Record<string, unknown> }
  | { id: number; state: 'unchanged' }
  | { id: number; state: 'refused'; reason: string }

/** Asks for the erasure of contacts. Given from above: what privacy is, is not known here. */
export type Erase = (sql: postgres.TransactionSql, workspace_id: number, contact_ids: number[], actor: Actor) => Promise<void>

export type Order = {
  sql: postgres.TransactionSql
  workspace_id: number
  settings: BulkSettings
  /** Whose records the one who asked may change; null: everybody's. */
  only_of: number[] | null
  actor: Actor
  erase: Erase
}

/** Of some hundred records at a time, in a constant number of statements; every record is in the answer once. */
export type Action = {
  apply(order: Order, targets: Target[]): Promise<Outcome[]>
  /** Takes back what nobody changed since. Without it, it cannot be undone. */
  revert?: (order: Order, targets: Target[]) => Promise<Outcome[]>
}

export const CHANGED_SINCE = 'Somebody changed this since.'
export const NOT_YOURS = 'Your role changes what is yours.'

export function refused(id: number, reason: string): Outcome {
  return { id, state: 'refused', reason }
}
