import { readPath } from '../../shared/read-path.ts'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import type { Body } from './payload.ts'

type Rule = NonNullable<EndpointFilter['properties']>[number]

/**
 * Does a message pass what an endpoint asks of it? Everything that is given must hold; without a filter every message passes. Who is in
 * a segment of the workspace's own does not stand in the body, and is looked up for all messages at once (segments.ts).
 */
export function passes(body: Body, filter: EndpointFilter | null): boolean {
  if (filter === null) return true
  const { contact } = body
  if (filter.known_contacts_only && contact === null) return false
  if (filter.stages && !filter.stages.includes(contact?.stage ?? '')) return false
  if (filter.segments && !filter.segments.includes(contact?.segment ?? '')) return false
  return (filter.properties ?? []).every(rule => holds(rule, readPath(body, rule.path)))
}

/** What is missing is not, contains nothing, and is neither greater nor less. Of a list, one that is or contains it is enough. */
function holds({ operator, value: wanted = '' }: Rule, found: unknown): boolean {
  const values = Array.isArray(found) ? found : [found]
  switch (operator) {
    case 'exists':
      return found !== undefined && found !== null
    case 'exists_not':
      return found === undefined || found === null
    case 'is':
      return values.some(value => isAlike(value, wanted))
    case 'is_not':
      return !values.some(value => isAlike(value, wanted))
    case 'contains':
      return values.some(value => isScalar(value) && fold(value).includes(fold(wanted)))
    case 'greater':
      return values.some(value => (order(value, wanted) ?? 0) > 0)
    case 'less':
      return values.some(value => (order(value, wanted) ?? 0) < 0)
  }
}

/** A form sends 49 as text; the event may have had the number. */
function isAlike(value: unknown, wanted: string | number | boolean) {
  return isScalar(value) && String(value) === String(wanted)
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function fold(value: string | number | boolean) {
  return String(value).toLowerCase()
}

/** Numbers as numbers and times as times; undefined when the two cannot be compared. */
function order(value: unknown, wanted: string | number | boolean): number | undefined {
  const [one, other] = [measure(value), measure(wanted)]
  return one === undefined || other === undefined ? undefined : one - other
}

function measure(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  if (Number.isFinite(number)) return number
  const time = /^\d{4}-\d\d/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
