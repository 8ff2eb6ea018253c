import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { CONSENT_EVENT } from '../../shared/consents.ts'
import { readConsent } from '../consents/said.ts'
import { isBlocked } from '../identity/blocked.ts'
import type { Given } from '../identity/claim.ts'
import { type Client, readClient } from './client.ts'
import { type Incoming, type RefusalCode, type Refused, refuseEvent } from './incoming.ts'
import { isTelling, meaningOf } from './meaning.ts'
import type { Place } from './place.ts'

type Bag = Record<string, unknown>

/** What is known about the request that an event came in. */
export type Sender = {
  workspace_id: number
  key_id: number | null
  received_at: number
  sent_at: number | null // by the sender's clock
  ip: string
  user_agent: string | null
  from_browser: boolean // the request itself is a visitor's, so its address and user agent are theirs
  headers: IncomingHttpHeaders
  placeOf: (ip: string | null, headers: IncomingHttpHeaders) => Place | null
  cookielessId: (ip: string, user_agent: string) => string
  contactOfLink: (token: unknown) => number | null
  shared_context: Bag // of the batch, under each event's own
}

const TYPES: Record<string, { reason: Incoming['reason']; event: string | null }> = {
  track: { reason: 'event', event: null },
  identify: { reason: 'identify', event: 'identify' },
  alias: { reason: 'alias', event: 'alias' },
  page: { reason: 'event', event: 'page_viewed' },
  screen: { reason: 'event', event: 'screen_viewed' },
  group: { reason: 'event', event: 'group' },
}

const MOST_BYTES = 32_768
const DEEPEST = 32
const LONGEST_ID = 500

/** Segment's wire to one event, or a reason why not. Field by field; nothing throws. */
export function readSegment(raw: unknown, type: string | undefined, sender: Sender): Incoming | Refused {
  if (!isBag(raw)) return refuseEvent('invalid_event', raw)
  const name = type ?? raw.type
  const kind = typeof name === 'string' && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  if (!kind) return refuseEvent('unknown_type', raw)
  if (deeper(raw, DEEPEST) || deeper(sender.shared_context, DEEPEST)) return refuseEvent('too_deep', raw)
  const own = raw.context ?? {}
  const properties = raw.properties ?? {}
  const traits = raw.traits ?? {}
  if (!isBag(own) || !isBag(properties) || !isBag(traits)) return refuseEvent('invalid_properties', raw)
  const context: Bag = { ...sender.shared_context, ...own }

  const event = kind.event ?? raw.event
  if (event === undefined || event === null || event === '') return refuseEvent('missing_event_name', raw)
  if (typeof event !== 'string' || event.length > 200) return refuseEvent('invalid_event_name', raw)
  const ids = readIds(raw, context, kind.reason, sender)
  if (typeof ids === 'string') return refuseEvent(ids, raw)
  const message_id = raw.messageId ?? randomUUID()
  if (typeof message_id !== 'string' || message_id.length > 1000 || message_id === '')
    return refuseEvent('invalid_message_id', raw)
  const occurred_at = readTime(raw, sender)
  if (occurred_at === null) return refuseEvent('invalid_timestamp', raw)

  const body = {
    properties: describe(raw, kind.event, properties, traits),
    context: event === CONSENT_EVENT ? {} : trim(context, isTelling(event)),
  }
  const texts = { properties: JSON.stringify(body.properties), context: JSON.stringify(body.context) }
  if (texts.properties.length + texts.context.length > MOST_BYTES) return refuseEvent('event_too_large', raw)

  const page = isBag(context.page) ? context.page : {}
  const page_url = short(page.url) ?? short(properties.url)
  const from_browser = sender.from_browser || page_url !== null
  const user_agent = short(context.userAgent) ?? (sender.from_browser ? sender.user_agent : null)
  const ip = address(context.ip) ?? (sender.from_browser ? sender.ip : null)
  const client = user_agent === null ? null : readClient(user_agent)
  const meaning = meaningOf(event, body.properties, body.context, occurred_at)
  const incoming: Incoming = {
    workspace_id: sender.workspace_id,
    key_id: sender.key_id,
    event,
    message_id,
    ...ids,
    contact_id: context.email_link_token === undefined ? null : sender.contactOfLink(context.email_link_token),
    reason: kind.reason === 'event' && meaning.traits ? 'form' : kind.reason,
    given: meaning.traits as Given | null,
    ...meaning,
    occurred_at,
    received_at: sender.received_at,
    ...texts,
    page_url,
    client,
    place: ip === null && !sender.from_browser ? null : sender.placeOf(ip, sender.from_browser ? sender.headers : {}),
    ip,
    user_agent,
    is_visit: from_browser || ids.anonymous_id !== null || user_agent !== null,
    is_bot: isBot(client, user_agent, context, sender),
    consent: null,
  }
  return event === CONSENT_EVENT ? { ...incoming, ...ONLY_WORDS, consent: readConsent(body.properties) } : incoming
}

/** Of a consent nothing is kept but what was said: it is no visit. */
const ONLY_WORDS = { page_url: null, client: null, place: null, ip: null, user_agent: null, is_visit: false }

type Ids = Pick<Incoming, 'distinct_id' | 'user_id' | 'anonymous_id' | 'previous_id'>

function readIds(raw: Bag, context: Bag, reason: Incoming['reason'], sender: Sender): Ids | RefusalCode {
  const user_id = readId(raw.userId)
  let anonymous_id = readId(raw.anonymousId)
  const previous_id = reason === 'alias' ? readId(raw.previousId) : null
  if (user_id === undefined || anonymous_id === undefined || previous_id === undefined) return 'invalid_distinct_id'
  if (user_id === null && anonymous_id === null && context.cookieless === true) {
    anonymous_id = sender.cookielessId(sender.ip, sender.user_agent ?? '')
  }
  if (reason === 'alias' && (user_id === null || (previous_id ?? anonymous_id) === null)) return 'missing_previous_id'
  const usable = user_id !== null && !(isBlocked(user_id) && anonymous_id !== null) ? user_id : null
  const distinct_id = usable ?? anonymous_id
  if (distinct_id === null) return 'missing_distinct_id'
  return { distinct_id, user_id, anonymous_id, previous_id: previous_id ?? (reason === 'alias' ? anonymous_id : null) }
}

/** Text or number; empty is none (RudderStack sends `userId: ""` for nobody); undefined is wrong. */
function readId(value: unknown): string | null | undefined {
  if (value === undefined || value === null || value === '') return null
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  return typeof text === 'string' && text.length <= LONGEST_ID ? text : undefined
}

const EARLIEST = Date.UTC(2000, 0, 1)
const YEAR = 365 * 86_400_000
const TRUSTED_MS = 30_000

/** The client's time, corrected by how wrong its clock is: received - (sent - original). Never in the future. */
function readTime(raw: Bag, { received_at, sent_at }: Sender): number | null {
  const given = raw.timestamp ?? raw.originalTimestamp
  if (given === undefined || given === null) return received_at
  const original = typeof given === 'string' || typeof given === 'number' ? new Date(given).getTime() : Number.NaN
  if (Number.isNaN(original)) return null
  const behind = sent_at === null ? 0 : received_at - sent_at
  // Less than this is the network's delay as likely as the clock's fault; correcting it would shuffle events sent apart.
  const corrected = Math.abs(behind) < TRUSTED_MS ? original : original + behind
  if (corrected < EARLIEST || corrected > received_at + YEAR) return null
  return Math.min(corrected, received_at)
}

/** What of the event goes into `properties`: of an identify its traits, of a page its name. */
function describe(raw: Bag, fixed: string | null, properties: Bag, traits: Bag): Bag {
  if (fixed === null) return properties
  if (fixed === 'identify') return traits
  if (fixed === 'group') return { group_id: raw.groupId, ...traits }
  if (fixed === 'alias') return { user_id: raw.userId, previous_id: raw.previousId ?? raw.anonymousId }
  return raw.name === undefined ? properties : { name: raw.name, category: raw.category, ...properties }
}

/** The user agent and the address belong to the visit and not to each of its events, traits to those that tell; a token is for one use. */
function trim({ userAgent, ip, traits, email_link_token, userAgentData, ...context }: Bag, is_telling: boolean): Bag {
  return is_telling && isBag(traits) ? { ...context, traits } : context
}

/**
 * A crawler says so, and an automated browser counts as one, but for those on this machine: they are a developer's own, trying
 * the demo or testing a site, and nothing would be found of what they did.
 */
function isBot(client: Client | null, user_agent: string | null, context: Bag, sender: Sender): boolean {
  const automated = context.webdriver === true || (user_agent?.includes('HeadlessChrome') ?? false)
  return automated ? !/^(127\.|::1$|::ffff:127\.)/.test(sender.ip) : client?.is_bot === true
}

function deeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const key in value) if (deeper((value as Bag)[key], levels - 1)) return true
  return false
}

function address(value: unknown): string | null {
  return typeof value === 'string' && isIP(value) !== 0 ? value : null
}

function short(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 2000) : null
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
