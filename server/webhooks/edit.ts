import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Endpoint, EndpointUpdate } from '../../shared/webhooks.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { jsonOf, type Means } from './create.ts'
import { type EndpointRow, findEndpoint, readEndpoint } from './endpoints.ts'
import { type Header, keepValues, readableHeaders, sealHeaders } from './headers.ts'
import { requirePurpose } from './purposes.ts'
import { requireSegments } from './segments.ts'
import { requireSettings } from './settings.ts'
import { callWorkers } from './turns.ts'
import { keepVersion } from './versions.ts'

/**
 * Changes what is given and leaves the rest; null takes a value away. The headers are given as a whole; one without a value keeps
 * the one it has. Throws `conflict` when it is not any more what `if_updated_at` saw, and `invalid_fields`.
 */
export async function editEndpoint(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: EndpointUpdate,
  actor: Actor,
  { key, allowed_cidrs }: Means,
): Promise<Endpoint> {
  const place = { workspace_id, id }
  // First, because who deletes a segment may be waited for, and the endpoint is not to be kept meanwhile.
  await requireSegments(sql, workspace_id, given.filter)
  const before = await readEndpoint(sql, workspace_id, id, 'for update')
  await requireNewest(sql, workspace_id, id, if_updated_at)
  const had = given.headers === undefined ? [] : readableHeaders(key, place, before.headers)
  const headers = given.headers && keepValues(given.headers, had)
  const after = { ...before, ...given, ...scheduleOf(before, given) }
  requireSettings(
    { ...given, attempt_schedule: after.attempt_schedule, ...delaysGiven(after), ...(headers && { headers }) },
    allowed_cidrs,
  )
  await requirePurpose(sql, workspace_id, given.purpose)
  const changes = changesOf(before, after, had, headers as Header[] | undefined)
  if (Object.keys(changes.after).length === 0) return findEndpoint(sql, workspace_id, id, key)
  if ('url' in changes.after || 'field_map' in changes.after) await keepVersion(sql, workspace_id, id)
  await sql`
    update endpoints
       set name = ${after.name}, url = ${after.url}, events = ${after.events}, funnel_id = ${after.funnel_id}, purpose = ${after.purpose},
           filter = ${jsonOf(after.filter)}::text::jsonb, field_map = ${jsonOf(after.field_map)}::text::jsonb,
           headers = ${headers ? sealHeaders(key, place, headers as Header[]) : before.headers}, rate_limit = ${after.rate_limit},
           attempt_schedule = ${after.attempt_schedule}, attempt_delays = ${after.attempt_delays},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), updated_at + interval '1 millisecond')
     where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'endpoint.updated', actor, subject_id: id, ...changes }])
  await callWorkers(sql, [{ workspace_id, endpoint_id: id }])
  return findEndpoint(sql, workspace_id, id, key)
}

/** Delays of one's own end with the schedule that they belong to. */
function scheduleOf(before: EndpointRow, given: EndpointUpdate) {
  const attempt_schedule = given.attempt_schedule ?? before.attempt_schedule
  const kept = attempt_schedule === 'custom' ? before.attempt_delays : null
  return { attempt_schedule, attempt_delays: given.attempt_delays ?? kept }
}

function delaysGiven({ attempt_delays }: { attempt_delays: number[] | null }) {
  return attempt_delays === null ? {} : { attempt_delays }
}

async function requireNewest(sql: Sql, workspace_id: number, id: number, if_updated_at: string | undefined) {
  if (if_updated_at === undefined) return
  const [row] = await sql<{ is_newest: boolean }[]>`
    select date_trunc('milliseconds', updated_at) = date_trunc('milliseconds', ${if_updated_at}::timestamptz) as is_newest
      from endpoints
     where workspace_id = ${workspace_id} and id = ${id}`
  if (!row!.is_newest) throw refuse('conflict')
}

const SHOWN = [
  'name',
  'url',
  'events',
  'funnel_id',
  'filter',
  'field_map',
  'purpose',
  'rate_limit',
  'attempt_schedule',
  'attempt_delays',
] as const

/** What is different afterwards, for the activity. Of headers it has the names, and which of them have a new value. */
function changesOf(before: EndpointRow, after: Omit<EndpointRow, 'headers'>, had: Header[], headers: Header[] | undefined) {
  const differing = SHOWN.filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  const changes: { before: Record<string, unknown>; after: Record<string, unknown> } = {
    before: Object.fromEntries(differing.map(name => [name, before[name]])),
    after: Object.fromEntries(differing.map(name => [name, after[name]])),
  }
  // Those that cannot be read any more are changed by any that are given.
  const is_unread = before.headers !== null && had.length === 0
  if (headers === undefined || (JSON.stringify(had) === JSON.stringify(headers) && !is_unread)) return changes
  const values = new Map(had.map(({ name, value }) => [name.toLowerCase(), value]))
  changes.before.headers = had.map(({ name }) => name)
  changes.after.headers = headers.map(({ name }) => name)
  changes.after.new_header_values = headers
    .filter(one => values.get(one.name.toLowerCase()) !== one.value)
    .map(({ name }) => name)
  return changes
}
