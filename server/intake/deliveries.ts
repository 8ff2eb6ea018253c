import type { IntakeDeliveriesQuery, IntakeDelivery, IntakeDeliveryShown } from '../../shared/intake.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'

/** What came to the webhooks of a workspace, the newest first. A state is written out, so that its partial index can be used. */
export async function listDeliveries(sql: Sql, workspace_id: number, { limit = 50, cursor, ...query }: IntakeDeliveriesQuery) {
  const { webhook_id, provider_id, state, lead_id, since, until } = query
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<IntakeDelivery[]>`
    select ${columns(sql)}
      from (select *
              from intake_deliveries d
             where d.workspace_id = ${workspace_id}
               ${before === undefined ? sql`` : sql`and d.id < ${before}`}
               ${webhook_id === undefined ? sql`` : sql`and d.webhook_id = ${webhook_id}`}
               ${provider_id === undefined ? sql`` : sql`and d.provider_id = ${provider_id}`}
               ${state === undefined ? sql`` : sql`and d.state = '${sql.unsafe(state)}'`}
               ${lead_id === undefined ? sql`` : ofLead(sql, workspace_id, lead_id)}
               ${since === undefined ? sql`` : sql`and d.received_at >= ${since}::text::timestamptz`}
               ${until === undefined ? sql`` : sql`and d.received_at < ${until}::text::timestamptz`}
             order by d.id desc
             limit ${limit + 1}) d
      join intake_webhooks i on i.workspace_id = d.workspace_id and i.id = d.webhook_id
     order by d.id desc`
  return pageOf(rows, limit, last => [last.id])
}

/** By way of the lead, which knows its delivery: a delivery knows its first lead only. */
function ofLead(sql: Sql, workspace_id: number, lead_id: number) {
  return sql`and d.id = (select l.delivery_id from leads l where l.workspace_id = ${workspace_id} and l.id = ${lead_id})`
}

/** One delivery with everything that came and what was answered. Throws `not_found`. */
export async function findDelivery(sql: Sql, workspace_id: number, id: number): Promise<IntakeDeliveryShown> {
  const [row] = await sql<(Omit<IntakeDeliveryShown, 'body'> & { body: Buffer })[]>`
    select ${columns(sql)}, d.method, d.headers, host(d.ip) as ip, d.query, d.body, d.results, d.answered
      from intake_deliveries d
      join intake_webhooks i on i.workspace_id = d.workspace_id and i.id = d.webhook_id
     where d.workspace_id = ${workspace_id} and d.id = ${id}`
  if (!row) throw refuse('not_found')
  return { ...row, body: row.body.toString('utf8') }
}

function columns(sql: Sql) {
  return sql`
           d.id, d.webhook_id, i.name as webhook, d.provider_id, d.received_at, d.format, d.content_type, octet_length(d.body) as bytes,
           d.delivery_key, d.parts, d.state, d.reason, d.error, d.fields, d.lead_id, d.contact_id, d.appointment_id, d.tries, d.processed_at`
}
