import type { Sql } from '../../database/connect.ts'
import type { Member } from './access.ts'

/** What somebody is in a workspace now; undefined for who is no member of it. */
export async function readMember(sql: Sql, workspace_id: number, user_id: number): Promise<Member | undefined> {
  const [member] = await sql<Member[]>`
    select m.user_id, ${memberColumns(sql)}
      from memberships m
      left join roles r on r.workspace_id = m.workspace_id and r.id = m.role_id
     where m.workspace_id = ${workspace_id} and m.user_id = ${user_id}`
  return member
}

/** Of memberships `m` with their roles `r`. */
export function memberColumns(sql: Sql) {
  return sql`
    m.role, r.permissions, r.masks,
    exists(select from teams where workspace_id = m.workspace_id) as has_teams,
    array(select b.user_id
            from team_members a
            join team_members b on b.workspace_id = a.workspace_id and b.team_id = a.team_id
           where a.workspace_id = m.workspace_id and a.user_id = m.user_id) as team`
}
