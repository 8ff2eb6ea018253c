import type { IntakeWebhook, IntakeWebhooksQuery } from '../../shared/intake.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { openSecrets } from './address.ts'

/** As the table has it. The secrets are sealed. */
export type WebhookRow = Omit<IntakeWebhook, 'url' | 'secrets'> & { secrets: string | null }

/** Where its address begins, and the key of its secrets. */
export type Means = { public_url: string; key: Buffer }

/** The webhooks of a workspace that were not deleted, the newest first. */
export async function listWebhooks(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, q = '', active }: IntakeWebhooksQuery,
  means: Means,
) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<WebhookRow[]>`
    select ${columns(sql)}
      from intake_webhooks i
     where i.workspace_id = ${workspace_id} and i.deleted_at is null
       ${before === undefined ? sql`` : sql`and i.id < ${before}`}
       ${active === undefined ? sql`` : sql`and i.active = ${active}`}
       ${q.trim() === '' ? sql`` : sql`and i.name ilike ${`%${q.trim().replace(/[\\%_]/g, '\\$&')}%`}`}
     order by i.id desc
     limit ${limit + 1}`
  const { data, next_cursor } = pageOf(rows, limit, last => [last.id])
  return { data: data.map(row => show(workspace_id, row, means)), next_cursor }
}

/** Throws `not_found`, also for one that was deleted. */
export async function findWebhook(sql: Sql, workspace_id: number, id: number, means: Means): Promise<IntakeWebhook> {
  return show(workspace_id, await readWebhook(sql, workspace_id, id), means)
}

/** The row alone. `for update`: it stays as it is until the transaction ends. */
export async function readWebhook(sql: Sql, workspace_id: number, id: number, lock?: 'for update'): Promise<WebhookRow> {
  const [row] = await sql<WebhookRow[]>`
    select ${columns(sql)}
      from intake_webhooks i
     where i.workspace_id = ${workspace_id} and i.id = ${id} and i.deleted_at is null
     ${lock === undefined ? sql`` : sql`for update of i`}`
  if (!row) throw refuse('not_found')
  return row
}

function show(workspace_id: number, row: WebhookRow, { public_url, key }: Means): IntakeWebhook {
  const names = Object.keys(openSecrets(key, row.secrets, { workspace_id, id: row.id })).sort()
  return { ...row, url: `${public_url}/intake/${row.webhook_id}`, secrets: names.map(name => ({ name })) }
}

/** How many wait are counted as far as anybody would want to know. */
const MOST_COUNTED = 1000

function columns(sql: Sql) {
  return sql`
           i.id, i.webhook_id, i.name, i.lead_type, i.active, i.format, i.secrets, i.require_provider, i.require_signature, i.allowed_ips,
           i.dedupe_scope, i.dedupe_hours, i.cap_hour, i.cap_day, i.cap_month, i.mapping, i.filters, i.answer, i.test_mode, i.capture,
           i.source, i.pipeline_id, i.default_owner_id, i.redirect_url, i.created_at, i.updated_at,
           (select count(*)::int
              from (select
                      from intake_deliveries d
                     where d.workspace_id = i.workspace_id and d.webhook_id = i.id and d.state in ('quarantined', 'captured')
                     limit ${MOST_COUNTED}) w) as waiting,
           (select d.received_at
              from intake_deliveries d
             where d.workspace_id = i.workspace_id and d.webhook_id = i.id
             order by d.id desc
             limit 1) as last_received_at,
           ${today(sql, 'received')} as received_today, ${today(sql, 'accepted')} as accepted_today`
}

function today(sql: Sql, column: 'received' | 'accepted') {
  return sql`
           (select coalesce(sum(u.${sql(column)}), 0)::int
              from provider_usage u
             where u.workspace_id = i.workspace_id and u.webhook_id = i.id and u.day = (now() at time zone 'UTC')::date)`
}
