import type { Endpoint, EndpointHealth, EndpointsQuery } from '../../shared/webhooks.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { namesOfHeaders } from './headers.ts'
import { readHealth } from './health.ts'
import { delaysOf } from './retry.ts'

/** As the table has it. `headers` are sealed. */
export type EndpointRow = Omit<Endpoint, 'headers' | 'attempt_delays' | 'secrets' | 'health'> & {
  headers: string | null
  attempt_delays: number[] | null
}

type SigningSecret = Endpoint['secrets'][number]

/** The endpoints of a workspace that were not deleted, the newest first: three statements a page. */
export async function listEndpoints(
  sql: Sql,
  workspace_id: number,
  { funnel_id, limit = 50, cursor }: EndpointsQuery,
  key: Buffer,
) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<EndpointRow[]>`
    select ${columns(sql)}
      from endpoints
     where workspace_id = ${workspace_id} and deleted_at is null
       ${funnel_id === undefined ? sql`` : sql`and funnel_id = ${funnel_id}`}
       ${before === undefined ? sql`` : sql`and id < ${before}`}
     order by id desc
     limit ${limit + 1}`
  const { data, next_cursor } = pageOf(rows, limit, last => [last.id])
  return { data: await show(sql, workspace_id, data, key), next_cursor }
}

/** Throws `not_found`, also for one that was deleted. */
export async function findEndpoint(sql: Sql, workspace_id: number, id: number, key: Buffer): Promise<Endpoint> {
  const [endpoint] = await show(sql, workspace_id, [await readEndpoint(sql, workspace_id, id)], key)
  return endpoint!
}

/** The row alone. `for update`: it stays as it is until the transaction ends; `for share`: others may look as well. */
export async function readEndpoint(
  sql: Sql,
  workspace_id: number,
  id: number,
  lock?: 'for update' | 'for share',
): Promise<EndpointRow> {
  const [row] = await sql<EndpointRow[]>`
    select ${columns(sql)}
      from endpoints
     where workspace_id = ${workspace_id} and id = ${id} and deleted_at is null
     ${sql.unsafe(lock ?? '')}`
  if (!row) throw refuse('not_found')
  return row
}

async function show(sql: Sql, workspace_id: number, rows: EndpointRow[], key: Buffer): Promise<Endpoint[]> {
  const ids = rows.map(row => row.id)
  const [health, secrets] = await Promise.all([readHealth(sql, workspace_id, ids), readSecrets(sql, workspace_id, ids)])
  return rows.map(row => ({
    ...row,
    headers: namesOfHeaders(key, { workspace_id, id: row.id }, row.headers),
    attempt_delays: [...delaysOf(row.attempt_schedule, row.attempt_delays)],
    secrets: secrets.get(row.id) ?? [],
    health: health.get(row.id) as EndpointHealth,
  }))
}

/** When those that sign were made and until when they do. */
async function readSecrets(sql: Sql, workspace_id: number, ids: number[]): Promise<Map<number, SigningSecret[]>> {
  const rows = await sql<(SigningSecret & { endpoint_id: number })[]>`
    select endpoint_id, id, created_at, expires_at
      from endpoint_secrets
     where workspace_id = ${workspace_id} and endpoint_id = any(${ids}::int[]) and (expires_at is null or expires_at > now())
     order by id desc`
  const secrets = new Map<number, SigningSecret[]>(ids.map(id => [id, []]))
  for (const { endpoint_id, ...secret } of rows) secrets.get(endpoint_id)!.push(secret)
  return secrets
}

function columns(sql: Sql) {
  return sql`
           id, name, url, events, state, paused_by, paused_reason, paused_at, funnel_id, filter, field_map, purpose, headers, rate_limit,
           attempt_schedule, attempt_delays, created_at, updated_at`
}
