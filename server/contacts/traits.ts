import type { ContactCreate } from '../../shared/contacts.ts'
import { refuse } from '../errors.ts'

/** Fields that are kept as traits, so that the newest of what was said by hand and by events is shown. */
const TRAITS = ['first_name', 'last_name', 'age', 'gender', 'address'] as const
const COLUMNS = new Set<string>(['email', 'phone', 'user_id', 'name', ...TRAITS])

/** What an edit says, as `{key: [value, epoch_ms]}`. Null says that there is none, from now on; until an event says otherwise. */
export function traitsOf(given: ContactCreate, at: number): Record<string, [unknown, number]> {
  const { properties = {} } = given
  const taken = Object.keys(properties).find(key => COLUMNS.has(key))
  if (taken !== undefined) throw refuse('invalid_fields', { fields: { [`properties.${taken}`]: 'is a field of its own' } })
  const named = TRAITS.flatMap(key => (given[key] === undefined ? [] : [[key, given[key]] as const]))
  const entries = [...named, ...Object.entries(properties)]
  if (entries.length > 200) throw refuse('invalid_fields', { fields: { properties: 'has more than 200 keys' } })
  return Object.fromEntries(entries.map(([key, value]) => [key, [clean(value), at]]))
}

function clean(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value.trim() === '' ? null : value.trim()
}
