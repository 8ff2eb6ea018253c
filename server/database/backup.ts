import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type postgres from 'postgres'
import { open } from './connect.ts'
import { asReader, type Table, tablesOf } from './tables.ts'

/** The first line of a backup. Behind it stands, for each table in this order, its name in a line, its rows as COPY writes them, and `\.`. */
export type Header = {
  throughline: 'backup'
  format: 1
  created_at: string
  /** Number of the newest migration: the version to restore into. */
  migration: number
  /** Months that `events` has a partition for, as the first day of each. */
  months: string[]
  tables: (Table & { rows: number })[]
  sequences: { name: string; last_value: number }[]
}

export type Backup = { migration: number; tables: number; rows: number; bytes: number }

/**
 * Writes every row of one moment (a single repeatable read) into one gzip file, which appears only when it is whole. The embedded
 * PostgreSQL brings no pg_dump; COPY is what that would use, too.
 */
export async function backUp(url: string, file: string, note: (line: string) => void): Promise<Backup> {
  const draft = `${file}.part`
  const sql = open(url)
  try {
    const header = await sql.begin('isolation level repeatable read read only', async tx => {
      const header = await describe(tx)
      const out = createWriteStream(draft, { mode: 0o600, flush: true })
      await pipeline(Readable.from(contents(tx, header, note)), createGzip({ level: 6 }), out)
      return header
    })
    await rename(draft, file)
    const rows = header.tables.reduce((sum, table) => sum + table.rows, 0)
    return { migration: header.migration, tables: header.tables.length, rows, bytes: (await stat(file)).size }
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function describe(tx: postgres.TransactionSql): Promise<Header> {
  const [migrated] = await tx`select to_regclass('public.migrations') is not null as is`
  if (!migrated!.is) throw new Error('There is nothing to back up: this database was never migrated.')
  const [newest] = await tx<{ number: number }[]>`select max(number) as number from public.migrations`
  const months = await tx<{ month: string }[]>`
    select to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') as month
      from pg_inherits
     where inhparent = 'public.events'::regclass
     order by 1`
  // No snapshot holds sequences still: these are the numbers of a moment later, which only leaves a gap.
  const sequences = await tx<Header['sequences']>`
    select sequencename::text as name, last_value from pg_sequences where schemaname = 'public' and last_value is not null order by 1`
  const tables = await tablesOf(tx)
  const counted: Header['tables'] = []
  for (const table of tables) counted.push({ ...table, rows: await asReader(tx, table, () => count(tx, table.name)) })
  return {
    throughline: 'backup',
    format: 1,
    created_at: new Date().toISOString(),
    migration: newest!.number,
    months: months.map(({ month }) => month),
    tables: counted,
    sequences: [...sequences],
  }
}

async function count(tx: postgres.TransactionSql, name: string): Promise<number> {
  const [row] = await tx<{ count: number }[]>`select count(*) from ${tx(`public.${name}`)}`
  return row!.count
}

async function* contents(tx: postgres.TransactionSql, header: Header, note: (line: string) => void) {
  yield `${JSON.stringify(header)}\n`
  for (const table of header.tables) {
    yield `${table.name}\n`
    yield* await asReader(tx, table, () => rowsOf(tx, table))
    yield '\\.\n'
    note(`${table.name} ... ${table.rows} ${table.rows === 1 ? 'row' : 'rows'}`)
  }
}

/** A chunk for each row is what arrives; 64 KB at a time is what gzip and the disk like. */
async function* rowsOf(tx: postgres.TransactionSql, { name, columns }: Table) {
  const list = columns.map(column => `"${column}"`).join(', ')
  // A partitioned table cannot be copied by its name.
  const copy = await tx.unsafe(`copy (select ${list} from public."${name}") to stdout`).readable()
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const row of copy as AsyncIterable<Buffer>) {
    waiting.push(row)
    bytes += row.length
    if (bytes < 65_536) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  yield Buffer.concat(waiting)
}
