import type postgres from 'postgres'

/** By e-mail and by id. People stand outside of the tenants, so they are read as the system, of this workspace alone. */
export async function readMembers(sql: postgres.Sql, workspace_id: number): Promise<Map<string, number>> {
  const rows = await sql<{ id: number; email: string }[]>`
    select u.id, lower(u.email) as email from memberships m join users u on u.id = m.user_id where m.workspace_id = ${workspace_id}`
  return new Map(rows.flatMap(({ id, email }) => [[email, id] as const, [String(id), id] as const]))
}
