import { findWebhookEvent, listWebhookEvents } from './catalogue.ts'

/** Events that are told under another name than their own. */
const SOURCES: Record<string, readonly string[]> = { conversion: ['purchase_completed', 'call_booked'] }

/** What becomes of an endpoint must not make more work for it: these are told to those that ask for them by name or group. */
const APART = new Set(['endpoint', 'delivery', 'mail'])

/**
 * Does an endpoint with this list want messages of this type? `*` is everything in the catalogue, `contact.*` a group of it, and
 * anything else exactly itself: events of one's own are wanted by their whole name only.
 */
export function wants(events: readonly string[], type: string): boolean {
  if (events.includes(type)) return true
  const group = findWebhookEvent(type)?.group
  return group !== undefined && (events.includes(`${group}.*`) || (events.includes('*') && !APART.has(group)))
}

/** The names of tracked events that have to be read for an endpoint with this list. */
export function namesToRead(events: readonly string[]): string[] {
  const own = events.filter(name => isOwnName(name))
  const funnel = FUNNEL_TYPES.filter(type => wants(events, type)).flatMap(type => SOURCES[type] ?? [type])
  return [...new Set([...own, ...funnel])]
}

/**
 * The types of message that a tracked event with this name may become. None has the name of an activity: a write key is public,
 * and nobody shall say by an event that a contact was merged.
 */
export function typesOf(name: string): string[] {
  const funnel = FUNNEL_TYPES.filter(type => (SOURCES[type] ?? [type]).includes(name))
  return isOwnName(name) ? [...funnel, name] : funnel
}

function isOwnName(name: string) {
  return name !== '*' && !name.endsWith('.*') && findWebhookEvent(name) === undefined
}

const FUNNEL_TYPES = listWebhookEvents()
  .filter(({ group }) => group === 'funnel')
  .map(({ type }) => type)
