import type postgres from 'postgres'
import { inWorkspaces } from '../database/transaction.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { Outcome } from './formats/format.ts'

/** A request that was let in, as it is stored. */
export type Incoming = {
  workspace_id: number
  webhook_id: number
  provider_id: string | null
  /** Deliveries an hour, of its provider. */
  rate_limit: number | null
  received_at: number
  method: string
  content_type: string
  headers: Record<string, string>
  ip: string
  query: string | null
  body: Buffer
  format: string
  delivery_key: string | null
  /** The key is the sender's promise that the request is the same one. */
  is_promised: boolean
  /** It came to the address for meetings. */
  is_meeting: boolean
  parts: number
  is_test: boolean
}

export type Stored =
  | { kind: 'new'; id: number }
  | { kind: 'known'; id: number; is_same: boolean; is_done: boolean; answered: Outcome | null }
  | { kind: 'limited'; retry_after: number }
  | { kind: 'unstorable' }

/** Stores what came, before anybody looks at it: one transaction, at most five statements for any number of requests. */
export async function storeDeliveries(writer: postgres.Sql, given: Incoming[], sealer?: Sealer): Promise<Stored[]> {
  // Bodies go as base64, in which the connection finds nothing to seal.
  const batch = sealer ? given.map(one => ({ ...one, body: sealer.sealBytes(one.body) })) : given
  const workspace_ids = [...new Set(batch.map(one => one.workspace_id))]
  return inWorkspaces(writer, workspace_ids, async sql => {
    const limited = await limit(sql, batch)
    const admitted = [...batch.keys()].filter(at => !limited.has(at))
    const ids = await insert(sql, batch, admitted)
    const [known] = await Promise.all([
      recall(
        sql,
        batch,
        admitted.filter(at => !ids.has(at)),
      ),
      countReceived(sql, batch, ids, limited),
    ])
    return batch.map((_, at): Stored => {
      const retry_after = limited.get(at)
      if (retry_after !== undefined) return { kind: 'limited', retry_after }
      const id = ids.get(at)
      return id === undefined ? known.get(at)! : { kind: 'new', id }
    })
  })
}

/**
 * Which are over the limit of their provider in this hour, and in how many seconds the next one begins. The row of the counter is locked
 * from here to the commit, so that of all that come at once exactly so many pass.
 */
async function limit(sql: postgres.TransactionSql, batch: Incoming[]): Promise<Map<number, number>> {
  const asked = new Map<string, { workspace_id: number; scope: string; most: number; places: number[] }>()
  batch.forEach(({ workspace_id, provider_id, rate_limit }, at) => {
    if (rate_limit === null || provider_id === null) return
    const scope = `provider ${provider_id} hour`
    const one = asked.get(`${workspace_id} ${scope}`) ?? { workspace_id, scope, most: rate_limit, places: [] }
    asked.set(`${workspace_id} ${scope}`, one)
    one.places.push(at)
  })
  if (asked.size === 0) return new Map()
  const rows = [...asked.values()].map(({ workspace_id, scope, most, places }) => ({
    workspace_id,
    scope,
    most,
    asked: places.length,
  }))
  const raised = await sql<{ workspace_id: number; scope: string; count: number; seconds: number }[]>`
    insert into intake_counters as c (workspace_id, scope, period, count)
    select workspace_id, scope, date_trunc('hour', now()), asked
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(workspace_id int, scope text, asked int)
     order by workspace_id, scope
    on conflict (workspace_id, scope, period) do update set count = c.count + excluded.count
    returning workspace_id, scope, count,
              ceil(extract(epoch from date_trunc('hour', now()) + interval '1 hour' - now()))::int as seconds`
  const over = new Map<number, number>()
  const beyond: { workspace_id: number; scope: string; by: number }[] = []
  for (const { workspace_id, scope, count, seconds } of raised) {
    const { most, places } = asked.get(`${workspace_id} ${scope}`)!
    const by = Math.min(Math.max(0, count - most), places.length)
    for (const at of places.slice(places.length - by)) over.set(at, seconds)
    if (by > 0) beyond.push({ workspace_id, scope, by })
  }
  // What was refused does not count, so that a limit that is raised within the hour has its effect at once.
  if (beyond.length > 0) {
    await sql`
      update intake_counters c
         set count = c.count - b.by
        from jsonb_to_recordset(${JSON.stringify(beyond)}::text::jsonb) as b(workspace_id int, scope text, by int)
       where c.workspace_id = b.workspace_id and c.scope = b.scope and c.period = date_trunc('hour', now())`
  }
  return over
}

/** The ids of those that are new. What has the key of another one is left out: it came before. */
async function insert(sql: postgres.TransactionSql, batch: Incoming[], places: number[]): Promise<Map<number, number>> {
  if (places.length === 0) return new Map()
  const rows = places.map(at => {
    const { body, received_at, ...row } = batch[at]!
    return { ...row, at, received_at, body: body.toString('base64') }
  })
  const inserted = await sql<{ at: number; id: number }[]>`
    with given as materialized (
      select nextval('intake_deliveries_id_seq') as id, r.*
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as r(at int, workspace_id int, webhook_id int, provider_id text, received_at float8, method text, content_type text, headers jsonb,
               ip inet, query text, body text, format text, delivery_key text, is_meeting boolean, parts int)
    ), stored as (
      insert into intake_deliveries (workspace_id, id, webhook_id, provider_id, received_at, method, content_type, headers, ip, query, body,
                                     format, delivery_key, is_meeting, parts)
             overriding system value
      select workspace_id, id, webhook_id, provider_id, to_timestamp(received_at / 1000), method, content_type, headers, ip, query,
             decode(body, 'base64'), format, delivery_key, is_meeting, parts
        from given
       order by id
          on conflict (workspace_id, webhook_id, delivery_key) where delivery_key is not null do nothing
      returning id
    )
    select g.at, g.id from given g join stored s on s.id = g.id`
  return new Map(inserted.map(({ at, id }) => [at, id]))
}

/** What came before with the same key. A statement of its own: it sees what others committed while the insert waited for them. */
async function recall(sql: postgres.TransactionSql, batch: Incoming[], places: number[]) {
  const found = new Map<number, Stored>()
  if (places.length === 0) return found
  const rows = places.map(at => {
    const { workspace_id, webhook_id, delivery_key, body, query } = batch[at]!
    return { at, workspace_id, webhook_id, delivery_key, query, body: body.toString('base64') }
  })
  const known = await sql<{ at: number; id: number; is_same: boolean; is_done: boolean; answered: Outcome | null }[]>`
    select r.at, d.id, d.body = decode(r.body, 'base64') and d.query is not distinct from r.query as is_same, d.state <> 'received' as is_done,
           d.answered
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r(at int, workspace_id int, webhook_id int, delivery_key text, query text, body text)
      join intake_deliveries d
        on d.workspace_id = r.workspace_id and d.webhook_id = r.webhook_id and d.delivery_key = r.delivery_key`
  for (const { at, ...row } of known) {
    found.set(at, { kind: 'known', ...row, is_same: row.is_same || !batch[at]!.is_promised })
  }
  return found
}

/** Trials do not count. Written last, because everybody who sends for a provider writes the same row. */
async function countReceived(
  sql: postgres.TransactionSql,
  batch: Incoming[],
  ids: Map<number, number>,
  limited: Map<number, number>,
) {
  const counts = new Map<
    string,
    { workspace_id: number; provider_id: string; webhook_id: number; received: number; limited: number }
  >()
  batch.forEach(({ workspace_id, webhook_id, is_test, parts, ...one }, at) => {
    if (is_test || !(ids.has(at) || limited.has(at))) return
    const provider_id = one.provider_id ?? ''
    const key = `${workspace_id} ${webhook_id} ${provider_id}`
    const count = counts.get(key) ?? { workspace_id, provider_id, webhook_id, received: 0, limited: 0 }
    counts.set(key, count)
    if (limited.has(at)) count.limited += parts
    else count.received += parts
  })
  if (counts.size === 0) return
  await sql`
    insert into provider_usage as u (workspace_id, provider_id, webhook_id, day, received, limited)
    select workspace_id, provider_id, webhook_id, (now() at time zone 'UTC')::date, received, limited
      from jsonb_to_recordset(${JSON.stringify([...counts.values()])}::text::jsonb)
        as r(workspace_id int, provider_id text, webhook_id int, received int, limited int)
     order by workspace_id, provider_id, webhook_id
    on conflict (workspace_id, provider_id, webhook_id, day) do update
       set received = u.received + excluded.received, limited = u.limited + excluded.limited`
}
