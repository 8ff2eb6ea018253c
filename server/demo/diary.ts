import type { Place } from '../events/place.ts'
import { DAY, type Period } from './calendar.ts'
import type { Device } from './devices.ts'
import type { Home } from './places.ts'
import type { Random } from './random.ts'
import { FUNNEL, PAGES, type PageName, SITE } from './site.ts'
import type { Source } from './sources.ts'

type Bag = Record<string, unknown>

/** One message of Segment's wire, with what the server would have seen of its sender. */
export type Message = { at: number; place: Place | null; ip: string; raw: Bag }

/** Writes down what one person does. A person has one home and any number of devices; a device remembers who logged in on it. */
export type Diary = {
  messages: Message[]
  visit(device: Device, source: Source, at: number): Visit
  /** The customer's own server speaks about a user: without a browser, so it makes no visit. */
  serve(at: number, message: Bag): void
}

export type Visit = {
  now(): number
  wait(least_seconds: number, most_seconds: number): void
  open(page: PageName): void
  track(event: string, properties?: Bag): void
  /** Log-in; without a user_id what is said is said of the visitor. */
  identify(user_id: string | undefined, traits?: Bag): void
  /** Sign-up: what this device did until now belongs to the new user. */
  alias(user_id: string): void
}

export function openDiary(random: Random, home: Home, { until }: Period): Diary {
  const messages: Message[] = []
  const write = (at: number, place: Place | null, ip: string, raw: Bag) => {
    // Drawn in any case, so that a story that is cut off by today goes on in the same way tomorrow.
    const messageId = random.uuid()
    if (at <= until) messages.push({ at, place, ip, raw: { ...raw, messageId, timestamp: new Date(at).toISOString() } })
  }

  return {
    messages,
    serve: (at, message) => write(at, null, '192.0.2.10', { ...message, context: { library: { name: 'rye-and-ember-server' } } }),
    visit(device, source, at) {
      let now = at
      let page: PageName = source.landing
      let referrer = source.referrer
      let search = source.search
      const wait = (least: number, most: number) => {
        now += Math.round(random.between(least, most) * 1000)
      }
      const say = (message: Bag) => {
        now += 1 + Math.floor(random.between(0, 400))
        write(now, home.place, device.ip, {
          ...message,
          anonymousId: device.distinct_id,
          userId: device.user_id,
          context: context(),
        })
      }
      const context = () => {
        const { path, title } = PAGES[page]
        const query = new URLSearchParams(search).toString()
        const names = Object.entries(search).filter(([name]) => name.startsWith('utm_'))
        return {
          page: { url: `${SITE}${path}${query && `?${query}`}`, path, search: query && `?${query}`, referrer, title },
          campaign: Object.fromEntries(names.map(([name, value]) => [name.slice(4).replace('campaign', 'name'), value])),
          locale: home.locale,
          screen: device.screen,
          userAgent: device.user_agent,
          library: { name: 'throughline.js', version: '0.1.0' },
        }
      }
      const track = (event: string, properties: Bag = {}) => {
        const { page_id } = PAGES[page] as { page_id?: string }
        say({ type: 'track', event, properties: { funnel_id: FUNNEL, page_id, ...properties } })
      }
      return {
        now: () => now,
        wait,
        track,
        open(name) {
          if (name !== page) {
            referrer = `${SITE}${PAGES[page].path}`
            search = {}
            page = name
          }
          const { event } = PAGES[name] as { event?: string }
          say({ type: 'page' })
          if (event) track(event)
        },
        identify(user_id, traits = {}) {
          if (user_id !== undefined) device.user_id = user_id
          say({ type: 'identify', traits })
        },
        alias(user_id) {
          device.user_id = user_id
          say({ type: 'alias', previousId: device.distinct_id })
        },
      }
    },
  }
}

/** The beginning of a UTC day some days after a moment. */
export function dayAfter(at: number, days: number): number {
  return Math.floor(at / DAY + days) * DAY
}
