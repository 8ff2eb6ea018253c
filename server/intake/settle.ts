import type postgres from 'postgres'
import { inWorkspaces, lockIdentity } from '../database/transaction.ts'
import { settle } from './answer.ts'
import type { Opened } from './consider.ts'
import type { Counted } from './decide.ts'
import type { PartState, Settled, Waiting } from './delivery.ts'
import { part } from './delivery.ts'
import type { Outcome } from './formats/format.ts'
import { openDeliveries } from './open.ts'

/** Writes what became of each delivery, and what its sender is told: one statement. */
export async function writeSettled(sql: postgres.TransactionSql, settled: Map<Waiting, Settled>): Promise<void> {
  if (settled.size === 0) return
  const rows = [...settled].map(([{ workspace_id, id, format }, one]) => ({
    ...one,
    workspace_id,
    id,
    format,
    parts: one.results.length,
    // Of a single lead everything stands in the delivery itself.
    results: one.results.length > 1 ? one.results : null,
  }))
  await sql`
    update intake_deliveries d
       set state = s.state, reason = s.reason, error = s.error, fields = s.fields, lead_id = s.lead_id, contact_id = s.contact_id,
           appointment_id = s.appointment_id,
           results = s.results, answered = s.answered, format = s.format, parts = s.parts, tries = d.tries + 1, processed_at = now()
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as s(workspace_id int, id bigint, state text, reason text, error text, fields jsonb, lead_id bigint, contact_id int,
             appointment_id bigint, results jsonb, answered jsonb, format text, parts int)
     where d.workspace_id = s.workspace_id and d.id = s.id`
}

/** A delivery that the database cannot make leads of, whatever it is together with. It waits for somebody to look at it. */
export async function refuseUnstorable(writer: postgres.Sql, waiting: Waiting): Promise<Outcome> {
  return inWorkspaces(writer, [waiting.workspace_id], async sql => {
    await lockIdentity(sql, [waiting.workspace_id])
    const { opened, ended } = await openDeliveries(sql, [waiting])
    if (opened.length === 0) return ended.get(waiting)!
    const settled = settle(waiting.id, [part('quarantined', { reason: 'unstorable' })])
    await writeSettled(sql, new Map([[waiting, settled]]))
    return settled.answered
  })
}

/** Raises the caps' counters: read and raised under the same lock, so a cap is never exceeded. */
export async function countCaps(sql: postgres.TransactionSql, counted: Counted[]): Promise<void> {
  if (counted.length === 0) return
  await sql`
    insert into intake_counters as c (workspace_id, scope, period, count)
    select workspace_id, scope, period, by
      from jsonb_to_recordset(${JSON.stringify(counted)}::text::jsonb) as r(workspace_id int, scope text, period timestamptz, by int)
     order by workspace_id, scope
    on conflict (workspace_id, scope, period) do update set count = c.count + excluded.count`
}

type Usage = {
  workspace_id: number
  provider_id: string
  webhook_id: number
  accepted: number
  duplicates: number
  refused: number
}

/** What became of what a provider sent, in leads. Trials do not count, and what is refused again when it is replayed counts once. */
export async function countUsage(sql: postgres.TransactionSql, opened: Opened[], settled: Map<Waiting, Settled>): Promise<void> {
  const counts = new Map<string, Usage>()
  for (const { waiting, earlier, is_first } of opened) {
    const { workspace_id, webhook_id } = waiting
    const provider_id = waiting.provider_id ?? ''
    const key = `${workspace_id} ${webhook_id} ${provider_id}`
    const count = counts.get(key) ?? { workspace_id, provider_id, webhook_id, accepted: 0, duplicates: 0, refused: 0 }
    settled.get(waiting)!.results.forEach(({ state, is_test }, at) => {
      const column = COLUMNS[state]
      if (is_test || column === undefined || earlier?.[at]?.state === 'accepted' || !(is_first || state === 'accepted')) return
      count[column]++
      counts.set(key, count)
    })
  }
  if (counts.size === 0) return
  await sql`
    insert into provider_usage as u (workspace_id, provider_id, webhook_id, day, accepted, duplicates, refused)
    select workspace_id, provider_id, webhook_id, (now() at time zone 'UTC')::date, accepted, duplicates, refused
      from jsonb_to_recordset(${JSON.stringify([...counts.values()])}::text::jsonb)
        as r(workspace_id int, provider_id text, webhook_id int, accepted int, duplicates int, refused int)
     order by workspace_id, provider_id, webhook_id
    on conflict (workspace_id, provider_id, webhook_id, day) do update
       set accepted = u.accepted + excluded.accepted, duplicates = u.duplicates + excluded.duplicates,
           refused = u.refused + excluded.refused`
}

const COLUMNS: Partial<Record<PartState, 'accepted' | 'duplicates' | 'refused'>> = {
  accepted: 'accepted',
  duplicate: 'duplicates',
  refused: 'refused',
  quarantined: 'refused',
}
