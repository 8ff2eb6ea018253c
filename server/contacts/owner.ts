import type postgres from 'postgres'
import { refuse } from '../errors.ts'

/** Who owns a contact works in its workspace. */
export async function requireMember(sql: postgres.TransactionSql, workspace_id: number, user_id: number | null | undefined) {
  if (user_id === null || user_id === undefined) return
  const [member] = await sql`select from memberships where workspace_id = ${workspace_id} and user_id = ${user_id}`
  if (!member) throw refuse('invalid_fields', { fields: { owner_id: 'must be a user of this workspace' } })
}
