import { setImmediate } from 'node:timers/promises'
import { type RoutingMatches, RoutingSettings, type RoutingTarget } from '../../../shared/routing.ts'
import { refuse } from '../../errors.ts'
import { explain, shapeCompiler } from '../../http/validate.ts'
import { bare } from '../../leads/choose.ts'
import { readCsv } from './csv.ts'
import { settingsFrom } from './rules.ts'

/** A row of an upload. `reason`: why it is no rule; then the settings say nothing. */
export type SheetRow = {
  line: number
  name: string
  settings: RoutingSettings
  position: number | undefined
  reason: string | null
}

/** Names that a file may use for what has a number here. */
export type Names = {
  users: Map<string, number>
  pools: Map<string, number>
  lists: Map<string, number>
  workspaces: Map<string, number>
}

const LISTS = ['types', 'products', 'sources', 'languages', 'states', 'countries', 'zips', 'zip_prefixes'] as const
const COLUMNS = [
  'name', 'position', 'active', ...LISTS, 'area_lists', 'score_from', 'score_to', 'weekdays', 'from', 'until', 'time_zone', 'valid_from',
  'valid_until', 'target', 'fallback', 'needs_free',
] as const // biome-ignore format: one word after the other
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>

export const MAX_ROWS = 10_000
const check = shapeCompiler()({ schema: RoutingSettings, httpPart: 'body', method: 'POST', url: '' })

/**
 * The rows of a file with a heading. Several values in one cell stand between `|`. Targets are `anna@example.com` or `user:7`, `pool:Closers`
 * or `pool:4`, `workspace:12` and `nobody`. Throws `invalid_fields` for a heading that is not known, and for too many rows.
 */
export async function readSheet(text: string, names: Names): Promise<SheetRow[]> {
  const [heading, ...rows] = readCsv(text)
  const columns = (heading?.cells ?? []).map(cell => bare(cell).replaceAll(' ', '_'))
  const strange = columns.find(column => column !== '' && !(COLUMNS as readonly string[]).includes(column))
  if (strange !== undefined)
    throw refuse('invalid_fields', { fields: { heading: `${strange} is no column: use ${COLUMNS.join(', ')}` } })
  for (const needed of ['name', 'target'])
    if (!columns.includes(needed)) throw refuse('invalid_fields', { fields: { heading: `the column ${needed} is missing` } })
  if (rows.length > MAX_ROWS) throw refuse('invalid_fields', { fields: { rows: `must be at most ${MAX_ROWS}` } })
  const read: SheetRow[] = []
  for (const { line, cells } of rows) {
    // Ten thousand take a second, in which the server has others to answer.
    if (read.length % 500 === 499) await setImmediate()
    const given = Object.fromEntries(columns.map((column, k) => [column, (cells[k] ?? '').trim()])) as Cells
    read.push({ line, name: given.name ?? '', ...readRow(given, names) })
  }
  return read
}

const NONE = settingsFrom({ name: '', target: { kind: 'nobody' }, active: false })

function readRow(cells: Cells, names: Names): Omit<SheetRow, 'line' | 'name'> {
  const wrong: string[] = []
  const read = <T>(column: keyof Cells, reader: (cell: string) => T | undefined, sentence: string): T | undefined => {
    const cell = cells[column]
    if (cell === undefined || cell === '') return undefined
    const value = reader(cell)
    if (value === undefined) wrong.push(`${column} ${sentence}`)
    return value
  }
  const target = read('target', cell => readTarget(cell, names), TARGET)
  const fallback = read('fallback', cell => all(partsOf(cell).map(part => readTarget(part, names))), TARGET)
  const needs_free = read('needs_free', readYes, 'must be true or false')
  const active = read('active', readYes, 'must be true or false')
  const position = read('position', readNumber, 'must be a number from 1 on')
  const matches = readMatches(cells, names, read)
  if (!target) wrong.push('target is missing')
  if (position !== undefined && position < 1) wrong.push('position must be a number from 1 on')
  if (wrong[0] !== undefined || !target) return { settings: NONE, position, reason: wrong[0]! }
  const settings = settingsFrom(
    defined({
      name: cells.name ?? '',
      target,
      matches,
      fallback: fallback as RoutingSettings['fallback'] | undefined,
      needs_free,
      active,
    }),
  )
  if (check(settings) === true) return { settings, position, reason: null }
  const [[field, sentence] = ['it', 'is wrong']] = Object.entries(explain(check.errors ?? []))
  return { settings: NONE, position, reason: `${field.replace('matches.', '')} ${sentence}` }
}

const TARGET = 'must be anna@example.com, pool:Closers, workspace:12 or nobody'
type Read = <T>(column: keyof Cells, reader: (cell: string) => T | undefined, sentence: string) => T | undefined

function readMatches(cells: Cells, { lists }: Names, read: Read): RoutingMatches {
  const time_zone = cells.time_zone || 'UTC'
  const weekdays = read('weekdays', cell => all(partsOf(cell).map(readWeekday)), 'must be Mon|Tue or 1|2')
  const [from, until] = [read('from', readClock, CLOCK), read('until', readClock, CLOCK)]
  const hours = (weekdays ?? from ?? until) ? { hours: { time_zone, ...defined({ weekdays, from, until }) } } : {}
  return {
    ...defined(Object.fromEntries(LISTS.map(column => [column, read(column, partsOf, '')]))),
    ...defined({
      area_lists: read(
        'area_lists',
        cell => all(partsOf(cell).map(part => readName(part, lists))),
        'must be names of area lists',
      ),
      score_from: read('score_from', readNumber, 'must be a whole number'),
      score_to: read('score_to', readNumber, 'must be a whole number'),
      valid_from: cells.valid_from || undefined,
      valid_until: cells.valid_until || undefined,
    }),
    ...hours,
  }
}

const CLOCK = 'must be a time of the day such as 09:00'

function readTarget(cell: string, { users, pools, workspaces }: Names): RoutingTarget | undefined {
  const [, kind, rest] = /^(user|person|pool|workspace):(.+)$/i.exec(cell) ?? []
  const given = (rest ?? '').trim()
  const of = (names: Map<string, number>) => readName(given, names)
  if (bare(cell) === 'nobody') return { kind: 'nobody' }
  if (kind === undefined) return targetOf(users.get(bare(cell)), user_id => ({ kind: 'person', user_id }))
  if (bare(kind) === 'pool') return targetOf(of(pools), pool_id => ({ kind: 'pool', pool_id }))
  if (bare(kind) === 'workspace') return targetOf(of(workspaces), workspace_id => ({ kind: 'workspace', workspace_id }))
  return targetOf(of(users), user_id => ({ kind: 'person', user_id }))
}

function targetOf(id: number | undefined, make: (id: number) => RoutingTarget): RoutingTarget | undefined {
  return id === undefined ? undefined : make(id)
}

/** A name, or the number itself. */
function readName(part: string, names: Map<string, number>): number | undefined {
  const number = readNumber(part)
  return names.get(bare(part)) ?? (number !== undefined && number >= 1 && number <= 2_147_483_647 ? number : undefined)
}

function readNumber(cell: string): number | undefined {
  return /^-?\d{1,9}$/.test(cell) ? Number(cell) : undefined
}

function readYes(cell: string): boolean | undefined {
  if (/^(true|yes|1)$/i.test(cell)) return true
  return /^(false|no|0)$/i.test(cell) ? false : undefined
}

function readClock(cell: string): string | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d\d)$/.exec(cell) ?? []
  return hours === undefined ? undefined : `${hours.padStart(2, '0')}:${minutes}`
}

function readWeekday(part: string): number | undefined {
  const place = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(bare(part).slice(0, 3)) + 1
  return place > 0 ? place : /^[1-7]$/.test(part) ? Number(part) : undefined
}

function partsOf(cell: string): string[] {
  return [...new Set(cell.split('|').map(part => part.trim()))].filter(part => part !== '')
}

function all<T>(values: (T | undefined)[]): T[] | undefined {
  return values.every(value => value !== undefined) ? (values as T[]) : undefined
}

function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
