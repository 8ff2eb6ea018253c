import type { Sql } from '../database/connect.ts'

export type ConversionKey = { workspace_id: number; id: number }

/** What of a conversion is counted somewhere. Money is decimal text: it never is a float on its way to a sum. */
export type Image = ConversionKey & {
  day: string // in UTC
  type: string
  value: string
  refunded: string
  currency: string
  counts: boolean
  converted_at: Date
  funnel_id: string | null
  lead_id: number | null
  visitor_id: number | null
  contact_id: number | null // whose it is now
}

/** Of a row `n`, the contact `c` that it names and its visitor `v`: what is read of it, written once. */
export function imageColumns(sql: Sql) {
  return sql`
           n.workspace_id, n.id, (n.converted_at at time zone 'UTC')::date::text as day, n.type, n.value::text, n.refunded::text, n.currency,
           n.counts, n.converted_at, funnel_of(n.data) as funnel_id, n.lead_id, n.visitor_id, coalesce(c.merged_into, n.contact_id, v.contact_id) as contact_id`
}

/** The conversions as they are at this moment; the caller holds the identity lock, so they stay like that until it changes them. */
export async function readImages(sql: Sql, keys: ConversionKey[]): Promise<Image[]> {
  return sql<Image[]>`
    select ${imageColumns(sql)}
      from jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb) as k(workspace_id int, id bigint)
      join conversions n on n.workspace_id = k.workspace_id and n.id = k.id
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id`
}
