import type postgres from 'postgres'
import type { Config } from '../config.ts'
import { storable } from '../database/storable.ts'
import type { Egress } from '../egress/egress.ts'
import type { Job } from '../queue/job.ts'
import { type Worker, work } from '../queue/work.ts'
import { secretFor } from '../secrets.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { openSecrets } from './address.ts'
import type { Got } from './consider.ts'
import type { Waiting } from './delivery.ts'
import { FETCH_QUEUE, type FetchJob } from './fetch-later.ts'
import type { Ask, Secrets, Wanted } from './formats/format.ts'
import { FORMATS } from './formats/list.ts'
import { processEach } from './intake.ts'
import { readStored } from './stored.ts'

type Means = { sql: postgres.Sql; config: Config; egress: Egress; log: { warn(details: object, sentence: string): void } }

/** Seconds before each further attempt: a limit of the sender is over in an hour, a token that ran out is renewed within a day. */
const DELAYS = [60, 600, 3600, 21_600, 43_200]
/** Of one lead; a page of a backfill is fifty. */
const MOST_BYTES = 1024 * 1024

/** Gets what was asked for, no more than two at a time of one webhook, and makes leads of it. Runs as the system's role. */
export function startFetching({ sql, config, egress, log }: Means): Worker {
  const key = secretFor(config, 'intake')
  const numbers = visitorNumbers()
  return work<FetchJob>(sql, {
    queue: FETCH_QUEUE,
    concurrency: 8,
    share: 2,
    delays: DELAYS,
    log,
    run: async (job, { signal }) => {
      const found = await find(sql, job)
      if (!found) return 'it was made, or thrown away, meanwhile'
      const secrets = openSecrets(key, found.secrets, { workspace_id: job.workspace_id, id: found.waiting.webhook_id })
      const { got, later } = await fetchAll(found, secrets, askBy(egress, signal), job.attempt > DELAYS.length)
      await keep(sql, job, got, later === undefined ? 'received' : 'fetching')
      const [again] = await readStored(sql, sql`d.workspace_id = ${job.workspace_id} and d.id = ${job.payload.delivery_id}`)
      if (later === undefined && again) await processEach(sql, numbers, [again])
      if (later !== undefined) throw new Error(later)
      return 'done'
    },
  })
}

type Found = { waiting: Waiting; fetched: Got | null; secrets: string | null }

async function find(sql: postgres.Sql, { workspace_id, payload }: Job<FetchJob>): Promise<Found | undefined> {
  const [row] = await sql<{ fetched: Got | null; secrets: string | null }[]>`
    select d.fetched, i.secrets
      from intake_deliveries d
      join intake_webhooks i on i.workspace_id = d.workspace_id and i.id = d.webhook_id
     where d.workspace_id = ${workspace_id} and d.id = ${payload.delivery_id} and d.state in ('fetching', 'received')`
  const [waiting] = row ? await readStored(sql, sql`d.workspace_id = ${workspace_id} and d.id = ${payload.delivery_id}`) : []
  return row && waiting && { ...row, waiting }
}

/** One after the other. What may be had later is left out, and `later` says why, unless this is the last attempt. */
async function fetchAll({ waiting, fetched }: Found, secrets: Secrets, ask: Ask, is_last: boolean) {
  const format = FORMATS.find(({ name }) => name === waiting.format)
  const got: Got = {}
  let later: string | undefined
  for (const wanted of wantedOf(waiting)) {
    const known = fetched?.[wanted.id]
    if (known && 'fields' in known) continue
    const result = format?.fetch
      ? await format.fetch(wanted, secrets, ask)
      : { ok: false as const, again: false, reason: 'The format of this webhook was changed, and the new one fetches nothing.' }
    if (result.ok) got[wanted.id] = { fields: result.fields }
    else if (result.again && !is_last) later = result.reason
    else got[wanted.id] = { error: result.reason }
  }
  return { got, later }
}

function wantedOf({ read }: Waiting): Wanted[] {
  return read.ok ? read.items.flatMap(item => (item.kind === 'fetch' && item.fetch ? [item.fetch] : [])) : []
}

async function keep(sql: postgres.Sql, { workspace_id, payload }: Job<FetchJob>, got: Got, state: 'received' | 'fetching') {
  await sql`
    update intake_deliveries
       set fetched = coalesce(fetched, '{}') || ${JSON.stringify(storable(got))}::text::jsonb, state = ${state}, processed_at = now()
     where workspace_id = ${workspace_id} and id = ${payload.delivery_id} and state in ('fetching', 'received')`
}

export function askBy(egress: Egress, signal: AbortSignal): Ask {
  return async request => {
    const answer = await egress.send({ ...request, keep_bytes: MOST_BYTES, signal })
    if (!answer.ok) return { ok: false, reason: answer.message }
    if (answer.truncated) return { ok: false, reason: 'The answer was cut, or larger than one lead can be.' }
    return { ok: true, status: answer.status, body: answer.body }
  }
}
