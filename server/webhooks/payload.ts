import type { ToldActivity } from '../activities/told.ts'
import { progressOf } from '../lifecycle/progress.ts'
import type { ShownContact } from './contacts.ts'
import type { WantedEvent } from './events.ts'
import { typesOf } from './wants.ts'

/** What is sent. */
export type Body = { event: string; contact: ShownContact | null; data: Record<string, unknown>; timestamp: string }

/** What is told to those that want it: each origin once under each type. */
export type Message = { workspace_id: number; origin: string; funnel_id: string | null; body: Body }

/** Usually one; none for what nobody is told of, as the tenth percent of a video; two for a purchase that is wanted by its own name as well. */
export function messagesOf(event: WantedEvent, contact: ShownContact | null): Message[] {
  const { workspace_id, id, properties } = event
  return typesOf(event.event).flatMap(type => {
    const said = sayMore(type, event)
    if (said === undefined) return []
    const data = { ...properties, ...said, ...ownOf(event, contact) }
    const body = { event: type, contact, data, timestamp: event.occurred_at.toISOString() }
    return { workspace_id, origin: `event ${id}`, funnel_id: funnelOf(properties), body }
  })
}

export function messageOf(activity: ToldActivity, contact: ShownContact | null): Message {
  const { workspace_id, id, actor, subject_id, visitor_id, before, after } = activity
  const data = { activity_id: id, actor, subject_id, visitor_id, before, after }
  const body = { event: activity.action, contact, data, timestamp: activity.at.toISOString() }
  return { workspace_id, origin: `activity ${id}`, funnel_id: funnelOf(after) ?? funnelOf(before), body }
}

/** What a type says besides the properties. Undefined: it is not told. */
function sayMore(type: string, { event, properties }: WantedEvent): Record<string, unknown> | undefined {
  if (type === 'conversion') {
    return {
      type: event === 'purchase_completed' ? 'purchase' : 'booking',
      amount: amountOf(properties),
      currency: text(properties.currency),
      order_id: text(properties.order_id),
      booking_id: text(properties.booking_id),
    }
  }
  if (type !== 'video_progress') return {}
  const { watch_percentage } = progressOf(event, properties)!
  return QUARTERS.includes(watch_percentage) ? { watch_percentage } : undefined
}

const QUARTERS = [25, 50, 75, 100]

function ownOf({ id, message_id, distinct_id, page_url, properties }: WantedEvent, contact: ShownContact | null) {
  const url = text(properties.url) ?? page_url
  return {
    event_id: id,
    message_id,
    distinct_id,
    stage: contact?.stage ?? null,
    segment: contact?.segment ?? null,
    ...(url === null ? {} : { url }),
  }
}

/** Shops call it by several names. */
function amountOf(properties: Record<string, unknown>): number | null {
  for (const given of [properties.amount, properties.revenue, properties.total, properties.value]) {
    const amount = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    if (typeof amount === 'number' && Number.isFinite(amount)) return amount
  }
  return null
}

function funnelOf(values: Record<string, unknown> | null): string | null {
  return text(values?.funnel_id)?.slice(0, 200) ?? null
}

function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}
