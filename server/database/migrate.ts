import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type postgres from 'postgres'
import { open } from './connect.ts'

export type Migration = { number: number; name: string; text: string; checksum: string }

/**
 * Brings a database of any version to the newest: numbered SQL files, forward only, each in a transaction of its own.
 * Two servers that start at once take turns. A file that changed after it ran, or a database newer than this release,
 * stops the start with a sentence. Returns the names of what was applied.
 */
export async function migrate(url: string, folder: string, { to = Number.POSITIVE_INFINITY }: { to?: number } = {}) {
  const migrations = (await readMigrations(folder)).filter(migration => migration.number <= to)
  const sql = open(url)
  try {
    await refuseOldServer(sql)
    await prepare(sql)
    const applied: string[] = []
    for (const migration of migrations) if (await apply(sql, migration)) applied.push(migration.name)
    await refuseNewerDatabase(sql, migrations, to)
    return applied
  } finally {
    await sql.end({ timeout: 5 })
  }
}

export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => /^\d{4}_\w+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async name => {
      const text = await readFile(join(folder, name), 'utf8')
      return { number: Number(name.slice(0, 4)), name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function refuseOldServer(sql: postgres.Sql) {
  const [row] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`
  if (row!.version < 150_000) {
    throw new Error(
      `Throughline needs PostgreSQL 15 or newer; DATABASE_URL points to version ${Math.floor(row!.version / 10_000)}.`,
    )
  }
}

async function prepare(sql: postgres.Sql) {
  await sql.begin(async tx => {
    await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
    await tx`
      create table if not exists migrations (
        number     int primary key,
        name       text not null,
        checksum   text not null,
        applied_at timestamptz not null default now()
      )`
  })
}

/** True when it was applied now, false when it had been. The lock is per migration, so a second server waits, then skips. */
function apply(sql: postgres.Sql, migration: Migration): Promise<boolean> {
  return sql.begin(async tx => {
    await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
    const [done] = await tx<{ checksum: string }[]>`select checksum from migrations where number = ${migration.number}`
    if (done && done.checksum !== migration.checksum) {
      throw new Error(
        `Migration ${migration.name} was changed after it had been applied to this database. Restore the file as released; a change belongs in a new migration.`,
      )
    }
    if (done) return false
    await tx.unsafe(migration.text)
    await tx`insert into migrations (number, name, checksum) values (${migration.number}, ${migration.name}, ${migration.checksum})`
    return true
  }) as Promise<boolean>
}

async function refuseNewerDatabase(sql: postgres.Sql, migrations: Migration[], to: number) {
  if (to !== Number.POSITIVE_INFINITY) return
  const newest = migrations.at(-1)?.number ?? 0
  const [row] = await sql<{ name: string }[]>`select name from migrations where number > ${newest} order by number desc limit 1`
  if (row)
    throw new Error(`This database was migrated by a newer release (${row.name}). Start that release, or restore a backup.`)
}

const MIGRATION_LOCK = 7_401
