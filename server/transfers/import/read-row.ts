import type { Custom } from '../../fields/read-custom.ts'
import { readDay } from '../../fields/values.ts'
import type { Field } from '../../intake/formats/format.ts'
import { splitName } from '../../intake/mapping.ts'
import { convert } from '../../intake/values.ts'
import { asDay, type How, isEmpty, objectIn, readCells, readNumber, type Said, type Stored, withoutBlanks } from './read-cells.ts'
import { kindOf } from './targets.ts'

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

/** A row by the mapping. What cannot be used of it is its problem, with the heading of its column: nothing of it is written then. */
export function readRow({ row, cells, problem }: Stored, how: How): RowSays {
  const says: RowSays = { row, user_id: null, id: null, traits: {}, custom: {}, tags: [], tag_text: null, missing: [], problem }
  if (problem !== null) return says
  readCells(cells, how, says, 'address.country', (target, cell, given, countries) =>
    isEmpty(cell) ? clear(says, given, target, how) : take(says, given, target, cell, countries, how),
  )
  return says
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

function takeId(says: RowSays, cell: unknown): string | undefined {
  const read = readNumber(cell, 'contact')
  if (typeof read === 'string') return read
  says.id = read
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
  return withoutBlanks(shown)
}
