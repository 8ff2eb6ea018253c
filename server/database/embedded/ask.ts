import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

export type Answer = 'ready' | 'starting' | 'stopping' | 'no_database' | 'aged_sorting' | 'wrong_password' | 'silent'

/** Asks the PostgreSQL at this address how it is; no answer within `deadline` milliseconds is an answer too. */
export async function ask(url: string, deadline: number): Promise<Answer> {
  const sql = connect(url, deadline)
  const answered = new AbortController()
  try {
    const silence = sleep(deadline, 'silent' as const, { signal: answered.signal })
    return await Promise.race([examine(sql), silence])
  } catch (error) {
    return judge(error as { code?: string; message?: string })
  } finally {
    answered.abort()
    await sql.end({ timeout: 0 })
  }
}

export async function createDatabase(url: string, name: string): Promise<void> {
  const sql = connect(url, 30_000)
  try {
    await sql`create database ${sql(name)}`
  } catch (error) {
    // It exists, or the session of a process that was killed is still making it.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** After an ICU of another version came with the programs: an index in the old order finds nothing in the new one. */
export async function renewSorting(url: string): Promise<void> {
  const sql = connect(url, 30_000)
  try {
    await sql`reindex database`
    await sql`alter database throughline refresh collation version`
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function examine(sql: postgres.Sql): Promise<Answer> {
  const [row] = await sql<{ aged: boolean }[]>`
    select coalesce(datcollversion <> pg_database_collation_actual_version(oid), false) as aged
    from   pg_database
    where  datname = current_database()`
  return row?.aged ? 'aged_sorting' : 'ready'
}

function connect(url: string, deadline: number): postgres.Sql {
  return postgres(url, { max: 1, connect_timeout: deadline / 1000, fetch_types: false, prepare: false, onnotice: () => {} })
}

function judge({ code, message = '' }: { code?: string; message?: string }): Answer {
  if (code === '57P03') return message.includes('shutting down') ? 'stopping' : 'starting'
  if (code === '3D000') return 'no_database'
  if (code === '28P01' || code === '28000') return 'wrong_password'
  // Too many connections: busy, but well.
  if (code === '53300') return 'ready'
  return 'silent'
}
