import { STAGES } from '../../shared/contacts.ts'
import type { EndpointCreate, EndpointFilter, FieldMap } from '../../shared/webhooks.ts'
import { judgeAddress } from '../egress/guard.ts'
import { refuse } from '../errors.ts'
import { listWebhookEvents } from './catalogue.ts'
import { judgeHeaders } from './headers.ts'
import { NO_SECRET } from './secrets.ts'
import { isSecret } from './sign.ts'

type Settings = Partial<Pick<EndpointCreate, 'url' | 'events' | 'filter' | 'field_map' | 'headers' | 'secret'>> &
  Pick<EndpointCreate, 'attempt_schedule' | 'attempt_delays'>

/** What a shape cannot tell of the settings of an endpoint. Throws `invalid_fields` with a sentence for each that is wrong. */
export function requireSettings(settings: Settings, allowed_cidrs: string[]): void {
  const { url, events = [], filter, field_map, headers = [], secret } = settings
  const fields = {
    ...judgeUrl(url, allowed_cidrs),
    ...judgeEvents(events),
    ...judgeSchedule(settings),
    ...judgeHeaders(headers),
    ...judgeFilter(filter ?? {}),
    ...judgeFieldMap(field_map ?? {}),
    ...(secret === undefined || isSecret(secret) ? {} : { secret: NO_SECRET }),
  }
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

function judgeUrl(url: string | undefined, allowed_cidrs: string[]): Record<string, string> {
  const wrong = url === undefined ? null : judgeAddress(url, allowed_cidrs)
  return wrong === null ? {} : { url: wrong }
}

/** Any name may be that of an event of one's own, so only what can be none is refused. */
function judgeEvents(events: string[]): Record<string, string> {
  const groups = new Set(listWebhookEvents().map(({ group }) => group))
  const fields: Record<string, string> = {}
  for (const [k, name] of events.entries()) {
    const field = `events.${k}`
    if (name === '*') continue
    if (name.endsWith('.*')) {
      if (!groups.has(name.slice(0, -2)))
        fields[field] = `is no group. There are ${[...groups].map(group => `${group}.*`).join(', ')}`
    } else if (name.includes('*')) fields[field] = 'must be a whole name, a group such as contact.*, or * for everything'
    else if (!isPlain(name)) fields[field] = 'must be plain text, with no space at its ends'
  }
  return fields
}

/** What the name of an event may be, so that it can be stored. */
export function isPlain(name: string): boolean {
  return name.trim() === name && !/[\p{Cc}\p{Cs}]/u.test(name)
}

function judgeSchedule({ attempt_schedule = 'default', attempt_delays }: Settings): Record<string, string> {
  if (attempt_schedule === 'custom' && attempt_delays === undefined)
    return { attempt_delays: 'is required for a schedule of your own: the seconds before the second, the third ... attempt' }
  if (attempt_schedule !== 'custom' && attempt_delays !== undefined)
    return { attempt_delays: 'belongs to attempt_schedule custom only' }
  return {}
}

function judgeFilter({ stages, segments, segment_ids, properties = [] }: EndpointFilter): Record<string, string> {
  const fields: Record<string, string> = {}
  if (stages?.length === 0) fields['filter.stages'] = AT_LEAST_ONE
  if (segments?.length === 0) fields['filter.segments'] = AT_LEAST_ONE
  if (segment_ids?.length === 0) fields['filter.segment_ids'] = AT_LEAST_ONE
  for (const [k, stage] of (stages ?? []).entries())
    if (!(STAGES as readonly string[]).includes(stage)) fields[`filter.stages.${k}`] = `must be one of ${STAGES.join(', ')}`
  for (const [k, { path, operator, value }] of properties.entries()) {
    const field = `filter.properties.${k}`
    const needs_none = operator === 'exists' || operator === 'exists_not'
    if (!isSource(path)) fields[`${field}.path`] = SOURCE
    if (!needs_none && value === undefined) fields[`${field}.value`] = `is required for ${operator}`
    else if (needs_none && value !== undefined) fields[`${field}.value`] = `must be left out for ${operator}`
    else if ((operator === 'greater' || operator === 'less') && !hasSize(value))
      fields[`${field}.value`] = 'must be a number or a time'
  }
  return fields
}

/** An empty list would let nothing through. */
const AT_LEAST_ONE = 'must name at least one, or be left out'

/** Whether the filter can compare with it. */
function hasSize(value: string | number | boolean | undefined) {
  if (typeof value !== 'string') return typeof value === 'number'
  if (value.trim() !== '' && Number.isFinite(Number(value))) return true
  return /^\d{4}-\d\d/.test(value) && !Number.isNaN(Date.parse(value))
}

function judgeFieldMap(field_map: FieldMap): Record<string, string> {
  const fields: Record<string, string> = {}
  const targets = Object.keys(field_map)
  for (const target of targets) {
    const source = field_map[target]
    const field = `field_map.${target}`
    if (!target.split('.').every(isName)) fields[field] = 'must be names with dots between them, such as person.mail'
    else if (targets.some(other => target.startsWith(`${other}.`)))
      fields[field] = 'cannot be inside of a field that has a value itself'
    else if (typeof source === 'string' && !isSource(source)) fields[field] = SOURCE
  }
  return fields
}

const SOURCE = 'must be a place in the body: event, timestamp, contact.email, data.amount'

function isSource(path: string) {
  const [first = '', ...rest] = path.split('.')
  if (first === 'event' || first === 'timestamp') return rest.length === 0
  return (first === 'contact' || first === 'data') && rest.every(isName)
}

function isName(name: string) {
  return name.length > 0
}
