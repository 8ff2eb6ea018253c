import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'
import type { Waiting } from './delivery.ts'
import { asMeetings, formatOf, type Row, rawOf, readWith } from './read.ts'

type Stored = Row & {
  workspace_id: number
  webhook_id: number
  id: number
  provider_id: string | null
  received_at: Date
  is_meeting: boolean
  webhook_format: string
}

/** Deliveries as they were stored, read anew in the format that their webhook has now. `where` speaks of `d`, the delivery. */
export async function readStored(sql: Sql, where: postgres.Fragment): Promise<Waiting[]> {
  const rows = await sql<Stored[]>`
    select d.workspace_id, d.webhook_id, d.id, d.provider_id, d.received_at, d.method, d.headers, d.query, d.body, d.content_type,
           host(d.ip) as ip, d.is_meeting, i.format as webhook_format
      from intake_deliveries d
      join intake_webhooks i on i.workspace_id = d.workspace_id and i.id = d.webhook_id
     where ${where}`
  return rows.map(row => {
    const { workspace_id, webhook_id, id, provider_id, received_at, is_meeting } = row
    const raw = rawOf(row)
    const format = formatOf(row.webhook_format, raw)
    const read = readWith(format, raw)
    return {
      workspace_id,
      webhook_id,
      id,
      provider_id,
      received_at: received_at.getTime(),
      format: format.name,
      is_meeting,
      read: is_meeting ? asMeetings(read) : read,
    }
  })
}
