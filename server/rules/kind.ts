import type postgres from 'postgres'
import type { TSchema } from 'typebox'
import type { Sql } from '../database/connect.ts'

export type Fragment = postgres.Fragment

/** Where a rule is asked: in one workspace, of everybody or of some contacts. */
export type Asking = {
  sql: Sql
  workspace_id: number
  /** Of whom; undefined: of everybody. */
  contact_ids?: number[]
}

/** `and <column> = any(...)`, or nothing when it is of everybody: for sets that a condition collects, as those who did something. */
export function among({ sql, contact_ids }: Asking, column: string): Fragment {
  return contact_ids === undefined ? sql`` : sql`and ${sql(column)} = any(${contact_ids}::int[])`
}

/**
 * Whether a contact `c` is in a set. Of some contacts the set is small and is kept in a hash table, which `is true` makes sure of: a join would be
 * planned by what the planner believes of everybody.
 */
export function isIn({ sql, contact_ids }: Asking, set: Fragment): Fragment {
  return contact_ids === undefined ? sql`c.id in (${set})` : sql`(c.id in (${set})) is true`
}

/** Whether a contact `c`, or one that is part of it, has a row `m` of a table that is of contacts. */
export function hasAny(asking: Asking, has: boolean, table: 'leads' | 'contact_tags', which: Fragment): Fragment {
  const { sql, workspace_id } = asking
  const theirs = isIn(
    asking,
    sql`
        select o.whole_id
          from contacts o
          join ${sql(table)} m on m.workspace_id = o.workspace_id and m.contact_id = o.id
         where o.workspace_id = ${workspace_id} ${among(asking, 'o.whole_id')} ${which}`,
  )
  return has ? theirs : sql`not (${theirs})`
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
