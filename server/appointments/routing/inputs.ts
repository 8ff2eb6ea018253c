import type postgres from 'postgres'

/** An appointment that somebody should get. What it does not say itself is taken from its lead and its contact. */
export type Routable = {
  workspace_id: number
  /** null: it will be booked in this transaction, once somebody has it. */
  appointment_id: number | null
  contact_id: number | null
  lead_id: number | null
  type: string
  /** ISO 8601. */
  scheduled_at: string
  duration_minutes: number
  before_minutes?: number
  after_minutes?: number
  product?: string | null
  source?: string | null
  language?: string | null
  state?: string | null
  country?: string | null
  zip_code?: string | null
  score?: number | null
  is_test?: boolean
  /** It was handed on to this workspace, and is not handed on again. */
  is_copy?: boolean
}

/** What rules look at. */
export type Inputs = {
  type: string
  product: string | null
  source: string | null
  language: string | null
  state: string | null
  country: string | null
  zip_code: string | null
  score: number | null
  /** In ms: hours are asked of the time of the appointment. */
  scheduled_at: number
  /** Of the workspace's zone, when it is routed: days of validity are asked of it. */
  day: string
  /** Of the contact. */
  owner_id: number | null
}

/**
 * What is known of appointments of one workspace, in their order: their own word, else that of the lead, else that of the contact, which after a
 * merge is the one that is left. The product, source, language, area and score are looked for. One statement for any number.
 */
export async function readInputs(
  sql: postgres.TransactionSql,
  workspace_id: number,
  appointments: Routable[],
): Promise<Inputs[]> {
  const rows = await sql<Inputs[]>`
    select a.type, (extract(epoch from a.scheduled_at) * 1000)::float8 as scheduled_at, c.owner_id,
           coalesce(nullif(trim(a.product), ''), l.product) as product, coalesce(nullif(trim(a.source), ''), l.source) as source,
           coalesce(nullif(trim(a.language), ''), c.traits->'language'->>0) as language,
           coalesce(nullif(trim(a.state), ''), l.state, c.address->>'state') as state,
           coalesce(nullif(trim(a.country), ''), l.country, c.address->>'country', c.country_code) as country,
           coalesce(nullif(trim(a.zip_code), ''), l.zip_code, c.address->>'postalCode', c.address->>'zip_code') as zip_code,
           coalesce(a.score, l.score) as score,
           (clock_timestamp() at time zone w.time_zone)::date::text as day
      from jsonb_array_elements(${JSON.stringify(appointments)}::text::jsonb) with ordinality as g(appointment, k)
     cross join lateral jsonb_to_record(g.appointment)
        as a(contact_id int, lead_id bigint, type text, scheduled_at timestamptz, product text, source text, language text, state text,
             country text, zip_code text, score int)
      join workspaces w on w.id = ${workspace_id}
      left join leads l on l.workspace_id = w.id and l.id = a.lead_id
      left join contacts o on o.workspace_id = w.id and o.id = coalesce(a.contact_id, l.contact_id)
      left join contacts c on c.workspace_id = w.id and c.id = o.whole_id
     order by g.k`
  return rows
}
