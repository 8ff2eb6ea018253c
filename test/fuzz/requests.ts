import { gzipSync } from 'node:zlib'
import { addressOf, type Operation, type Parameter, sampleOf } from '../openapi.ts'
import { basic, bearer } from '../people.ts'
import type { Chance } from '../seeded.ts'
import { MEDIA, ODD_NAMES, oddJson, oddText } from './odd.ts'

export type Fuzzed = { method: string; url: string; headers: Record<string, string>; body: Buffer | undefined }

/** What a real client would know: ids that exist, and credentials that work. */
export type Known = {
  /** By the noun of their address. */
  ids: Record<string, string[]>
  cursors: string[]
  write_key: string
  secret_key: string
  session: Record<string, string>
}

/** One request: right in most of its parts, so that it gets far, and wrong in a few. */
export function fuzzed(operation: Operation, known: Known, chance: Chance): Fuzzed {
  const collects = operation.path.startsWith('/v1/')
  const is_form = operation.path.startsWith('/f/')
  const is_file = operation.method === 'POST' && operation.path.endsWith('/imports')
  const headers: Record<string, string> = { ...credentials(operation, known, chance) }
  const values = Object.fromEntries(
    operation.parameters
      .filter(one => one.in === 'path')
      .map(one => [one.name, escaped(valueFor(one, operation, known, chance))]),
  )
  const queries = operation.parameters.filter(one => one.in === 'query' && (one.required || chance.happens(0.4)))
  const query = queries.map((one): [string, string] => [one.name, valueFor(one, operation, known, chance)])
  if (chance.happens(0.05)) query.push([chance.pick(ODD_NAMES), oddText(chance)])
  if (chance.happens(0.05) && query[0]) query.push(query[0])
  const url = operation.parameters.length > 0 || chance.happens(0.1) ? addressOf(operation, values, query) : operation.path

  let body: Buffer | undefined
  if (operation.body || collects || is_form || is_file || (operation.method !== 'GET' && chance.happens(0.3))) {
    headers['content-type'] = chance.happens(0.1)
      ? chance.pick(MEDIA)
      : is_form
        ? 'application/x-www-form-urlencoded'
        : is_file
          ? 'text/csv'
          : 'application/json'
    body = bent(
      is_file
        ? fileOf(chance)
        : is_form
          ? formOf(chance)
          : collects
            ? eventBody(operation, chance)
            : bodyOf(operation, known, chance),
      chance,
    )
    if (chance.happens(0.03)) body = gzipSync(body)
    if (chance.happens(0.03)) headers['content-encoding'] = chance.pick(['gzip', 'br', 'deflate', 'x'])
  }
  if (chance.happens(0.1)) Object.assign(headers, oddHeader(chance))
  return {
    method: chance.happens(0.02) ? chance.pick(['PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH']) : operation.method,
    url,
    headers,
    body,
  }
}

function credentials({ method, path }: Operation, known: Known, chance: Chance): Record<string, string> {
  const signs_out = method === 'DELETE' && /\/sessions?(\/|$)/.test(path)
  const chosen = chance.number()
  if (chosen < 0.04)
    return { authorization: latin(`${chance.pick(['Bearer', 'Basic', 'basic', 'Digest', ''])} ${oddText(chance)}`) }
  if (chosen < 0.08) return {}
  const of_person = /\/api\/v1\/(account|session)/.test(path)
  if ((chosen < 0.2 || of_person) && !signs_out) return known.session
  if (path.startsWith('/v1/') && chosen < 0.9) return basic(known.write_key)
  return bearer(known.secret_key)
}

function valueFor({ name, schema }: Parameter, { path }: Operation, known: Known, chance: Chance): string {
  if (chance.happens(0.3)) return oddText(chance)
  if (name === 'cursor') return chance.pick(known.cursors)
  if (/^write_key$/.test(name)) return known.write_key
  if (/(^|_)id$/.test(name))
    return idOf(new RegExp(`([a-z-]+)/\\{${name}\\}`).exec(path)?.[1] ?? `${name.slice(0, -3)}s`, known, chance)
  return String(sampleOf(schema, () => undefined, name))
}

/** Mostly of what is asked for, sometimes of something else. */
function idOf(noun: string, { ids }: Known, chance: Chance): string {
  const fitting = ids[noun] ?? []
  if (noun === 'keys') return chance.pick(fitting) ?? '7' // never another number: it could be that of the key we use
  return fitting.length > 0 && chance.happens(0.8) ? chance.pick(fitting) : chance.pick(Object.values(ids).flat())
}

function formOf(chance: Chance): string {
  const fields = [
    ['email', `${chance.text(3)}@example.com`],
    [chance.pick(ODD_NAMES), oddText(chance)],
    [chance.pick(['funnel_id', 'page_id', 'redirect', 'distinct_id', 'page_url', 'ref']), oddText(chance)],
  ]
  return new URLSearchParams(chance.happens(0.1) ? fields.slice(1) : fields).toString()
}

/** Rows of people, and a header above them. */
function fileOf(chance: Chance): string {
  const rows = Array.from(
    { length: chance.below(9) },
    () => `${chance.text(3)}@example.com,"${oddText(chance).replaceAll('"', '""')}"`,
  )
  return ['Email,First Name', ...rows].join('\n')
}

/** A body that fits, with some fields that do not. */
function bodyOf({ body, path }: Operation, known: Known, chance: Chance): string {
  if (!body) return oddJson(chance)
  const sample = sampleOf(body, (name, shape) => {
    if (/^(other|contact)_id$/.test(name)) return Number(idOf('contacts', known, chance))
    if (name === 'ids') return [Number(idOf(path.split('/')[3]!, known, chance))]
    if (name === 'endpoint_ids') return [Number(idOf('endpoints', known, chance))]
    if (name === 'endpoint_id') return Number(idOf('endpoints', known, chance))
    if (name === 'lead_id' && /\/(appointments|notes)$/.test(path)) return undefined // whose it is says contact_id
    if (name === 'scheduled_at') return new Date(Date.now() + chance.below(5000) * 3_600_000).toISOString()
    if (name === 'assigned_to') return chance.happens(0.5) ? Number(idOf('users', known, chance)) : null
    if (name === 'status' && path.endsWith('/appointments')) return chance.pick(['pending', 'scheduled', 'confirmed'])
    if (name === 'lead_id') return Number(idOf('leads', known, chance))
    if (name === 'key' && path.endsWith('-types')) return `fuzz_${chance.below(1_000_000)}`
    if (name === 'funnel_id' && /\/(pages|videos)$/.test(path)) return idOf('funnel-names', known, chance)
    if (name === 'rule') return ruleOf(chance)
    if (name === 'lead_type') return 'solar'
    if (name === 'owner_id' && path.includes('/visitors/'))
      return chance.happens(0.5) ? Number(idOf('users', known, chance)) : null
    if (name === 'currency') return 'EUR'
    // Somebody may have given the pipeline other stages.
    if (name === 'status')
      return path.endsWith('/leads') && chance.happens(0.6) ? undefined : chance.pick(['new', 'contacted', 'qualified'])
    if (name === 'email') return `${chance.text(3)}@example.com`
    if (name === 'distinct_id') return `device-${chance.below(30)}-0`
    if (name === 'url') return 'http://localhost:3000/lesson'
    if (name === 'force') return chance.happens(0.5)
    return chance.happens(0.3) && !/^(if_updated_at|owner_id)$/.test(name) ? sampleOf(shape, undefined, name) : undefined
  })
  if (chance.happens(0.3)) return JSON.stringify(sample)
  return spoil(textsOf(sample as Record<string, unknown>), Object.keys(body.properties ?? {}), chance)
}

/** Mostly one that fits, else anything in its place. */
function ruleOf(chance: Chance): unknown {
  if (chance.happens(0.2))
    return chance.pick([null, [], {}, { all: [] }, { not: 1 }, { kind: 'property' }, { any: [{ kind: chance.text(3) }] }])
  const leaf = chance.pick([
    { kind: 'stage', stage: 'lead', or_later: true },
    { kind: 'segment', segment: 'hot', for_hours: 1 + chance.below(99) },
    { kind: 'event', event: chance.text(4), did: 'did_not', within_days: 1 + chance.below(3000) },
    {
      kind: 'event',
      event: 'registration',
      did: 'first',
      until: '2026-02-31T10:00:00Z',
      property: chance.text(3),
      value: chance.text(3),
    },
    { kind: 'property', name: chance.text(3), is: 'greater', value: chance.below(9) },
    { kind: 'property', name: 'age', is: 'less', value: '1e99' },
    { kind: 'lead', has: false, status: 'won' },
    { kind: 'conversion', has: true, value_at_least: chance.below(1000) },
  ])
  return chance.happens(0.5) ? leaf : chance.pick([{ all: [leaf, leaf] }, { any: [leaf] }, { not: { all: [leaf] } }])
}

const EVENT_FIELDS = [
  'type',
  'event',
  'name',
  'userId',
  'anonymousId',
  'previousId',
  'groupId',
  'messageId',
  'timestamp',
  'originalTimestamp',
  'properties',
  'traits',
  'context',
]
const PROPERTIES = [
  'email',
  'phone',
  'first_name',
  'firstName',
  'name',
  'age',
  'address',
  'user_id',
  'watch_percentage',
  'amount',
  'url',
  'referrer',
  'utm_source',
  'referral_code',
]
const CONTEXT = [
  'page',
  'campaign',
  'userAgent',
  'ip',
  'traits',
  'cookieless',
  'webdriver',
  'email_link_token',
  'click_ids',
  'locale',
]
const BATCH_FIELDS = ['batch', 'writeKey', 'sentAt', 'context']

function eventBody({ path }: Operation, chance: Chance): string {
  if (!/\/(batch|b|import)$/.test(path)) return eventText(chance)
  const events = Array.from({ length: chance.below(4) }, () => eventText(chance)).join()
  const rest = spoil(textsOf({ sentAt: new Date().toISOString() }), BATCH_FIELDS, chance)
  return rest.endsWith('}') && !rest.includes('"batch"')
    ? `${rest.slice(0, -1)}${rest === '{}' ? '' : ','}"batch":[${events}]}`
    : rest
}

function eventText(chance: Chance): string {
  const person = chance.below(30)
  const who = { email: `p${person}@example.com`, phone: `+120255501${person + 10}`, first_name: 'Somebody' }
  const event = {
    type: chance.pick(['track', 'identify', 'alias', 'page', 'screen', 'group']),
    event: chance.pick(['registration', 'video_progress', 'purchase_completed', 'form_submitted', 'bought']),
    anonymousId: `device-${person}-${chance.below(3)}`,
    ...(chance.happens(0.4) ? { userId: `user-${person}` } : {}),
    ...(chance.happens(0.3) ? { previousId: `device-${chance.below(30)}-0` } : {}),
    messageId: chance.text(12),
    timestamp: new Date(Date.now() - chance.below(3_000_000)).toISOString(),
  }
  const inner = {
    properties: spoil(textsOf({ ...who, watch_percentage: chance.below(120), amount: '9.99' }), PROPERTIES, chance),
    traits: spoil(textsOf(who), PROPERTIES, chance),
    context: spoil(
      textsOf({ page: { url: 'https://shop.example/?utm_source=x' }, userAgent: 'Mozilla/5.0 Firefox/130.0' }),
      CONTEXT,
      chance,
    ),
  }
  return spoil({ ...textsOf(event), ...inner }, EVENT_FIELDS, chance)
}

const textsOf = (sample: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, JSON.stringify(value)]))

/** From the JSON text of each field to that of the whole: with odd values where others were, odd names, and names twice. */
function spoil(sample: Record<string, string>, fields: string[], chance: Chance): string {
  const texts = new Map(Object.entries(sample))
  while (fields.length > 0 && chance.happens(0.25)) texts.set(chance.pick(fields), oddJson(chance))
  while (texts.size > 0 && chance.happens(0.1)) texts.delete(chance.pick([...texts.keys()]))
  const pairs = [...texts].map(([name, text]) => `"${name}":${text}`)
  if (chance.happens(0.08)) pairs.push(`"${chance.pick(ODD_NAMES)}":${oddJson(chance)}`)
  if (chance.happens(0.05) && pairs[0]) pairs.push(pairs[0])
  return `{${pairs.join()}}`
}

/** The bytes themselves: cut, broken, with a mark in front, or far too many. */
function bent(text: string, chance: Chance): Buffer {
  if (chance.happens(0.85)) return Buffer.from(text)
  if (chance.happens(0.02)) return Buffer.alloc(10_000_000, chance.pick([' ', '[', '"', '1', '\0']))
  const bytes = Buffer.from(text)
  const at = chance.below(bytes.length + 1)
  return chance.pick([
    bytes.subarray(0, at),
    Buffer.concat([bytes.subarray(0, at), Buffer.from([chance.pick([0, 0xff, 0xc0, 0xed, 0x80, 0x1f])]), bytes.subarray(at)]),
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    Buffer.concat([bytes, bytes]),
    Buffer.from(text, 'utf16le'),
    Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes]),
    Buffer.from(oddJson(chance)),
    Buffer.alloc(0),
  ])
}

function oddHeader(chance: Chance): Record<string, string> {
  const name = chance.pick([
    'idempotency-key',
    'x-workspace-id',
    'x-csrf-token',
    'cookie',
    'origin',
    'user-agent',
    'x-forwarded-for',
    'cf-ipcountry',
    'cf-ipcity',
    'accept',
    'accept-encoding',
    'if-none-match',
    'range',
    'x-request-id',
    'referer',
  ])
  return { [name]: latin(name === 'cookie' ? `throughline_session=${oddText(chance)}` : oddText(chance)) }
}

/** As it is, or as an address should have it. A lone escape is a mistake of its own. */
function escaped(text: string): string {
  return /^[\w.%-]*$/.test(text) ? text : encodeURIComponent(text)
}

/** What Node's client lets into a header. */
function latin(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}
