import { findWebhookEvent, listWebhookEvents } from './catalogue.ts'

/**
 * A conversion is told as a part of the funnel, wherever it was recorded: of a purchase on the site nothing else says so, and what comes
 * by the API or with a lead is told alike. So it is the one type of the funnel that comes from an activity.
 */
const CONVERSION = { type: 'conversion', action: 'conversion.created' }

/**
 * What becomes of an endpoint must not make more work for it, and nothing is told twice to those that want everything: these are told
 * to those that ask for them by name or group.
 */
const APART = new Set(['endpoint', 'delivery', 'mail'])

/**
 * Does an endpoint with this list want messages of this type? `*` is everything in the catalogue, `contact.*` a group of it, and
 * anything else exactly itself: events of one's own are wanted by their whole name only.
 */
export function wants(events: readonly string[], type: string): boolean {
  if (events.includes(type)) return true
  const group = findWebhookEvent(type)?.group
  const is_apart = type === CONVERSION.action || APART.has(group ?? '')
  return group !== undefined && (events.includes(`${group}.*`) || (events.includes('*') && !is_apart))
}

/** The names of tracked events that have to be read for an endpoint with this list. */
export function namesToRead(events: readonly string[]): string[] {
  const own = events.filter(name => isOwnName(name))
  const funnel = EVENT_TYPES.filter(type => wants(events, type))
  return [...new Set([...own, ...funnel])]
}

/**
 * The types of message that a tracked event with this name may become. None has the name of an activity: a write key is public,
 * and nobody shall say by an event that a contact was merged.
 */
export function typesOf(name: string): string[] {
  return EVENT_TYPES.includes(name) || isOwnName(name) ? [name] : []
}

/** The types of message that an activity becomes: itself, and the conversion that it says. */
export function typesOfChange(action: string): string[] {
  return action === CONVERSION.action ? [CONVERSION.type, action] : [action]
}

function isOwnName(name: string) {
  return name !== '*' && !name.endsWith('.*') && findWebhookEvent(name) === undefined
}

/** Told of events, under their own names. */
const EVENT_TYPES = listWebhookEvents()
  .filter(({ group, type }) => group === 'funnel' && type !== CONVERSION.type)
  .map(({ type }) => type)
