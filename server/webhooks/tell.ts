import type postgres from 'postgres'
import type { Told } from '../activities/told.ts'
import { type Announcement, announce } from './announce.ts'
import { readContacts } from './contacts.ts'
import { readWantedEvents } from './events.ts'
import { makeAudience, readListeners } from './listeners.ts'
import { messagesOf, messagesOfChange } from './payload.ts'
import { leaveOutDenied } from './purposes.ts'
import { leaveOutOthers } from './segments.ts'
import { typesOfChange } from './wants.ts'

/**
 * Makes deliveries of what happened, for the endpoints that want it. Six statements for any number of events, activities and
 * workspaces, one more each where an endpoint has a purpose or a filter by segments of one's own; one where nobody has an endpoint.
 */
export async function tellEndpoints(sql: postgres.TransactionSql, { batches, activities }: Told): Promise<void> {
  const workspace_ids = [...new Set([...batches, ...activities].map(told => told.workspace_id))]
  const listeners = await readListeners(sql, workspace_ids)
  if (listeners.length === 0) return
  const audience = makeAudience(listeners)
  const events = await readWantedEvents(sql, batches, listeners)
  const changes = activities.filter(({ workspace_id, action }) =>
    typesOfChange(action).some(type => audience.wanting(workspace_id, type).length > 0),
  )
  const contactOf = await readContacts(sql, [...events, ...changes])
  const announcements: Announcement[] = [
    ...events.flatMap(event => messagesOf(event, contactOf(event))),
    ...changes.flatMap(change => messagesOfChange(change, contactOf(change))),
  ].map(message => ({ message, listeners: audience.of(message) }))
  const heard = await leaveOutDenied(sql, await leaveOutOthers(sql, announcements))
  await announce(sql, heard.filter(one => one.listeners.length > 0).sort(inOrderOfTime))
}

/** Of one moment, what a person did stands before what it changed, and that in the order in which it was written. */
function inOrderOfTime({ message: one }: Announcement, { message: other }: Announcement) {
  if (one.body.timestamp !== other.body.timestamp) return one.body.timestamp < other.body.timestamp ? -1 : 1
  return 0
}
