import type postgres from 'postgres'

/**
 * By name, e-mail and id; a name that two of them have is nobody's. People stand outside of the tenants, so they are read as the system, of this
 * workspace alone.
 */
export async function readMembers(sql: postgres.Sql, workspace_id: number): Promise<Map<string, number>> {
  const rows = await sql<{ id: number; email: string; name: string }[]>`
    select u.id, lower(u.email) as email, lower(trim(u.name)) as name
      from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id}`
  const named = rows.filter(({ name }) => rows.filter(other => other.name === name).length === 1)
  return new Map([
    ...named.map(({ id, name }) => [name, id] as const),
    ...rows.flatMap(({ id, email }) => [[email, id] as const, [String(id), id] as const]),
  ])
}
