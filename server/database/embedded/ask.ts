import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

export type Answer = 'ready' | 'starting' | 'stopping' | 'no_database' | 'wrong_password' | 'silent'

/** Asks the PostgreSQL at this address how it is; no answer within `deadline` milliseconds is an answer too. */
export async function ask(url: string, deadline: number): Promise<Answer> {
  const sql = connect(url, deadline)
  const answered = new AbortController()
  try {
    const silence = sleep(deadline, 'silent' as const, { signal: answered.signal })
    return await Promise.race([sql`select 1`.then(() => 'ready' as const), silence])
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
    if ((error as { code?: string }).code !== '42P04') throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
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
