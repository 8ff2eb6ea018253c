import { readMigrations } from '../../database/migrate.ts'
import { migrationsFolder } from '../reach.ts'
import type { Finding, Patient } from './checks.ts'

export async function reachable({ sql, config }: Patient): Promise<Finding> {
  const [row] = await sql<{ size: string }[]>`select pg_size_pretty(pg_database_size(current_database())) as size`
  return { ok: true, found: `${config.database_url ? 'yours, from DATABASE_URL' : 'the embedded one'}, ${row!.size}` }
}

export async function version({ sql }: Patient): Promise<Finding> {
  const [row] = await sql<{ text: string; number: number }[]>`
    select current_setting('server_version') as text, current_setting('server_version_num')::int as number`
  return { ok: row!.number >= 150_000, found: `PostgreSQL ${row!.text}, 15 or newer is needed` }
}

export async function durability({ sql }: Patient): Promise<Finding> {
  const off = await sql<{ name: string }[]>`
    select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by 1`
  const names = off.map(({ name }) => name).join(', ')
  return { ok: !names, found: names ? `${names} is off: a power cut loses what was acknowledged` : 'a commit is on disk' }
}

export async function migrations({ sql }: Patient): Promise<Finding> {
  const [table] = await sql`select to_regclass('public.migrations') is not null as there`
  const applied = table!.there
    ? await sql<{ number: number; checksum: string }[]>`select number, checksum from public.migrations`
    : []
  const known = await readMigrations(migrationsFolder())
  const waiting = known.filter(({ number }) => !applied.some(done => done.number === number)).map(({ name }) => name)
  const changed = known.filter(file => applied.some(done => done.number === file.number && done.checksum !== file.checksum))
  if (changed.length > 0)
    return { ok: false, found: `changed after they were applied: ${changed.map(({ name }) => name).join(', ')}` }
  if (waiting.length > 0)
    return { ok: false, found: `not applied: ${waiting.join(', ')}. Run throughline migrate, or start the server` }
  return { ok: true, found: `all ${known.length} are applied` }
}

export async function partitions({ sql }: Patient): Promise<Finding> {
  const missing = await sql<{ month: string }[]>`
    select to_char(month, 'YYYY_MM') as month
      from generate_series(date_trunc('month', now() at time zone 'UTC'), now() at time zone 'UTC' + interval '1 month', '1 month') as month
     where to_regclass('public.events_' || to_char(month, 'YYYY_MM')) is null`
  const months = missing.map(({ month }) => month).join(', ')
  return {
    ok: !months,
    found: months ? `none for ${months}; the running server makes them once a day` : 'this month and the next are there',
  }
}
