import { open } from '../../server/database/connect.ts'
import { migrate } from '../../server/database/migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the PostgreSQL that this project's tests run on, as its superuser. */
    server: string
  }
}

/** Nothing in these databases outlives the run, so nothing waits for the disk. A test of durability starts its own. */
export const UNSAFE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }

export const TEMPLATE = 'throughline_template'

/** Migrates the database that every test file gets a clone of. Returns the address of the server. */
export async function makeTemplate(server: string): Promise<string> {
  const sql = open(server)
  try {
    await sql.unsafe(`create database ${TEMPLATE}`)
    await migrate(databaseAt(server, TEMPLATE), 'db/migrations')
    await makePartitions(databaseAt(server, TEMPLATE))
    // A clone can only be made while nobody is connected to the original.
    await sql.unsafe(`alter database ${TEMPLATE} with allow_connections false is_template true`)
  } finally {
    await sql.end()
  }
  return server
}

export function databaseAt(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function makePartitions(url: string) {
  const sql = open(url)
  await sql`select ensure_event_partitions(now() - interval '1 month', now() + interval '2 months')`
  await sql.end()
}
