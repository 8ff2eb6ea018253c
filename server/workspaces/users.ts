import type postgres from 'postgres'
import type { Role } from '../../shared/workspaces.ts'
import { recordActivities } from '../activities/record.ts'
import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { hashPassword } from './passwords.ts'

export type NewUser = { email: string; name: string; workspace_id: number; role: Role; password?: string }

/** Makes somebody a member of a workspace, and a user first if nobody has this e-mail. A known user keeps name and password. */
export async function createUser(database: Database, { email, name, workspace_id, role, password }: NewUser) {
  const password_hash = password === undefined ? null : await hashPassword(password)
  return database.system.begin(async sql => {
    const [workspace] = await sql`select from workspaces where id = ${workspace_id}`
    if (!workspace) throw refuse('not_found', { message: `There is no workspace ${workspace_id}.` })
    const user_id = await findOrAddUser(sql, { email, name, password_hash })
    await addMember(sql, workspace_id, { user_id, email, role })
    return { user_id, email: email.trim().toLowerCase(), name, workspace_id, role }
  })
}

/** All of these run as the system's role: users stand outside of the tenants. */
export async function addUser(sql: postgres.TransactionSql, user: { email: string; name: string; password_hash: string | null }) {
  const [row] = await sql<{ id: number }[]>`
    insert into users (email, name, password_hash)
    values (${user.email.trim().toLowerCase()}, ${user.name.trim()}, ${user.password_hash})
        on conflict (email) do nothing
    returning id`
  return row?.id
}

export async function addMember(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { user_id, email, role }: { user_id: number; email: string; role: Role },
) {
  await sql`
    insert into memberships (workspace_id, user_id, role)
    values (${workspace_id}, ${user_id}, ${role})
        on conflict (workspace_id, user_id) do update set role = excluded.role`
  await recordActivities(sql, workspace_id, [
    {
      action: 'member.added',
      actor: { kind: 'system', id: null, name: null },
      subject_id: user_id,
      after: { email: email.trim().toLowerCase(), role },
    },
  ])
}

async function findOrAddUser(sql: postgres.TransactionSql, user: { email: string; name: string; password_hash: string | null }) {
  const added = await addUser(sql, user)
  if (added !== undefined) return added
  const [known] = await sql<{ id: number }[]>`select id from users where email = ${user.email.trim().toLowerCase()}`
  return known!.id
}
