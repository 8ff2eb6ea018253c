import { unguarded } from '../../../shared/csv.ts'
import { type ReadRow, readTable, separatorOf } from '../../../shared/csv-reader.ts'
import { storable } from '../../database/storable.ts'
import { decodeText, wrong } from './decode.ts'

/** A row of a file, a cell for each heading: texts of a table, and any JSON of JSON lines. */
export type FileRow = { row: number; cells: unknown[]; problem: string | null }

/** What was found out about a file while it was read. */
export type FileFacts = { format: 'csv' | 'jsonl'; encoding: string; separator: string | null; headers: string[] }

/** The most characters of the first line, by which the rest is understood. */
const LONGEST_HEADING = 1_000_000
const MOST_HEADERS = 1000

/**
 * The rows of a file, in groups, at the memory of one of them. What cannot be read of a row is its problem, what cannot be read at all is
 * thrown: `invalid_fields` with what to do. `facts` are whole when it has ended.
 */
export async function* readFile(
  bytes: AsyncIterable<Buffer>,
  given: { encoding?: string | undefined; separator?: string | undefined },
  facts: FileFacts,
): AsyncGenerator<FileRow[]> {
  const text = decodeText(bytes, given.encoding, encoding => {
    facts.encoding = encoding
  })
  let [heading, any] = ['', false]
  let read: Reader | undefined
  for await (const piece of text) {
    if (read) {
      yield read.push(piece)
      continue
    }
    heading += piece
    // Without a pattern that begins anew at each letter: of one long line that would take minutes.
    if (!/[\r\n]/.test(heading.trimStart()) && heading.length < LONGEST_HEADING) continue
    read = readerOf(heading.replace(/^\uFEFF/, ''), given.separator, facts)
    yield read.push(heading.replace(/^\uFEFF/, ''))
    any = true
  }
  if (!any) {
    const all = heading.replace(/^\uFEFF/, '')
    if (all.trim() === '') throw wrong('is empty')
    read = readerOf(all, given.separator, facts)
    yield read.push(all)
  }
  yield read!.end()
}

type Reader = { push(text: string): FileRow[]; end(): FileRow[] }

function readerOf(text: string, separator: string | undefined, facts: FileFacts): Reader {
  const start = text.trimStart()
  if (start.startsWith('['))
    throw wrong('is one list of JSON. Write one object on each line (JSON lines), without the brackets around them.')
  if (/^<(!doctype|html|\?xml)/i.test(start)) throw wrong('is a web page or XML. Send CSV or JSON lines.')
  facts.format = start.startsWith('{') ? 'jsonl' : 'csv'
  return facts.format === 'jsonl' ? readLines(facts) : readSheet(text, separator, facts)
}

function readSheet(text: string, given: string | undefined, facts: FileFacts): Reader {
  const first = /[^\r\n]*/.exec(text.trimStart())![0]
  // What Excel writes for itself.
  const told = /^"?sep=(.)"?$/i.exec(first.trim())?.[1]
  const separator = given ?? told ?? separatorOf(first)
  facts.separator = separator
  const table = readTable(separator)
  let is_open = false
  const understand = (rows: ReadRow[]) =>
    rows.flatMap(({ row, cells, problem }): FileRow[] => {
      if (!is_open) {
        if (told !== undefined && /^"?sep=/i.test(cells[0] ?? '')) return []
        if (problem !== undefined) throw wrong(`has no heading that can be read: its first row ${problem}`)
        facts.headers = uniqueNames(cells)
        is_open = true
        return []
      }
      const more = cells.slice(facts.headers.length).some(cell => cell.trim() !== '')
      const why = problem ?? (more ? `has ${cells.length} cells, the heading has ${facts.headers.length}` : null)
      return [{ row, cells: cells.slice(0, facts.headers.length).map(cell => clean(unguarded(cell))), problem: why }]
    })
  return { push: piece => understand(table.push(piece)), end: () => understand(table.end()) }
}

/** One object a line. An object within it is spread once, so that `address.city` has a column; what is deeper stays as it is. */
function readLines(facts: FileFacts): Reader {
  const places = new Map<string, number>()
  let [rest, row, too_long] = ['', 0, false]
  const place = (key: string) => {
    const known = places.get(key)
    if (known !== undefined) return known
    if (places.size >= MOST_HEADERS) throw wrong(`has more than ${MOST_HEADERS} different keys`)
    places.set(key, places.size)
    facts.headers.push(key)
    return places.size - 1
  }
  const line = (text: string): FileRow[] => {
    row++
    if (too_long) {
      too_long = false
      return [{ row, cells: [], problem: `has more than ${LONGEST_HEADING.toLocaleString('en')} characters` }]
    }
    if (text.trim() === '') return []
    const object = parse(text)
    if (!object) return [{ row, cells: [], problem: 'is not one JSON object' }]
    const cells: unknown[] = []
    for (const [key, value] of Object.entries(object)) {
      if (!isObject(value)) cells[place(clean(key))] = storable(value)
      else for (const [inner, one] of Object.entries(value)) cells[place(clean(`${key}.${inner}`))] = storable(one)
    }
    return [{ row, cells: Array.from(cells, cell => cell ?? null), problem: null }]
  }
  return {
    push(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      const rows = lines.flatMap(line)
      if (rest.length > LONGEST_HEADING) {
        rest = ''
        too_long = true
      }
      return rows
    },
    end: () => line(rest),
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every column can be told from the others: a name that is there already gets a number, an empty one its place. */
function uniqueNames(cells: string[]): string[] {
  const names: string[] = []
  for (const [k, cell] of cells.slice(0, MOST_HEADERS).entries()) {
    const name = clean(cell.trim()).slice(0, 200) || `Column ${k + 1}`
    let unique = name
    for (let n = 2; names.includes(unique); n++) unique = `${name} (${n})`
    names.push(unique)
  }
  return names
}

function clean(text: string) {
  return storable(text) as string
}
