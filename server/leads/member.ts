import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/** Who has a lead or a task works in its workspace. */
export async function requireMember(sql: Sql, workspace_id: number, user_id: number | null | undefined): Promise<void> {
  if (user_id === null || user_id === undefined) return
  await requireMembers(sql, workspace_id, [user_id], 'assigned_to')
}

export async function requireMembers(sql: Sql, workspace_id: number, user_ids: number[], field: string): Promise<void> {
  const rows = await sql<{ user_id: number }[]>`
    select user_id from memberships where workspace_id = ${workspace_id} and user_id = any(${user_ids}::int[])`
  const known = new Set(rows.map(row => row.user_id))
  const stranger = user_ids.find(id => !known.has(id))
  if (stranger === undefined) return
  const sentence = field === 'assigned_to' ? 'must be a user of this workspace' : `${stranger} is no user of this workspace`
  throw refuse('invalid_fields', { fields: { [field]: sentence } })
}
