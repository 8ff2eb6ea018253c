import type { Custom } from '../../../fields/read-custom.ts'
import type { Field } from '../../../intake/formats/format.ts'
import { splitName } from '../../../intake/mapping.ts'
import { convert } from '../../../intake/values.ts'
import {
  asDay,
  type How,
  isEmpty,
  objectIn,
  readCells,
  readNumber,
  type Said,
  type Stored,
  withoutBlanks,
} from '../read-cells.ts'
import { readTime } from './read-time.ts'
import { kindOfLead } from './targets.ts'

/** What a row says of a lead. Absent is what it does not say; null takes away. */
export type LeadSays = {
  row: number
  id: number | null
  external_id: string | null
  /** Whose it is, where the row names a contact. */
  contact_id: number | null
  /** Of the person, by the names of intake: for a lead that is new. */
  values: Record<string, string | number | boolean>
  /** By the columns of leads. */
  details: Record<string, Said>
  /** As they stand in the file: what they name is looked up for each row. */
  lead_type?: string
  pipeline?: string
  status?: string
  owner?: string | null
  fields: Record<string, unknown>
  custom: Custom
  created_at: string | null
  closed_at: string | null
  missing: string[]
  problem: string | null
}

const PERSON = new Set(
  'email phone first_name last_name full_name age gender date_of_birth company job_title user_id distinct_id'.split(' '),
)
/** What is said of a lead once. */
const ONCE = new Set(['ip', 'user_agent'])
/** A lead always has one. */
const KEPT = new Set('priority is_test score contact_attempts'.split(' '))
const NAMED = ['lead_type', 'pipeline', 'status'] as const

/** A row by the mapping. What cannot be used of it is its problem, with the heading of its column: nothing of it is written then. */
export function readLead({ row, cells, problem }: Stored, how: How): LeadSays {
  const says: LeadSays = {
    row, id: null, external_id: null, contact_id: null, values: {}, details: {}, fields: {}, custom: {}, created_at: null, closed_at: null,
    missing: [], problem,
  } // biome-ignore format: a list
  if (problem !== null) return says
  readCells(cells, how, says, 'country', (target, cell, given, countries) =>
    isEmpty(cell) ? clear(says, given, target, how) : take(says, given, target, cell, countries, how),
  )
  splitName(says.values)
  return says
}

function clear(says: LeadSays, given: Custom, target: string, { empty }: How): undefined {
  if (empty === 'keep') return
  if (target === 'owner') says.owner ??= null
  else if (target.startsWith('custom.')) given[target.slice('custom.'.length)] ??= null
  else if (target.startsWith('fields.')) says.fields[target.slice('fields.'.length)] ??= null
  else if (isDetail(target) && !KEPT.has(target)) says.details[target] ??= { raw: null, value: null }
}

function isDetail(target: string) {
  const kind = kindOfLead(target)
  return (
    kind !== undefined && !PERSON.has(target) && !ONCE.has(target) && !['external_id', 'created_at', 'closed_at'].includes(target)
  )
}

/** Returns what is wrong with the cell, in a sentence. */
function take(says: LeadSays, given: Custom, target: string, cell: unknown, countries: string[], how: How): string | undefined {
  if (target === 'id' || target === 'contact_id') return takeNumber(says, target, cell)
  if (target === 'owner') says.owner ??= String(cell).trim().toLowerCase()
  else if (isNamed(target)) says[target] ??= String(cell).trim()
  else if (target === 'fields' || target === 'custom')
    return takeAll(target === 'fields' ? says.fields : given, cell, target, how)
  else if (target.startsWith('custom.')) given[target.slice('custom.'.length)] ??= asDay(cell, target, how)
  else if (target.startsWith('fields.'))
    says.fields[target.slice('fields.'.length)] ??= typeof cell === 'string' ? cell.trim() : cell
  else return takeRead(says, target, cell, countries, how)
  return undefined
}

function isNamed(target: string): target is (typeof NAMED)[number] {
  return (NAMED as readonly string[]).includes(target)
}

function takeNumber(says: LeadSays, target: 'id' | 'contact_id', cell: unknown): string | undefined {
  const read = readNumber(cell, target === 'id' ? 'lead' : 'contact')
  if (typeof read === 'string') return read
  says[target] = read
  return undefined
}

/** What a field held before it was archived is no mistake of the file. */
function takeAll(into: Custom, cell: unknown, target: 'fields' | 'custom', { fields }: How): string | undefined {
  const all = objectIn(cell)
  if (!all) return 'must be a JSON object'
  for (const [key, value] of Object.entries(all))
    if (target === 'fields' || !fields.some(field => field.key === key && field.archived_at !== null)) into[key] ??= value
  return undefined
}

function takeRead(says: LeadSays, target: string, cell: unknown, countries: string[], { days }: How): string | undefined {
  const kind = kindOfLead(target)!
  const read =
    kind === 'time'
      ? readTime(cell, days)
      : kind === 'whole'
        ? readWhole(cell)
        : convert(kind, (kind === 'date' && days !== null ? asDayOf(cell, days) : cell) as Field, countries)
  if (!read) return undefined
  if ('wrong' in read) return read.wrong
  const { value } = read
  if (target === 'external_id') says.external_id ??= String(value).slice(0, 200)
  else if (target === 'created_at' || target === 'closed_at') {
    if (Date.parse(String(value)) > Date.now()) return 'lies in the future'
    says[target] ??= String(value)
  } else if (PERSON.has(target) || ONCE.has(target)) says.values[target] ??= value
  else if (says.details[target] === undefined || says.details[target].value === null) says.details[target] = { raw: cell, value }
  return undefined
}

function asDayOf(cell: unknown, days: NonNullable<How['days']>) {
  const read = readTime(cell, days)
  return read && 'value' in read ? read.value.slice(0, 10) : cell
}

function readWhole(cell: unknown): { value: number } | { wrong: string } {
  const number = typeof cell === 'string' ? Number(cell.trim()) : cell
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= 1_000_000
    ? { value: number }
    : { wrong: 'must be a whole number of at most 1000000' }
}

/** For people: what a row says, by the names of the targets. */
export function leadAsShown(says: LeadSays): Record<string, unknown> {
  const {
    id,
    external_id,
    contact_id,
    values,
    details,
    fields,
    custom,
    lead_type,
    pipeline,
    status,
    owner,
    created_at,
    closed_at,
  } = says
  const named = (name: string, all: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(all).map(([key, value]) => [`${name}.${key}`, value]))
  const shown = {
    id, external_id, ...values, contact_id, lead_type, pipeline, status, owner,
    ...Object.fromEntries(Object.entries(details).map(([key, { value }]) => [key, value])),
    created_at, closed_at, ...named('fields', fields), ...named('custom', custom),
  } // biome-ignore format: a list
  return withoutBlanks(shown)
}
