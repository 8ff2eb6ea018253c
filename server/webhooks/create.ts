import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Endpoint, EndpointCreate } from '../../shared/webhooks.ts'
import { recordActivities } from '../activities/record.ts'
import { findEndpoint } from './endpoints.ts'
import { type Header, sealHeaders } from './headers.ts'
import { requirePurpose } from './purposes.ts'
import { addSecret } from './secrets.ts'
import { requireSegments } from './segments.ts'
import { requireSettings } from './settings.ts'
import { newSecret } from './sign.ts'

/** With what secrets are sealed, and where addresses may lead. */
export type Means = { key: Buffer; allowed_cidrs: string[] }

/** Makes an endpoint. Its secret is in this answer and nowhere else. Throws `invalid_fields`. */
export async function createEndpoint(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: EndpointCreate,
  actor: Actor,
  { key, allowed_cidrs }: Means,
): Promise<Endpoint & { secret: string }> {
  requireSettings(given, allowed_cidrs)
  await requirePurpose(sql, workspace_id, given.purpose)
  await requireSegments(sql, workspace_id, given.filter)
  const { url, events, active = true, attempt_schedule = 'default' } = given
  const state = active ? 'active' : 'paused'
  const settings = { name: given.name ?? new URL(url).host, url, events, state, attempt_schedule }
  const [row] = await sql<{ id: number }[]>`
    insert into endpoints (
           workspace_id, name, url, events, state, paused_by, paused_at, funnel_id, filter, field_map, purpose, rate_limit,
           attempt_schedule, attempt_delays, created_by)
    values (${workspace_id}, ${settings.name}, ${url}, ${events}, ${state}, ${active ? null : 'person'}, ${active ? null : sql`now()`},
           ${given.funnel_id ?? null}, ${jsonOf(given.filter)}::text::jsonb, ${jsonOf(given.field_map)}::text::jsonb,
           ${given.purpose ?? null}, ${given.rate_limit ?? null}, ${attempt_schedule}, ${given.attempt_delays ?? null},
           ${actor.kind === 'user' ? (actor.id ?? null) : null})
    returning id`
  const { id } = row!
  const headers = sealHeaders(key, { workspace_id, id }, (given.headers ?? []) as Header[])
  if (headers !== null) await sql`update endpoints set headers = ${headers} where workspace_id = ${workspace_id} and id = ${id}`
  await sql`insert into endpoint_turns (workspace_id, endpoint_id) values (${workspace_id}, ${id})`
  const { secret } = await addSecret(sql, workspace_id, id, given.secret ?? newSecret(), key)
  const { secret: _, headers: __, active: ___, ...rest } = given
  const names = given.headers?.length ? { headers: given.headers.map(({ name }) => name) } : {}
  await recordActivities(sql, workspace_id, [
    { action: 'endpoint.created', actor, subject_id: id, after: { ...rest, ...settings, ...names } },
  ])
  return { ...(await findEndpoint(sql, workspace_id, id, key)), secret }
}

/** For a column of jsonb, where null is the database's own. */
export function jsonOf(value: object | null | undefined): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
