import type { Traits, Visitor } from '../identity/world.ts'
import type { Incoming } from './incoming.ts'
import type { Meaning } from './meaning.ts'
import { isSent, type Touch } from './touch.ts'

/** When somebody was there, with an event of their own or a visit. Until then a visitor is a name that another one's event gave. */
export function appear(
  visitor: Pick<Visitor, 'event_count' | 'visit_count' | 'first_seen' | 'last_visit' | 'touched'>,
  at: number,
) {
  const is_known = visitor.event_count > 0 || visitor.visit_count > 0
  visitor.touched = true
  visitor.first_seen = is_known ? Math.min(visitor.first_seen, at) : at
  visitor.last_visit = is_known ? Math.max(visitor.last_visit, at) : at
}

/**
 * What a visitor shows after one more event, at which they appeared. Every value is the earliest, the latest or the greatest, so
 * order does not matter; `throughline rebuild` calls it with what is stored.
 */
export function observe(visitor: Visitor, event: Pick<Incoming, 'occurred_at' | 'received_at' | 'place' | keyof Meaning>) {
  const at = event.occurred_at
  const is_latest = visitor.event_count === 0 || at >= visitor.last_visit
  visitor.touched = true
  visitor.is_bot = false
  visitor.event_count++
  if (event.place && (is_latest || visitor.country_code === null)) {
    visitor.country_code = event.place.country_code
    visitor.region = event.place.region
    visitor.city = event.place.city
  }
  if (event.touch) attribute(visitor, event.touch)
  if (event.progress) advance(visitor, event.progress, at, event.received_at)
  if (event.traits) visitor.traits = newest(visitor.traits, event.traits, at)
}

/** First touch: the earliest page. Last touch: the latest that somebody sent; a bookmark takes nothing away. */
function attribute(visitor: Visitor, touch: Touch) {
  const first = JSON.parse(visitor.first_touch) as Partial<Touch>
  if (first.at === undefined || touch.at < first.at) {
    visitor.first_touch = JSON.stringify(touch)
    visitor.referring_domain = touch.referring_domain ?? null
  }
  const last = JSON.parse(visitor.last_touch) as Partial<Touch>
  if (last.at === undefined || (isSent(touch) && (touch.at >= last.at || !isSent(last as Touch))))
    visitor.last_touch = JSON.stringify(touch)
}

function advance(
  visitor: Visitor,
  { entered, watch_percentage }: NonNullable<Incoming['progress']>,
  at: number,
  arrived: number,
) {
  if (entered) visitor[entered] = Math.min(visitor[entered] ?? at, at)
  if (entered === 'engaged_at') visitor.last_engaged_at = Math.max(visitor.last_engaged_at ?? arrived, arrived)
  if (entered === 'offer_viewed_at') visitor.last_offer_viewed_at = Math.max(visitor.last_offer_viewed_at ?? arrived, arrived)
  visitor.watch_percentage = Math.max(visitor.watch_percentage, watch_percentage)
}

/** The newest value of each key by event time; at the same moment the greater one, so that any order ends the same. */
function newest(known: string, given: Record<string, unknown>, at: number): string {
  const traits: Traits = Object.assign(Object.create(null), JSON.parse(known))
  for (const [key, value] of Object.entries(given)) {
    const [old, since] = traits[key] ?? [undefined, Number.NEGATIVE_INFINITY]
    if (at > since || (at === since && JSON.stringify(value) > JSON.stringify(old))) traits[key] = [value, at]
  }
  return JSON.stringify(traits)
}
