import { PAGE_EVENTS } from '../../shared/funnels.ts'
import { isConversion } from '../conversions/read-event.ts'
import { type Page, pagesAt, type Ways } from '../lifecycle/funnels/ways.ts'
import type { Incoming } from './incoming.ts'
import { meaningOf } from './meaning.ts'

/**
 * An event and what it is in the funnels of its workspace: a view of a page that is a funnel's is a step there, too, which is an event of
 * its own (`watch_page_viewed`), so that stages, webhooks, timelines and reports know nothing of addresses. Other events of the
 * dictionary that name no funnel get the one of their page or video, and what is earned in one without a currency gets the funnel's.
 */
export function placeInFunnel(event: Incoming, ways: Ways | undefined): Incoming[] {
  if (!ways) return [event]
  if (event.event === 'page_viewed') return [event, ...pagesOf(event, ways).map(page => stepOf(event, page))]
  return IN_FUNNELS.has(event.event) ? [withFunnel(event, ways)] : [event]
}

/** Those of seed 004's dictionary. */
const IN_FUNNELS = new Set([
  'registration', 'registration_confirmed', 'registration_page_viewed', 'watch_page_viewed', 'enrollment_viewed', 'video_started',
  'video_progress', 'video_completed', 'video_replayed', 'offer_clicked', 'purchase_initiated', 'purchase_completed', 'call_booked',
  'email_opened', 'email_clicked', 'sms_replied', 'page_shared',
]) // biome-ignore format: one word after the other

function pagesOf(event: Incoming, ways: Ways): Page[] {
  const { page_id } = JSON.parse(event.properties) as { page_id?: unknown }
  const named = ways.funnel_of_page.get(String(page_id))
  return named ? [named] : event.page_url === null ? [] : pagesAt(ways, event.page_url)
}

/** Derived of the message it came with: the same view is the same step. It tells nothing about who it was that the view has not told. */
function stepOf(event: Incoming, { funnel_id, page_id, kind }: Page): Incoming {
  const { url, title, path } = JSON.parse(event.properties) as Record<string, unknown>
  const properties = { ...(url !== undefined && { url }), ...(title !== undefined && { title }), path, funnel_id, page_id }
  const name = PAGE_EVENTS[kind]
  return {
    ...event,
    event: name,
    message_id: `${event.message_id} ${name} ${funnel_id}`,
    reason: 'event',
    given: null,
    contact_id: null,
    previous_id: null,
    properties: JSON.stringify(properties),
    ...meaningOf(name, properties, JSON.parse(event.context), event.occurred_at),
    touch: null,
    traits: null,
  }
}

function withFunnel(event: Incoming, ways: Ways): Incoming {
  const properties = JSON.parse(event.properties) as Record<string, unknown>
  const placed: Record<string, unknown> = { ...properties, ...funnelOf(event, properties, ways) }
  const currency = isConversion(event.event) && !isSaid(placed.currency) && ways.currency_of_funnel.get(String(placed.funnel_id))
  if (currency) placed.currency = currency
  return { ...event, properties: JSON.stringify(placed) }
}

/** What an event that names no funnel is to be given. */
function funnelOf(event: Incoming, properties: Record<string, unknown>, ways: Ways) {
  if (isSaid(properties.funnel_id)) return {}
  const page =
    ways.funnel_of_page.get(String(properties.page_id)) ??
    (event.page_url === null ? undefined : pagesAt(ways, event.page_url)[0])
  const funnel_id = ways.funnel_of_video.get(String(properties.video_id)) ?? page?.funnel_id
  if (funnel_id === undefined) return {}
  const page_id = properties.page_id ?? page?.page_id
  return { funnel_id, ...(page_id !== undefined && { page_id }) }
}

function isSaid(value: unknown) {
  return value !== undefined && value !== null && value !== ''
}
