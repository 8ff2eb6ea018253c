import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'

/** Whose time is offered: one person's, that of a pool, or of everybody who works here. Throws `invalid_fields`. */
export async function peopleToBook(
  sql: Sql,
  workspace_id: number,
  { user_id, pool_id }: { user_id?: number | undefined; pool_id?: number | null | undefined },
): Promise<number[]> {
  const members = sql`select user_id from memberships where workspace_id = ${workspace_id}`
  const rows =
    user_id === undefined && typeof pool_id === 'number'
      ? await sql<{ user_id: number | null }[]>`
          select m.user_id
            from pools p
            left join pool_members m on m.workspace_id = p.workspace_id and m.pool_id = p.id and m.user_id in (${members})
           where p.workspace_id = ${workspace_id} and p.id = ${pool_id}`
      : await sql<{ user_id: number }[]>`${members} ${user_id === undefined ? sql`` : sql`and user_id = ${user_id}`}`
  if (user_id !== undefined && rows.length === 0) {
    throw refuse('invalid_fields', { fields: { user_id: 'must be a user of this workspace' } })
  }
  if (typeof pool_id === 'number' && rows.length === 0) {
    throw refuse('invalid_fields', { fields: { pool_id: 'is no pool of this workspace' } })
  }
  return rows.flatMap(row => row.user_id ?? [])
}
