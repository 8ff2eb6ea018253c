import { createHash } from 'node:crypto'
import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import { refuse } from '../../errors.ts'
import { hashOf, newToken } from '../../workspaces/secrets.ts'
import { openStaffRow } from '../staff/open-row.ts'
import { writeFeed } from './ics.ts'
import { hostEntry } from './letters.ts'
import { type Links, readHosts, readOccasions } from './occasion.ts'

/** Gives somebody's private calendar an address; the one of before ends. The address is in this answer and nowhere else. Throws `not_found`. */
export async function makeFeed(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  public_url: string,
  actor: Actor,
): Promise<{ url: string }> {
  await openStaffRow(sql, workspace_id, user_id)
  const token = newToken()
  await sql`
    update staff set feed_hash = ${hashOf(token)} where workspace_id = ${workspace_id} and user_id = ${user_id}`
  await recordActivities(sql, workspace_id, [{ action: 'staff.feed_made', actor, subject_id: user_id }])
  return { url: `${public_url}/calendar/${token}.ics` }
}

/** Whoever reads the calendar finds nothing from now on. Throws `not_found`. */
export async function removeFeed(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  actor: Actor,
): Promise<void> {
  const { count } = await sql`
    update staff
       set feed_hash = null
     where workspace_id = ${workspace_id} and user_id = ${user_id} and feed_hash is not null`
  if (count === 0) throw refuse('not_found', { message: 'This person has no calendar address.' })
  await recordActivities(sql, workspace_id, [{ action: 'staff.feed_removed', actor, subject_id: user_id }])
}

/** More is no calendar that a program reads every quarter of an hour. */
const MOST = 5000

/**
 * The calendar behind a token: what the person has in this workspace, from 30 days ago to 180 days ahead, with a tag that changes with
 * it. Looked up without a tenant, because the token is what tells it; as the system's role. Undefined for a token that is none, or of
 * somebody who left.
 */
export async function readFeed(
  system: postgres.Sql,
  token: string,
  links: Links,
): Promise<{ text: string; etag: string } | undefined> {
  const [found] = await system<{ workspace_id: number; user_id: number; workspace_name: string }[]>`
    select s.workspace_id, s.user_id, w.name as workspace_name
      from staff s
      join workspaces w on w.id = s.workspace_id
     where s.feed_hash = ${hashOf(token)}`
  if (!found) return undefined
  const { workspace_id, user_id, workspace_name } = found
  const hosts = await readHosts(system, workspace_id, [user_id])
  if (!hosts.has(user_id)) return undefined
  const rows = await system<{ id: number }[]>`
    select id
      from appointments
     where workspace_id = ${workspace_id} and assigned_to = ${user_id} and status not in ('held', 'cancelled')
       and scheduled_at > now() - interval '30 days' and scheduled_at < now() + interval '180 days'
     order by scheduled_at, id
     limit ${MOST}`
  const ids = rows.map(({ id }) => id)
  const known = await readOccasions(system, workspace_id, ids, [], links)
  const occasions = ids.flatMap(id => known.get(id)?.occasion ?? [])
  const entries = occasions.map(occasion => hostEntry(occasion, occasion.is_pending ? 'pending' : 'sure'))
  const text = writeFeed(workspace_name, entries)
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}
