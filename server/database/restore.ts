import { createReadStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type postgres from 'postgres'
import type { Header } from './backup.ts'
import { open } from './connect.ts'
import { migrate } from './migrate.ts'
import { sections } from './sections.ts'
import { asReader, tablesOf } from './tables.ts'

export type Restored = { tables: number; rows: number; migrations_applied: string[] }

/**
 * Reads a backup into an empty database: migrated to the version of the backup, filled in one transaction (so all of it or nothing),
 * then brought to the newest version.
 */
export async function restore(url: string, file: string, migrations: string, note: (line: string) => void): Promise<Restored> {
  const source = createReadStream(file)
  const unpacked = new PassThrough()
  const reading = pipeline(source, createGunzip(), unpacked)
  reading.catch(error => unpacked.destroy(error))
  const sql = open(url)
  try {
    const parts = sections(unpacked)
    const header = await readHeader(parts, file)
    await refuseFull(sql)
    await migrate(url, migrations, { to: header.migration })
    await sql.begin(tx => fill(tx, header, parts, note))
    const migrations_applied = await migrate(url, migrations)
    await sql`analyze`
    return { tables: header.tables.length, rows: header.tables.reduce((sum, table) => sum + table.rows, 0), migrations_applied }
  } finally {
    source.destroy()
    await sql.end({ timeout: 5 })
  }
}

async function readHeader(parts: ReturnType<typeof sections>, file: string): Promise<Header> {
  const line = await parts.line().catch(() => '')
  const header = line.startsWith('{') ? (JSON.parse(line) as Header) : undefined
  if (header?.throughline === 'backup' && header.format === 1) return header
  throw new Error(`${file} is not a backup that this release can read.`)
}

/** Rows that a wall hides are there, too: they are looked for as the backup looks. */
async function refuseFull(sql: postgres.Sql) {
  const full: string[] = []
  await sql.begin(async tx => {
    for (const table of await tablesOf(tx)) {
      const [row] = await asReader(tx, table, () => tx`select from ${tx(`public.${table.name}`)} limit 1`)
      if (row) full.push(table.name)
    }
  })
  if (full.length > 0)
    throw new Error(
      `This database is not empty (${full.slice(0, 3).join(', ')} ...), and a restore never mixes. Name a new one with DATABASE_URL, or a new folder with THROUGHLINE_HOME.`,
    )
}

async function fill(
  tx: postgres.TransactionSql,
  header: Header,
  parts: ReturnType<typeof sections>,
  note: (line: string) => void,
) {
  for (const month of header.months) await tx`select ensure_event_partitions(${month}::date, ${month}::date)`
  const names = header.tables.map(({ name }) => `public."${name}"`)
  if (names.length > 0) await tx.unsafe(`truncate ${names.join(', ')}`)
  for (const { name, last_value } of header.sequences) await tx`select setval(${`public."${name}"`}::regclass, ${last_value})`
  for (const table of header.tables) {
    await copyIn(tx, table, parts)
    note(`${table.name} ... ${table.rows} ${table.rows === 1 ? 'row' : 'rows'}`)
  }
}

async function copyIn(tx: postgres.TransactionSql, table: Header['tables'][number], parts: ReturnType<typeof sections>) {
  const name = await parts.line()
  if (name !== table.name) throw new Error(`The backup is damaged: it should go on with ${table.name}.`)
  // Whoever owns a table but is no superuser could not COPY into it while its wall stands.
  if (table.walled) await tx.unsafe(`alter table public."${table.name}" no force row level security`)
  const list = table.columns.map(column => `"${column}"`).join(', ')
  const writable = await tx.unsafe(`copy public."${table.name}" (${list}) from stdin`).writable()
  await pipeline(parts.rows(), writable)
  if (table.walled) await tx.unsafe(`alter table public."${table.name}" force row level security`)
  const [row] = await asReader(tx, table, () => tx<{ count: number }[]>`select count(*) from ${tx(`public.${table.name}`)}`)
  await tx`set local role none`
  if (row!.count !== table.rows)
    throw new Error(`The backup is damaged: of ${table.rows} rows of ${table.name} it has ${row!.count}.`)
}
