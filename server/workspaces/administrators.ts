import type { Sql } from '../database/connect.ts'

/** The e-mails of owners and admins: whom to tell what concerns the workspace itself. As the system's role: users stand outside of the tenants. */
export async function administrators(sql: Sql, workspace_id: number): Promise<string[]> {
  const rows = await sql<{ email: string }[]>`
    select u.email
      from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id} and m.role in ('owner', 'admin')
     order by u.email`
  return rows.map(({ email }) => email)
}
