import type postgres from 'postgres'
import type { SignOnRefusal } from '../../../shared/account.ts'
import type { OidcConfig } from '../../config.ts'
import { acceptFor } from '../people/accept.ts'
import { invitationFor } from '../people/invitations.ts'
import { addMember, addUser } from '../users.ts'
import type { Identity } from './issuer.ts'

/** Which user somebody from the issuer is, made when they were invited or their domain may come; or why they may not. */
export async function userOf(
  sql: postgres.TransactionSql,
  config: OidcConfig,
  { issuer, subject, email, is_verified, name }: Identity,
): Promise<number | SignOnRefusal> {
  const [known] = await sql<{ user_id: number }[]>`
    select user_id from user_identities where issuer = ${issuer} and subject = ${subject}`
  if (known) return known.user_id
  if (email === null || !is_verified) return 'not_verified'
  const user_id = (await findByEmail(sql, email)) ?? (await addComer(sql, config, { email, name: name ?? email }))
  if (typeof user_id !== 'number') return user_id
  // Nobody is somebody else whose e-mail they were given over there.
  const [is_theirs] = await sql`
    insert into user_identities (issuer, subject, user_id)
    values (${issuer}, ${subject}, ${user_id})
        on conflict (user_id, issuer) do nothing
    returning user_id`
  if (!is_theirs) return 'other_person'
  await closeOtherDoors(sql, user_id)
  return user_id
}

/** Whoever made this account by an invitation need not be who the e-mail belongs to: from here on it is, and their password is gone. */
async function closeOtherDoors(sql: postgres.TransactionSql, user_id: number) {
  await sql`update users set password_hash = null, updated_at = now() where id = ${user_id} and password_hash is not null`
  await sql`delete from user_sessions where user_id = ${user_id}`
  await sql`delete from sign_in_links where user_id = ${user_id}`
}

async function findByEmail(sql: postgres.TransactionSql, email: string) {
  const [user] = await sql<{ id: number }[]>`select id from users where email = ${email}`
  return user?.id
}

/** As what the invitations say, which all are accepted; else as the configured role, when their domain may come. */
async function addComer(
  sql: postgres.TransactionSql,
  { allowed_domains, default_role, default_workspace }: OidcConfig,
  { email, name }: { email: string; name: string },
): Promise<number | SignOnRefusal> {
  const invitations = await invitationFor(sql, email)
  const may_come = default_role !== undefined && allowed_domains.includes(email.slice(email.lastIndexOf('@') + 1))
  if (invitations.length === 0 && !may_come) return 'not_known'
  const [workspace] = await sql<{ id: number }[]>`
    select id from workspaces where ${default_workspace ?? null}::int is null or id = ${default_workspace ?? null} order by id limit 1`
  if (invitations.length === 0 && !workspace) return 'not_known'
  const user_id = await addUser(sql, { email, name, password_hash: null })
  if (user_id === undefined) return 'failed' // made at this very moment: the next try finds them
  for (const invitation of invitations) await acceptFor(sql, invitation, { id: user_id, name })
  if (invitations.length === 0) await addMember(sql, workspace!.id, { user_id, email, role: default_role! })
  return user_id
}
