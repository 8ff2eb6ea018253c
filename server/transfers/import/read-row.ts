import type { CustomField } from '../../../shared/custom-fields.ts'
import type { ImportSettings } from '../../../shared/imports.ts'
import { type Custom, missingIn, readCustom } from '../../fields/read-custom.ts'
import { readDay } from '../../fields/values.ts'
import type { Field } from '../../intake/formats/format.ts'
import { splitName } from '../../intake/mapping.ts'
import { convert, textOf } from '../../intake/values.ts'
import { kindOf } from './targets.ts'

/** How the rows of a file are read. */
export type How = ImportSettings & { headers: string[]; fields: readonly CustomField[]; country: string; format: 'csv' | 'jsonl' }

/** A value as it stood, and as it is understood: what says the same in another spelling is no change. */
export type Said = { raw: unknown; value: unknown }

/** What a row says about somebody. Absent is what it does not say; null takes away. */
export type RowSays = {
  row: number
  email?: string | null
  phone?: string | null
  user_id: string | null
  id: number | null
  traits: Record<string, Said>
  /** Parts of an address by their names; null: there is none. */
  address?: Record<string, Said> | null
  custom: Custom
  owner?: string | null
  tags: string[]
  /** A cell of tags as it stood: a tag may have a separator in its name. */
  tag_text: string | null
  missing: string[]
  problem: string | null
}

type Stored = { row: number; cells: unknown[]; problem: string | null }

/** A row by the mapping. What cannot be used of it is its problem, with the heading of its column: nothing of it is written then. */
export function readRow({ row, cells, problem }: Stored, how: How): RowSays {
  const says: RowSays = { row, user_id: null, id: null, traits: {}, custom: {}, tags: [], tag_text: null, missing: [], problem }
  if (problem !== null) return says
  const problems: string[] = []
  const columns = placesOf(how)
  const countries = [...countryOf(cells, columns, 'address.country'), how.country]
  const given: Custom = {}
  for (const { header, target, at, fixed } of columns) {
    const cell = at === null ? fixed : cells[at]
    const wrong = isEmpty(cell) ? clear(says, given, target, how) : take(says, given, target, cell, countries, how)
    if (wrong !== undefined) problems.push(`${header} ${wrong}`)
  }
  const { custom, problems: wrong } = readCustom(how.fields, given)
  says.custom = custom
  says.missing = Object.keys(missingIn(how.fields, custom))
  for (const [name, sentence] of Object.entries(wrong)) problems.push(`${name} ${sentence}`)
  if (problems.length > 0) says.problem = problems.join('; ').slice(0, 1000)
  return says
}

type Column = { header: string; target: string; at: number | null; fixed: string | null }

const places = new WeakMap<How, Column[]>()

/** Once for all rows. */
export function placesOf(how: How): Column[] {
  const known = places.get(how)
  if (known) return known
  const at = new Map(how.headers.map((header, k) => [header, k]))
  const columns = [
    ...how.columns.flatMap(({ header, target }) =>
      target === null ? [] : [{ header, target, at: at.get(header) ?? null, fixed: null }],
    ),
    ...how.fixed.map(({ target, value }) => ({ header: target, target, at: null, fixed: value })),
  ]
  places.set(how, columns)
  return columns
}

/** It says how the phone was written. */
export function countryOf(cells: unknown[], columns: Column[], named: string): string[] {
  const column = columns.find(({ target }) => target === named)
  const cell = column && (column.at === null ? column.fixed : cells[column.at])
  const read = isEmpty(cell) ? undefined : convert('country', cell as Field, [])
  return read && 'value' in read ? [String(read.value)] : []
}

export function isEmpty(cell: unknown) {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}

/** An empty cell says nothing, or that there is none. Where two columns fill one field, the one that has something says it. */
function clear(says: RowSays, given: Custom, target: string, { empty }: How): undefined {
  if (empty === 'keep') return
  if (target === 'email' || target === 'phone' || target === 'owner') says[target] ??= null
  else if (target === 'address' || target.startsWith('address.')) says.address ??= null
  else if (target.startsWith('custom.')) given[target.slice('custom.'.length)] ??= null
  else if (!['user_id', 'id', 'tags', 'full_name', 'properties', 'custom'].includes(target))
    says.traits[target.replace(/^properties\./, '')] ??= { raw: null, value: null }
}

/** Returns what is wrong with the cell, in a sentence. */
function take(says: RowSays, given: Custom, target: string, cell: unknown, countries: string[], how: How): string | undefined {
  if (target === 'id') return takeId(says, cell)
  if (target === 'owner') says.owner ??= String(cell).trim().toLowerCase()
  else if (target === 'tags') takeTags(says, cell)
  else if (target === 'address') return takeAddress(says, cell)
  else if (target === 'properties' || target === 'custom') return takeAll(says, given, target, cell)
  else if (target.startsWith('custom.')) given[target.slice('custom.'.length)] ??= asDay(cell, target, how)
  else if (target.startsWith('properties.') && kindOf(target) === undefined)
    tell(says, target.slice('properties.'.length), cell, cell)
  else return takeRead(says, target, cell, countries, how)
  return undefined
}

function takeId(says: RowSays, cell: unknown) {
  const id = Number(cell)
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) return 'must be the number of a contact'
  says.id = id
  return undefined
}

/** `Baker; Member 2026`, a list, or tags as the API shows them. */
function takeTags(says: RowSays, cell: unknown) {
  const text = typeof cell === 'string' ? cell.trim() : null
  const list = text !== null ? text.split(text.includes(';') ? ';' : ',') : [cell].flat()
  const names = list.map(one =>
    String((one as { name?: unknown } | null)?.name ?? one)
      .trim()
      .replace(/\s+/g, ' '),
  )
  says.tag_text = text
  says.tags.push(...names.filter(name => name !== '').map(name => name.slice(0, 100)))
}

function takeAddress(says: RowSays, cell: unknown): string | undefined {
  if (typeof cell === 'string' && !cell.trim().startsWith('{')) {
    tell(says, 'address', cell, cell)
    return undefined
  }
  const parts = objectIn(cell)
  if (!parts) return 'must be a text or a JSON object'
  says.address = Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, { raw: value, value }]))
  return undefined
}

function takeAll(says: RowSays, given: Custom, target: 'properties' | 'custom', cell: unknown): string | undefined {
  const all = objectIn(cell)
  if (!all) return 'must be a JSON object'
  for (const [key, value] of Object.entries(all)) {
    if (target === 'custom') given[key] ??= value
    else says.traits[key] ??= { raw: value, value }
  }
  return undefined
}

export function objectIn(cell: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = typeof cell === 'string' ? JSON.parse(cell) : cell
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** In the order of days that the file has. */
export function asDay(cell: unknown, target: string, { fields, days }: How): unknown {
  const type = fields.find(({ key }) => `custom.${key}` === target)?.type
  return days !== null && (type === 'date' || type === 'datetime') ? (readDay(cell, days) ?? cell) : cell
}

function takeRead(says: RowSays, target: string, cell: unknown, countries: string[], { days }: How): string | undefined {
  const kind = kindOf(target) ?? 'text'
  const read = convert(kind, (kind === 'date' && days !== null ? (readDay(cell, days) ?? cell) : cell) as Field, countries)
  if (!read) return undefined
  if ('wrong' in read) return read.wrong
  const { value } = read
  if (target === 'email' || target === 'phone') says[target] ??= String(value)
  else if (target === 'user_id') says.user_id ??= String(value)
  else if (target === 'full_name') {
    const names: Record<string, string | number | boolean> = { full_name: value }
    splitName(names)
    for (const [name, part] of Object.entries(names)) tell(says, name, part, part)
  } else if (target.startsWith('address.')) {
    says.address ??= {}
    says.address[target.slice('address.'.length)] ??= { raw: cell, value }
  } else tell(says, target.replace(/^properties\./, ''), cell, value)
  return undefined
}

function tell(says: RowSays, key: string, raw: unknown, value: unknown) {
  const known = says.traits[key]
  if (known === undefined || known.value === null)
    says.traits[key] = { raw, value: typeof value === 'string' ? value.trim() : value }
}

/** For people: what a row says, by the names of the targets. */
export function asShown({ traits, address, custom, tags, email, phone, user_id, id, owner }: RowSays): Record<string, unknown> {
  const shown = {
    id, user_id, email, phone, ...Object.fromEntries(Object.entries(traits).map(([key, { value }]) => [key, value])),
    ...(address && { address: Object.fromEntries(Object.entries(address).map(([key, { value }]) => [key, value])) }),
    ...Object.fromEntries(Object.entries(custom).map(([key, value]) => [`custom.${key}`, value])),
    owner, ...(tags.length > 0 && { tags }),
  } // biome-ignore format: a list
  return Object.fromEntries(
    Object.entries(shown).filter(([, value]) => value !== null && value !== undefined && textOf(value as Field) !== undefined),
  )
}
