import type postgres from 'postgres'
import type { TSchema } from 'typebox'
import type { Sql } from '../../database/connect.ts'

export type Fragment = postgres.Fragment

/** Where a rule is asked: in one workspace, of everybody or of some contacts. */
export type Asking = {
  sql: Sql
  workspace_id: number
  /** `and <column> = any(...)`, or nothing when it is of everybody: for sets that a condition collects, as events of somebody. */
  among(column: string): Fragment
}

/** One kind of rule: its shape, and what it means. */
export type Kind<R> = {
  shape: TSchema
  /** What the shape cannot say: field -> sentence. */
  check?(rule: R): Record<string, string>
  /** The condition on a contact `c`. Made of parameters only, and never fails, whatever is stored. */
  holds(asking: Asking, rule: R): Fragment
  /** The ids of all contacts (`contact_id`) whose answer may have become another one since `since` only because time passed. */
  turns?(asking: Asking, rule: R, since: string): Fragment | undefined
}
