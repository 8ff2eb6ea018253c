import type { Delivery, Endpoint, EndpointFilter, FieldMap } from '../../../shared/webhooks.ts'
import { whole } from '../../ui/numbers.ts'
import type { Tone } from '../../ui/Pill.tsx'
import { ahead } from '../../ui/times.ts'

type Words = {
  label: string
  tone: Tone
  about: string
  /** What a person should do now, in a few words. */
  todo?: string
}

/** How an endpoint is, and for one that is paused: by whom, and what to do. */
export function endpointWords({ state, paused_by, health }: Pick<Endpoint, 'state' | 'paused_by' | 'health'>): Words {
  if (state === 'paused') return (Object.hasOwn(PAUSED, paused_by ?? '') && PAUSED[paused_by!]) || PAUSED.person!
  if (health.failing_since) return FAILING
  return { label: 'Active', tone: 'good', about: 'Everything that it wants is sent.' }
}

const PAUSED: Record<string, Words> = {
  person: { label: 'Paused', tone: 'plain', about: 'Paused by a person. Deliveries are held until it is activated.' },
  gone: {
    label: 'Paused: gone',
    tone: 'bad',
    about:
      'It answered 410 Gone, which asks senders to stop. Correct the address, send a test, then activate it: what was held is sent, and what was given up can be.',
    todo: 'Correct it, then activate',
  },
  failing: {
    label: 'Paused: failing',
    tone: 'bad',
    about:
      'Every delivery failed for three days. Mend the receiver, send a test, then activate it: what was held is sent, and what was given up can be.',
    todo: 'Mend it, then activate',
  },
}

const FAILING: Words = {
  label: 'Failing',
  tone: 'warm',
  about: 'Attempts failed and none has succeeded since. After three days it is paused.',
}

/** Where a delivery stands; `detail` says when it is tried next. */
export function deliveryWords(
  delivery: Pick<Delivery, 'state' | 'attempts' | 'run_at'>,
): Pick<Words, 'label' | 'tone'> & { detail?: string } {
  const { state, attempts, run_at } = delivery
  if (state !== 'queued') return STATES[state]
  const due = run_at === null || Date.parse(run_at) <= Date.now()
  return { label: attempts ? 'Retrying' : 'Queued', tone: attempts ? 'warm' : 'accent', ...(!due && { detail: ahead(run_at) }) }
}

export const STATES: Record<Delivery['state'], { label: string; tone: Tone }> = {
  queued: { label: 'Waiting', tone: 'accent' },
  held: { label: 'Held', tone: 'plain' },
  delivered: { label: 'Delivered', tone: 'good' },
  failed: { label: 'Given up', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'plain' },
}

/** What an endpoint hears, short enough for a column. */
export function eventsWords(events: string[]) {
  const named = events.map(event => (event === '*' ? 'Everything' : event))
  return named.length > 2 ? `${named.slice(0, 2).join(', ')} and ${named.length - 2} more` : named.join(', ')
}

type Operator = NonNullable<EndpointFilter['properties']>[number]['operator']

export const OPERATORS: Record<Operator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  greater: 'is more than',
  less: 'is less than',
  exists: 'is there',
  exists_not: 'is not there',
}

/** What must hold for a message to be sent, a line for each. `nameOf`: of a segment of one's own. */
export function filterWords(filter: EndpointFilter | null, nameOf: (segment_id: number) => string) {
  const { known_contacts_only, stages = [], segments = [], segment_ids = [], properties = [] } = filter ?? {}
  const lines = [
    known_contacts_only && 'the contact is known',
    stages.length > 0 && `the stage is ${stages.join(' or ')}`,
    segments.length > 0 && `the segment is ${segments.join(' or ')}`,
    segment_ids.length > 0 && `the contact is in ${segment_ids.map(nameOf).join(' or ')}`,
    ...properties.map(({ path, operator, value }) =>
      [path, OPERATORS[operator], value].filter(word => word !== undefined).join(' '),
    ),
  ].filter(line => typeof line === 'string')
  return lines.length ? lines : ['always']
}

/** What stands in the body, a line for each name of a body of one's own. */
export function fieldMapWords(field_map: FieldMap | null) {
  if (!field_map) return ['as in the catalogue']
  return Object.entries(field_map).map(([target, source]) =>
    typeof source === 'string' ? `${target}: from ${source}` : `${target}: always ${JSON.stringify(source.constant)}`,
  )
}

/** "5 s", "25 min", "2 h", "23 h 25 min", "1 day 2 h": exact enough to plan with. */
export function span(seconds: number) {
  const parts = UNITS.map(([name, size], index) => {
    const above = UNITS[index - 1]?.[1]
    return [Math.floor((above ? seconds % above : seconds) / size), name] as const
  }).filter(([amount]) => amount > 0)
  if (!parts.length) return '0 s'
  return parts
    .slice(0, 2)
    .map(([amount, name]) => `${whole(amount)} ${name === 'day' && amount > 1 ? 'days' : name}`)
    .join(' ')
}

const UNITS = [
  ['day', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** "Three attempts within 30 s: at once, then after 5 s and 25 s." */
export function scheduleWords(delays: number[]) {
  if (!delays.length) return 'One attempt, at once. What fails is given up.'
  const total = delays.reduce((sum, delay) => sum + delay, 0)
  const waits = delays.map(span)
  const listed = waits.length > 1 ? `${waits.slice(0, -1).join(', ')} and ${waits.at(-1)}` : waits[0]
  return `${COUNTS[delays.length + 1] ?? whole(delays.length + 1)} attempts within ${span(total)}: at once, then after ${listed}.`
}

const COUNTS = ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten', 'Eleven', 'Twelve', 'Thirteen']

/** "99.9 %", "100 %": rounded down, so that one failure of a million still shows. */
export const percent = (rate: number) =>
  `${rate === 1 || rate === 0 ? rate * 100 : (Math.floor(rate * 1000 + 1e-9) / 10).toFixed(1)} %`

/** Deliveries in a state: the server counts no further than ten thousand. */
export const counted = (deliveries: number) => (deliveries >= 10_000 ? `${whole(10_000)}+` : whole(deliveries))

/** "84 ms", "1.2 s" */
export const took = (ms: number) => (ms < 1000 ? `${whole(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

export const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url)
