import type postgres from 'postgres'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import { refuse } from '../errors.ts'
import type { Announcement } from './announce.ts'

/**
 * Without those whose filter names segments of the workspace's own, where the contact is in none of these now. Reads nothing where
 * no filter does. The built-in segments are in the body (filter.ts).
 */
export async function leaveOutOthers(sql: postgres.TransactionSql, announcements: Announcement[]): Promise<Announcement[]> {
  const asked = new Map<string, Membership>()
  for (const { message, listeners } of announcements) {
    const contact_id = message.body.contact?.id
    if (contact_id === undefined) continue
    for (const { workspace_id, filter } of listeners)
      for (const segment_id of filter?.segment_ids ?? [])
        asked.set(keyOf({ workspace_id, segment_id, contact_id }), { workspace_id, segment_id, contact_id })
  }
  const members = await readMembers(sql, [...asked.values()])
  return announcements.map(({ message, listeners }) => {
    const { workspace_id, body } = message
    const hears = (filter: EndpointFilter | null) =>
      !filter?.segment_ids ||
      (body.contact !== null &&
        filter.segment_ids.some(segment_id => members.has(keyOf({ workspace_id, segment_id, contact_id: body.contact!.id }))))
    return { message, listeners: listeners.filter(({ filter }) => hears(filter)) }
  })
}

async function readMembers(sql: postgres.TransactionSql, asked: Membership[]): Promise<Set<string>> {
  if (asked.length === 0) return new Set()
  const rows = await sql<Membership[]>`
    select a.workspace_id, a.segment_id, a.contact_id
      from unnest(${asked.map(one => one.workspace_id)}::int[], ${asked.map(one => one.segment_id)}::int[],
                  ${asked.map(one => one.contact_id)}::int[]) as a (workspace_id, segment_id, contact_id)
     cross join lateral (
           select from segment_members
            where workspace_id = a.workspace_id and segment_id = a.segment_id and contact_id = a.contact_id
           offset 0) m`
  return new Set(rows.map(keyOf))
}

/**
 * Throws `invalid_fields` when the workspace has no segment of one of these ids. They stay until the caller's transaction has ended,
 * and are not deleted after it while the filter names them (server/segments/segments.ts).
 */
export async function requireSegments(
  sql: postgres.TransactionSql,
  workspace_id: number,
  filter: EndpointFilter | null | undefined,
): Promise<void> {
  const ids = filter?.segment_ids
  if (!ids) return
  const known = await sql<{ id: number }[]>`
    select id from segments where workspace_id = ${workspace_id} and id = any(${ids}::int[]) order by id for key share`
  const unknown = ids.flatMap((id, k) => (known.some(one => one.id === id) ? [] : [[`filter.segment_ids.${k}`, NO_SEGMENT]]))
  if (unknown.length > 0) throw refuse('invalid_fields', { fields: Object.fromEntries(unknown) })
}

const NO_SEGMENT = 'is no segment of your own. See data of GET /segments; the built-in ones belong into segments'

type Membership = { workspace_id: number; segment_id: number; contact_id: number }

function keyOf({ workspace_id, segment_id, contact_id }: Membership) {
  return `${workspace_id} ${segment_id} ${contact_id}`
}
