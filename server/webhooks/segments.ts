import type postgres from 'postgres'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import { refuse } from '../errors.ts'
import type { Announcement } from './announce.ts'
import type { Listener } from './listeners.ts'
import type { Body, Message } from './payload.ts'

/**
 * Without those whose filter names segments of the workspace's own, where the contact is in none of these now. That somebody entered or
 * left one of them they hear always. Reads nothing where no filter names any. The built-in segments are in the body (filter.ts).
 */
export async function leaveOutOthers(sql: postgres.TransactionSql, announcements: Announcement[]): Promise<Announcement[]> {
  const asked = announcements.filter(({ listeners }) => listeners.some(namesSegments)).map(({ message }) => message)
  if (asked.length === 0) return announcements
  const segments = await readSegments(sql, asked)
  return announcements.map(({ message, listeners }) => {
    const mine = segments.get(contactOf(message))
    const about = segmentIn(message.body)
    const hears = ({ filter }: Listener) => filter?.segment_ids?.some(id => mine?.has(id) || id === about) ?? true
    return { message, listeners: listeners.filter(hears) }
  })
}

function namesSegments({ filter }: Listener) {
  return filter?.segment_ids !== undefined
}

/** The segments that the contacts of these messages are in now. */
async function readSegments(sql: postgres.TransactionSql, messages: Message[]): Promise<Map<string, Set<number>>> {
  const contacts = [...new Map(messages.map(message => [contactOf(message), message])).values()]
  const rows = await sql<{ contact: string; segment_id: number }[]>`
    select a.contact, m.segment_id
      from unnest(${contacts.map(contactOf)}::text[], ${contacts.map(({ workspace_id }) => workspace_id)}::int[],
                  ${contacts.map(({ body }) => body.contact?.id ?? null)}::int[]) as a (contact, workspace_id, contact_id)
     cross join lateral (
           select segment_id from segment_members where workspace_id = a.workspace_id and contact_id = a.contact_id
           offset 0) m`
  const found = new Map<string, Set<number>>()
  for (const { contact, segment_id } of rows) found.set(contact, (found.get(contact) ?? new Set()).add(segment_id))
  return found
}

function contactOf({ workspace_id, body }: Message) {
  return `${workspace_id} ${body.contact?.id ?? ''}`
}

/** The segment that a message says somebody entered or left: who has left it is in it no more. */
function segmentIn({ event, data }: Body): number | undefined {
  if (event !== 'segment.entered' && event !== 'segment.left') return undefined
  const { segment_id } = (data.after ?? data.before) as { segment_id?: number }
  return segment_id
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
