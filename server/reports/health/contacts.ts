import type postgres from 'postgres'
import type { ContactHealth } from '../../../shared/health.ts'
import type { Sql } from '../../database/connect.ts'
import { type Counts, countContacts } from './count-contacts.ts'

/** So many are counted in some 50 ms, each time somebody asks. Of more the counts are kept. */
const FEW = 50_000
const FRESH_SECONDS = 120

type Kept = { counts: Counts; counted_at: string; is_fresh: boolean }

/**
 * How many contacts there are. Of a large workspace as they were counted a minute ago: reading them costs the same at any number, and
 * they are counted again by the schedule while somebody looks. Whoever is the first to look waits for the count.
 */
export async function readContactHealth(sql: Sql, workspace_id: number, few = FEW): Promise<ContactHealth> {
  const [kept] = await sql<Kept[]>`
    select counts, counted_at, counted_at > now() - make_interval(secs => ${FRESH_SECONDS}) as is_fresh
      from contact_health
     where workspace_id = ${workspace_id}`
  if (kept?.is_fresh) {
    await sql`
      update contact_health
         set asked_at = now()
       where workspace_id = ${workspace_id} and asked_at < now() - interval '1 hour'`
    return { ...kept.counts, counted_at: kept.counted_at }
  }
  const counts = await countContacts(sql, workspace_id)
  if (counts.contacts <= few) return { ...counts, counted_at: new Date().toISOString() }
  return { ...counts, counted_at: await keep(sql, workspace_id, counts) }
}

async function keep(sql: Sql, workspace_id: number, counts: Counts): Promise<string> {
  const [row] = await sql<{ counted_at: string }[]>`
    insert into contact_health (workspace_id, counts)
    values (${workspace_id}, ${JSON.stringify(counts)}::text::jsonb)
    on conflict (workspace_id) do update set counts = excluded.counts, counted_at = now(), asked_at = now()
    returning counted_at`
  return row!.counted_at
}

/** Of the schedule: counts again where somebody has looked within a day. */
export async function recountContacts(sql: postgres.Sql) {
  const rows = await sql<{ workspace_id: number }[]>`
    select workspace_id from contact_health where asked_at > now() - interval '1 day' order by counted_at`
  for (const { workspace_id } of rows) {
    const counts = await countContacts(sql, workspace_id)
    await sql`
      update contact_health
         set counts = ${JSON.stringify(counts)}::text::jsonb, counted_at = now()
       where workspace_id = ${workspace_id}`
  }
}
