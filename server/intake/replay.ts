import type postgres from 'postgres'
import type { IntakeWaiting, IntakeWaitingReplay, IntakeWaitingReplayed } from '../../shared/intake.ts'
import type { Database, Sql } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import type { Intake } from './intake.ts'
import { readStored } from './stored.ts'

/** What may be looked at again: everything that is not made into leads already, or will be by itself. */
const AGAIN = ['quarantined', 'captured', 'refused', 'duplicate', 'ignored'] as const

/** How many are made at once, so that a selection of any size needs little memory. */
const CHUNK = 100

/**
 * Processes deliveries again, after a mapping was mended or a cap was raised. A lead that was made is never made twice: accepted ones, and
 * the accepted parts of others, stay as they are. Returns how many were processed. `not_found`: one of them is nobody's here.
 */
export async function replaySelection(database: Database, intake: Intake, workspace_id: number, ids: number[]): Promise<number> {
  const opened = await inWorkspace(database, workspace_id, async sql => {
    const rows = await sql`select from intake_deliveries where workspace_id = ${workspace_id} and id = any(${ids}::bigint[])`
    if (rows.length < ids.length) throw refuse('not_found')
    return reopen(sql, workspace_id, sql`d.id = any(${ids}::bigint[])`)
  })
  return processAll(database, intake, workspace_id, opened)
}

/** How many a webhook has in quarantine, and captured. */
export async function countWaiting(sql: Sql, workspace_id: number, webhook_id: number): Promise<IntakeWaiting> {
  const [row] = await sql<IntakeWaiting[]>`
    select count(*) filter (where state = 'quarantined')::int as quarantined,
           count(*) filter (where state = 'captured')::int    as captured
      from intake_deliveries
     where workspace_id = ${workspace_id} and webhook_id = ${webhook_id} and state in ('quarantined', 'captured')`
  return row!
}

/**
 * What a webhook has in quarantine, or captured, from `after_id` on: all of it, or the next so many, the oldest first. What waits again
 * afterwards is behind the part in which it was looked at, so whoever goes on from `next_after_id` looks at each once.
 */
export async function replayWaiting(
  database: Database,
  intake: Intake,
  workspace_id: number,
  webhook_id: number,
  { after_id = 0, limit = Number.POSITIVE_INFINITY }: IntakeWaitingReplay,
): Promise<IntakeWaitingReplayed> {
  let deliveries = 0
  let next_after_id = after_id
  for (let left = limit; left > 0; ) {
    const { found, opened } = await inWorkspace(database, workspace_id, async sql => {
      const rows = await sql<{ id: number }[]>`
        select id
          from intake_deliveries
         where workspace_id = ${workspace_id} and webhook_id = ${webhook_id} and state in ('quarantined', 'captured')
           and id > ${next_after_id}
         order by id
         limit ${Math.min(CHUNK, left)}`
      const found = rows.map(row => row.id)
      return { found, opened: await reopen(sql, workspace_id, sql`d.id = any(${found}::bigint[])`) }
    })
    if (found.length === 0) return { deliveries, next_after_id: null }
    deliveries += await processAll(database, intake, workspace_id, opened)
    left -= found.length
    next_after_id = found.at(-1)!
  }
  return { deliveries, next_after_id }
}

async function reopen(sql: postgres.TransactionSql, workspace_id: number, which: postgres.Fragment): Promise<number[]> {
  await lockIdentity(sql, [workspace_id])
  const rows = await sql<{ id: number }[]>`
    update intake_deliveries d
       set state = 'received',
           -- What could not be fetched is asked for again.
           fetched = (select jsonb_object_agg(key, value) from jsonb_each(d.fetched) where not value ? 'error')
     where d.workspace_id = ${workspace_id} and ${which}
       and (d.state = any(${[...AGAIN]}::text[])
         or d.state = 'accepted' and exists (select from jsonb_array_elements(d.results) r where r->>'state' <> 'accepted'))
    returning d.id`
  return rows.map(row => row.id).sort((one, other) => one - other)
}

async function processAll(database: Database, intake: Intake, workspace_id: number, ids: number[]): Promise<number> {
  for (let from = 0; from < ids.length; from += CHUNK) {
    const some = ids.slice(from, from + CHUNK)
    const waiting = await inWorkspace(database, workspace_id, sql =>
      readStored(sql, sql`d.workspace_id = ${workspace_id} and d.id = any(${some}::bigint[]) order by d.id`),
    )
    await Promise.all(waiting.map(one => intake.process(one)))
  }
  return ids.length
}
