import { randomId } from '@mantine/hooks'
import { ATTEMPT_DELAYS } from '../../../../shared/attempt-delays.ts'
import type { Endpoint, EndpointCreate, EndpointFilter, FieldMap } from '../../../../shared/webhooks.ts'

export type Rule = { key: string; path: string; operator: Operator; value: string }
export type Header = {
  key: string
  name: string
  value: string
  /** It has a value on the server, which is never shown. */
  kept: boolean
}
export type Delay = { key: string; amount: number | string; unit: Unit }
export type Field = { key: string; target: string; kind: 'field' | 'constant'; source: string }
export type Operator = NonNullable<EndpointFilter['properties']>[number]['operator']
export type Unit = keyof typeof UNITS

/** What is typed, as text where people type text. */
export type Values = {
  url: string
  name: string
  events: string[]
  funnel_id: string
  purpose: string
  known_contacts_only: boolean
  stages: string[]
  segments: string[]
  /** Of one's own: their ids, as fields have them. */
  segment_ids: string[]
  properties: Rule[]
  headers: Header[]
  rate_limit: number | string
  attempt_schedule: Endpoint['attempt_schedule']
  delays: Delay[]
  mapped: boolean
  fields: Field[]
}

/** An endpoint as a form shows it; without one, where a new one begins. */
export function valuesOf(endpoint?: Endpoint): Values {
  const filter = endpoint?.filter ?? {}
  return {
    url: endpoint?.url ?? '',
    name: endpoint?.name ?? '',
    events: endpoint?.events ?? [],
    funnel_id: endpoint?.funnel_id ?? '',
    purpose: endpoint?.purpose ?? '',
    known_contacts_only: filter.known_contacts_only ?? false,
    stages: filter.stages ?? [],
    segments: filter.segments ?? [],
    segment_ids: (filter.segment_ids ?? []).map(String),
    properties: (filter.properties ?? []).map(({ path, operator, value }) => ({
      ...newRule(),
      path,
      operator,
      value: String(value ?? ''),
    })),
    headers: (endpoint?.headers ?? []).map(({ name }) => ({ ...newHeader(), name, kept: true })),
    rate_limit: endpoint?.rate_limit ?? '',
    attempt_schedule: endpoint?.attempt_schedule ?? 'default',
    delays: (endpoint?.attempt_schedule === 'custom' ? endpoint.attempt_delays : ATTEMPT_DELAYS.default).map(delayOf),
    mapped: Boolean(endpoint?.field_map),
    fields: fieldsOf(endpoint?.field_map ?? { event: 'event', email: 'contact.email', time: 'timestamp' }),
  }
}

/** What somebody changed since `before`, on top of what is there now. */
export function keepChanges(values: Values, before: Values, now: Values): Values {
  const names = Object.keys(now) as (keyof Values)[]
  const changed = names.filter(name => JSON.stringify(values[name]) !== JSON.stringify(before[name]))
  return { ...now, ...Object.fromEntries(changed.map(name => [name, values[name]])) }
}

export const newRule = (): Rule => ({ key: randomId(), path: '', operator: 'is', value: '' })
export const newHeader = (): Header => ({ key: randomId(), name: '', value: '', kept: false })
export const newDelay = (): Delay => ({ key: randomId(), amount: 5, unit: 'min' })
export const newField = (): Field => ({ key: randomId(), target: '', kind: 'field', source: '' })

/** What is sent; rows that were left empty are left out, and a name left empty is the server's to choose. */
export function bodyOf(values: Values): Omit<EndpointCreate, 'secret' | 'active'> {
  const { url, name, events, funnel_id, purpose, rate_limit, attempt_schedule } = values
  return {
    url: url.trim(),
    ...(name.trim() && { name: name.trim() }),
    events,
    funnel_id: funnel_id.trim() || null,
    purpose: purpose.trim() || null,
    filter: filterOf(values),
    field_map: values.mapped ? fieldMapOf(values.fields) : null,
    headers: values.headers
      .filter(({ name }) => name.trim())
      .map(({ name, value, kept }) => ({ name: name.trim(), ...(!(kept && value === '') && { value }) })),
    rate_limit: rate_limit === '' ? null : Number(rate_limit),
    attempt_schedule,
    ...(attempt_schedule === 'custom' && { attempt_delays: values.delays.map(secondsOf) }),
  }
}

function filterOf({ known_contacts_only, stages, segments, segment_ids, properties }: Values): EndpointFilter | null {
  const rules = properties.filter(({ path }) => path.trim())
  const filter: EndpointFilter = {
    ...(known_contacts_only && { known_contacts_only }),
    ...(stages.length > 0 && { stages }),
    ...(segments.length > 0 && { segments }),
    ...(segment_ids.length > 0 && { segment_ids: segment_ids.map(Number) }),
    ...(rules.length > 0 && { properties: rules.map(ruleOf) }),
  }
  return Object.keys(filter).length ? filter : null
}

function ruleOf({ path, operator, value }: Rule) {
  return { path: path.trim(), operator, ...(needsValue(operator) && { value }) }
}

export const needsValue = (operator: Operator) => operator !== 'exists' && operator !== 'exists_not'

export function fieldMapOf(fields: Field[]): FieldMap {
  const named = fields.filter(({ target }) => target.trim())
  return Object.fromEntries(
    named.map(({ target, kind, source }) => [target.trim(), kind === 'field' ? source.trim() : { constant: meant(source) }]),
  )
}

function fieldsOf(field_map: FieldMap): Field[] {
  return Object.entries(field_map).map(([target, source]) =>
    typeof source === 'string'
      ? { ...newField(), target, source }
      : { ...newField(), target, kind: 'constant', source: written(source.constant) },
  )
}

/** `5`, `true` and `null` mean what they mean in JSON, `"5"` is a text; everything else is the text that it is. */
function meant(text: string): string | number | boolean | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? text : (value as string | number | boolean | null)
  } catch {
    return text
  }
}

/** The shortest that `meant` reads as this value. */
function written(value: string | number | boolean | null) {
  return typeof value === 'string' && meant(value) === value ? value : JSON.stringify(value)
}

const UNITS = { s: 1, min: 60, h: 3600 }

export const secondsOf = ({ amount, unit }: Pick<Delay, 'amount' | 'unit'>) => Math.round(Number(amount) * UNITS[unit])

function delayOf(seconds: number): Delay {
  const unit = seconds % 3600 === 0 ? 'h' : seconds % 60 === 0 ? 'min' : 's'
  return { key: randomId(), amount: seconds / UNITS[unit], unit }
}

/** What the server said of fields, at the places of the form where they stand. */
export function errorsOf(said: Record<string, string>, values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(said).map(([name, sentence]) => [placeOf(name, values), sentence]))
}

function placeOf(name: string, { fields, properties, headers }: Values) {
  const [first = '', ...rest] = name.replace(/^filter\./, '').split('.')
  if (first === 'field_map') {
    const target = rest.join('.')
    const index = fields.findIndex(field => field.target.trim() === target || field.target.trim() === rest[0])
    return index < 0 ? 'fields' : `fields.${index}.target`
  }
  // Rows that were left empty were not sent, so the server counts without them.
  if (first === 'properties' && rest.length)
    return shifted(
      first,
      properties.map(({ path }) => path),
      rest,
    )
  if (first === 'headers' && rest.length)
    return shifted(
      first,
      headers.map(({ name }) => name),
      rest,
    )
  if (first === 'attempt_delays') return rest.length ? `delays.${rest[0]}.amount` : 'delays'
  return first
}

function shifted(list: string, names: string[], [sent = '', field = list === 'headers' ? 'name' : 'path']: string[]) {
  const shown = names.flatMap((name, index) => (name.trim() ? [index] : []))
  return `${list}.${shown[Number(sent)] ?? sent}.${field}`
}
