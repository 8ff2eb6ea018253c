import type { ToldActivity } from '../activities/told.ts'
import { progressOf } from '../lifecycle/progress.ts'
import type { ShownContact } from './contacts.ts'
import type { WantedEvent } from './events.ts'
import { typesOf, typesOfChange } from './wants.ts'

/** What is sent. */
export type Body = { event: string; contact: ShownContact | null; data: Record<string, unknown>; timestamp: string }

/** What is told to those that want it: each origin once under each type. */
export type Message = { workspace_id: number; origin: string; funnel_id: string | null; body: Body }

/** One at most; none for what nobody is told of, as the tenth percent of a video. */
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

/** Usually one; two for a conversion, which is told in the words of the funnel as well. */
export function messagesOfChange(activity: ToldActivity, contact: ShownContact | null): Message[] {
  const { workspace_id, id, action, actor, subject_id, visitor_id, before, after } = activity
  const funnel_id = OF_FUNNELS.test(action) ? (funnelOf(after) ?? funnelOf(before)) : null
  return typesOfChange(action).map(type => {
    const { data, timestamp } =
      type === 'conversion'
        ? conversionOf(activity, contact)
        : { data: { activity_id: id, actor, subject_id, visitor_id, before, after }, timestamp: activity.at.toISOString() }
    return { workspace_id, origin: `activity ${id}`, funnel_id, body: { event: type, contact, data, timestamp } }
  })
}

/** Changes that belong to a funnel. What else has a `funnel_id`, as a property that somebody gave a contact, does not. */
const OF_FUNNELS = /^(conversion|funnel_[a-z]+)\./

/** When it happened is when somebody bought, and not when that was written down. */
function conversionOf({ id, subject_id, visitor_id, after, at }: ToldActivity, contact: ShownContact | null) {
  const { converted_at, ...said } = after ?? {}
  const data = {
    ...said,
    amount: said.value,
    conversion_id: Number(subject_id),
    activity_id: id,
    visitor_id,
    stage: contact?.stage ?? null,
    segment: contact?.segment ?? null,
  }
  return { data, timestamp: text(converted_at) ?? at.toISOString() }
}

/** What a type says besides the properties. Undefined: it is not told. */
function sayMore(type: string, { event, properties }: WantedEvent): Record<string, unknown> | undefined {
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

function funnelOf(values: Record<string, unknown> | null): string | null {
  return text(values?.funnel_id)?.slice(0, 200) ?? null
}

function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}
