import type { SaidByEvent } from '../consents/said.ts'
import type { Given } from '../identity/claim.ts'
import type { Reason } from '../identity/world.ts'
import type { Progress } from '../lifecycle/progress.ts'
import type { Client } from './client.ts'
import type { Place } from './place.ts'
import type { Touch } from './touch.ts'

/** One event on its way in, whatever wire it came by: checked, normalised, with what is known of its sender. */
export type Incoming = {
  workspace_id: number
  key_id: number | null
  event: string
  message_id: string
  distinct_id: string // whom it is of: the user if it names one, else the device
  user_id: string | null
  anonymous_id: string | null
  previous_id: string | null
  contact_id: number | null // of a followed e-mail link
  reason: Reason
  given: Given | null
  traits: Record<string, unknown> | null
  occurred_at: number // ms
  received_at: number
  properties: string // JSON text
  context: string // JSON text
  page_url: string | null
  touch: Touch | null
  progress: Progress | null
  client: Client | null
  place: Place | null
  ip: string | null
  user_agent: string | null
  is_visit: boolean // of a device; a server's own event makes no visit
  is_bot: boolean
  consent: SaidByEvent | null // of `consent_changed`
  is_asked?: true // what somebody sends on purpose, whatever they say to analytics
}

/** Why an event was not stored. The closed set that the event debugger shows. */
export const EVENT_REFUSALS = {
  invalid_event: 'An event must be a JSON object.',
  unknown_type: 'The type must be one of track, identify, alias, page, screen, group.',
  missing_distinct_id: 'Send anonymousId or userId: whose event is it?',
  invalid_distinct_id: 'anonymousId, userId and previousId must be text or numbers of at most 500 characters.',
  missing_event_name: 'A track event needs its name in `event`.',
  invalid_event_name: 'The name of an event is text of at most 200 characters.',
  invalid_properties: '`properties`, `traits` and `context` must be JSON objects.',
  invalid_timestamp: '`timestamp` must be an ISO 8601 time after 1999 and not more than a year ahead.',
  invalid_message_id: '`messageId` must be text of at most 1,000 characters.',
  too_deep: 'The event nests deeper than 32 levels.',
  event_too_large: 'An event may have 32 KB.',
  missing_previous_id: 'An alias needs previousId or anonymousId: whom is userId another name of?',
  consent_denied: 'This visitor denied analytics. Nothing is kept of what they do.',
  poisonous: 'The database could not store this event. It is kept here as it came.',
} as const

export type RefusalCode = keyof typeof EVENT_REFUSALS

export type Refused = { code: RefusalCode; message: string; body: string }

export function refuseEvent(code: RefusalCode, raw: unknown): Refused {
  return { code, message: EVENT_REFUSALS[code], body: excerpt(raw) }
}

/** As it came, so that nothing is lost, but never more than an event may have. */
function excerpt(raw: unknown): string {
  try {
    return (JSON.stringify(raw) ?? String(raw)).slice(0, 32_768).toWellFormed()
  } catch {
    return '(nested too deep to show)'
  }
}
