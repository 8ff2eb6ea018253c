import type postgres from 'postgres'
import type { Invitation, InvitationCreate, InvitationSent } from '../../../shared/users.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { isAddress } from '../../mail/address.ts'
import { sealLink } from '../../mail/link.ts'
import { sendMail } from '../../mail/mail.ts'
import type { Caller } from '../authenticate.ts'
import { hashOf, newToken } from '../secrets.ts'
import { requireGivable, requireReach } from './give.ts'

type Asked = { caller: Caller; config: Config }

const DAYS = 7
const MOST_OPEN = 200

/** As the system's role, which may ask who is a member already. Throws `invalid_fields`, `forbidden`, `already_exists`. */
export async function invite(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { email: given, ...wanted }: InvitationCreate,
  { caller, config }: Asked,
): Promise<InvitationSent> {
  const email = given.trim().toLowerCase()
  if (!isAddress(email)) throw refuse('invalid_fields', { fields: { email: 'must be an e-mail address' } })
  const { role, role_id } = await requireGivable(sql, workspace_id, caller, wanted)
  await requireNew(sql, workspace_id, email)
  const token = newToken()
  const [row] = await sql<{ id: number }[]>`
    insert into invitations (workspace_id, email, role, role_id, token_hash, invited_by, expires_at)
    values (${workspace_id}, ${email}, ${role}, ${role_id}, ${hashOf(token)}, ${JSON.stringify(caller.actor)}::text::jsonb,
            now() + ${DAYS} * interval '1 day')
        on conflict (workspace_id, email) where accepted_at is null and withdrawn_at is null do nothing
    returning id`
  if (!row) throw refuse('already_exists', { fields: { email: 'was invited already: send that invitation again' } })
  await recordActivities(sql, workspace_id, [
    { action: 'invitation.created', actor: caller.actor, subject_id: row.id, after: { email, role, role_id } },
  ])
  return post(sql, workspace_id, row.id, token, { caller, config })
}

/** A new link by a new mail; the one before leads nowhere any more. Throws `not_found`, `forbidden`. */
export async function sendAgain(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { caller, config }: Asked,
): Promise<InvitationSent> {
  const invitation = await lockOpen(sql, workspace_id, id)
  await requireReach(sql, workspace_id, caller, invitation)
  const token = newToken()
  await sql`
    update invitations
       set token_hash = ${hashOf(token)}, sent_at = now(), expires_at = now() + ${DAYS} * interval '1 day'
     where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'invitation.sent_again', actor: caller.actor, subject_id: id, after: { email: invitation.email } },
  ])
  return post(sql, workspace_id, id, token, { caller, config })
}

/** Its link leads nowhere any more. Throws `not_found`. */
export async function withdraw(sql: postgres.TransactionSql, workspace_id: number, id: number, caller: Caller): Promise<void> {
  const { email, role, role_id } = await lockOpen(sql, workspace_id, id)
  await sql`update invitations set withdrawn_at = now() where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'invitation.withdrawn', actor: caller.actor, subject_id: id, before: { email, role, role_id } },
  ])
}

/** The open ones, the newest first, also those that ran out: they can be sent again. */
export async function listInvitations(sql: Sql, workspace_id: number): Promise<{ data: Invitation[] }> {
  return { data: [...(await readOpen(sql, workspace_id))] }
}

/** The open invitation of an e-mail in a workspace, by whatever way somebody proved that it is theirs; undefined when there is none. */
export async function invitationFor(sql: Sql, email: string) {
  return sql<{ workspace_id: number; id: number }[]>`
    select workspace_id, id
      from invitations
     where email = ${email.trim().toLowerCase()} and accepted_at is null and withdrawn_at is null and expires_at > now()
     order by workspace_id`
}

/**
 * Whoever reads the mails of the workspace sees it without the link: that may make somebody more than they are. Whoever invites gets the link only
 * where no mail can be sent: with it they could come in as the one whom they invited.
 */
async function post(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  token: string,
  { caller, config }: Asked,
): Promise<InvitationSent> {
  const [invitation] = await readOpen(sql, workspace_id, id)
  const [workspace] = await sql<{ name: string }[]>`select name from workspaces where id = ${workspace_id}`
  const url = `${config.public_url.replace(/\/$/, '')}/invitation?token=${token}`
  const by = caller.actor.name ?? 'Somebody'
  await sendMail(sql, workspace_id, [
    {
      to: invitation!.email,
      subject: `Invitation to ${workspace!.name}`,
      body: `Hello,\n\n${by} invites you to work in ${workspace!.name}.\n\nOpen this within ${DAYS} days; it can be used once:\n[link]\n\nIf you do not know what this is about, ignore it.\n`,
      about: `invitation ${id}`,
      sealed_link: sealLink(config, invitation!.email, url),
    },
  ])
  return { ...invitation!, url: config.smtp_url === undefined ? url : null }
}

async function requireNew(sql: Sql, workspace_id: number, email: string) {
  const [member] = await sql`
    select from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id} and u.email = ${email}`
  if (member) throw refuse('already_exists', { fields: { email: 'is the e-mail of a member already' } })
  const [open] = await sql<{ count: number }[]>`
    select count(*)::int as count from invitations
     where workspace_id = ${workspace_id} and accepted_at is null and withdrawn_at is null`
  if (open!.count >= MOST_OPEN)
    throw refuse('invalid_fields', { fields: { email: `is one too many: at most ${MOST_OPEN} invitations are open at a time` } })
}

async function lockOpen(sql: Sql, workspace_id: number, id: number) {
  const [row] = await sql<Pick<Invitation, 'email' | 'role' | 'role_id'>[]>`
    select email, role, role_id
      from invitations
     where workspace_id = ${workspace_id} and id = ${id} and accepted_at is null and withdrawn_at is null
       for update`
  if (!row) throw refuse('not_found')
  return row
}

function readOpen(sql: Sql, workspace_id: number, id: number | null = null) {
  return sql<Invitation[]>`
    select id, email, role, role_id, invited_by ->> 'name' as invited_by, created_at, sent_at, expires_at
      from invitations
     where workspace_id = ${workspace_id} and accepted_at is null and withdrawn_at is null
       and (${id}::int is null or id = ${id}::int)
     order by id desc`
}
