import type postgres from 'postgres'
import type { Config } from '../config.ts'
import type { Sql } from '../database/connect.ts'
import type { Egress } from '../egress/egress.ts'
import { refuse } from '../errors.ts'
import { enqueue, enqueueAll } from '../queue/enqueue.ts'
import type { Job } from '../queue/job.ts'
import { type Worker, work } from '../queue/work.ts'
import { secretFor } from '../secrets.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { openSecrets } from './address.ts'
import { askBy } from './fetch.ts'
import type { Format } from './formats/format.ts'
import { FORMATS } from './formats/list.ts'
import { processEach } from './intake.ts'
import { storeDeliveries } from './store.ts'
import { readStored } from './stored.ts'

const QUEUE = 'intake_backfill'

type Backfill = { since: string }
type Means = { sql: postgres.Sql; config: Config; egress: Egress; log: { warn(details: object, sentence: string): void } }

/** What is asked for without a time. Each day it is asked for again, so a week bridges an outage of days. */
const DAYS = 7
const DELAYS = [300, 3600, 21_600]
const CHUNK = 200

/** Asks for a backfill in the caller's transaction. Refused for a format whose sender cannot be asked what it had. */
export async function askForBackfill(sql: Sql, workspace_id: number, id: number, format: string, since = daysAgo()) {
  if (!FORMATS.find(({ name }) => name === format)?.list) {
    throw refuse('invalid_request', { message: 'The sender of this webhook cannot be asked what it has sent. Only Meta can.' })
  }
  return { job_id: await enqueue(sql, jobOf(workspace_id, id, since)), since }
}

/** Every webhook whose sender can be asked, once a day. As the system's role. */
export async function backfillAll(sql: postgres.Sql): Promise<void> {
  const rows = await sql<{ workspace_id: number; id: number }[]>`
    select workspace_id, id
      from intake_webhooks
     where format = any(${FORMATS.flatMap(({ name, list }) => (list ? [name] : []))}::text[]) and active and deleted_at is null
       and secrets is not null`
  await enqueueAll(
    sql,
    rows.map(({ workspace_id, id }) => jobOf(workspace_id, id, daysAgo())),
  )
}

/**
 * Lists what the sender had and stores an announcement of each that never came, as the sender would have made it: it is then fetched and
 * made into a lead as any other. What came before has the same key, so nothing is made twice.
 */
export function startBackfilling({ sql, config, egress, log }: Means): Worker {
  const key = secretFor(config, 'intake')
  const numbers = visitorNumbers()
  return work<Backfill>(sql, {
    queue: QUEUE,
    concurrency: 2,
    share: 1,
    delays: DELAYS,
    log,
    run: async (job, { signal, progress }) => {
      const webhook = await find(sql, job)
      const format = FORMATS.find(({ name }) => name === webhook?.format)
      if (!webhook || !format?.list || !format.announce) return 'the webhook was changed meanwhile'
      const secrets = openSecrets(key, webhook.secrets, { workspace_id: job.workspace_id, id: webhook.id })
      const listed = await format.list(job.payload.since, secrets, askBy(egress, signal))
      if (!listed.ok) throw new Error(listed.reason)
      const missing = await missingOf(sql, job.workspace_id, webhook.id, listed.ids)
      for (let from = 0; from < missing.length; from += CHUNK) {
        const some = missing.slice(from, from + CHUNK).map(id => announcementOf(job.workspace_id, webhook.id, format, id))
        const ids = (await storeDeliveries(sql, some)).flatMap(stored => (stored.kind === 'new' ? [stored.id] : []))
        const waiting = await readStored(sql, sql`d.workspace_id = ${job.workspace_id} and d.id = any(${ids}::bigint[])`)
        await processEach(sql, numbers, waiting)
        await progress({ listed: listed.ids.length, missing: missing.length, stored: Math.min(from + CHUNK, missing.length) })
      }
      return 'done'
    },
  })
}

async function find(sql: postgres.Sql, { workspace_id, key }: Job<Backfill>) {
  const [row] = await sql<{ id: number; format: string; secrets: string | null }[]>`
    select id, format, secrets
      from intake_webhooks
     where workspace_id = ${workspace_id} and id = ${Number(key.replace('webhook ', ''))} and deleted_at is null`
  return row
}

/** Leads have the sender's id, also those that came several in one delivery; deliveries that wait have it as their key. */
async function missingOf(sql: postgres.Sql, workspace_id: number, webhook_id: number, ids: string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id
      from (select distinct unnest(${ids}::text[]) as id) as listed
     where not exists (select from leads l where l.workspace_id = ${workspace_id} and l.webhook_id = ${webhook_id} and l.external_id = listed.id)
       and not exists (select
                         from intake_deliveries d
                        where d.workspace_id = ${workspace_id} and d.webhook_id = ${webhook_id} and d.delivery_key = 'lead ' || listed.id)
     order by id`
  return rows.map(row => row.id)
}

function announcementOf(workspace_id: number, webhook_id: number, format: Format, id: string) {
  return {
    workspace_id,
    webhook_id,
    provider_id: null,
    rate_limit: null,
    received_at: Date.now(),
    method: 'POST',
    content_type: 'application/json',
    headers: { 'x-throughline-backfill': 'true' },
    ip: '127.0.0.1',
    query: null,
    body: Buffer.from(JSON.stringify(format.announce!(id))),
    format: format.name,
    delivery_key: `lead ${id}`,
    is_promised: false,
    parts: 1,
    is_test: false,
    is_meeting: false,
  }
}

function jobOf(workspace_id: number, webhook_id: number, since: string) {
  return { workspace_id, queue: QUEUE, key: `webhook ${webhook_id}`, payload: { since } satisfies Backfill }
}

function daysAgo() {
  return new Date(Date.now() - DAYS * 86_400_000).toISOString()
}
