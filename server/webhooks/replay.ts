import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Replayed, ReplaySince } from '../../shared/webhooks.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { readEndpoint } from './endpoints.ts'
import { callWorkers, lockTurns, type Place } from './turns.ts'

/**
 * Sends deliveries now, each with the `webhook-id` that it has. What has ended gets a new round of attempts; what waits for its next
 * attempt goes on with its round. What is due or under way is left alone. Throws `not_found` with the ids that are not known,
 * `endpoint_paused` and `endpoint_deleted`; nothing is replayed then.
 */
export async function replayDeliveries(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
): Promise<Replayed> {
  const found = await sql<{ id: number; endpoint_id: number }[]>`
    select id, endpoint_id from deliveries where workspace_id = ${workspace_id} and id = any(${ids}::bigint[])`
  const known = new Set(found.map(({ id }) => id))
  const unknown = ids.filter(id => !known.has(id))
  if (unknown.length > 0) throw refuse('not_found', { fields: { ids: `are not known here: ${unknown.join(', ')}` } })
  const places = [...new Set(found.map(({ endpoint_id }) => endpoint_id))].map(endpoint_id => ({ workspace_id, endpoint_id }))
  await lockTurns(sql, places)
  await requireActive(sql, workspace_id, places)
  const queued = await sql<{ endpoint_id: number; deliveries: number }[]>`
    with queued as (
      update deliveries
         set ${queueAgain(sql)}
       where workspace_id = ${workspace_id} and id = any(${ids}::bigint[])
         and (state in ('failed', 'delivered', 'cancelled') or ${waitsForLater(sql)})
      returning endpoint_id
    )
    select endpoint_id, count(*)::int as deliveries from queued group by endpoint_id order by endpoint_id`
  await makeDue(sql, places)
  await recordActivities(
    sql,
    workspace_id,
    queued.map(({ endpoint_id, deliveries }) => ({
      action: 'delivery.replayed',
      actor,
      subject_id: endpoint_id,
      after: { endpoint_id, deliveries },
    })),
  )
  return { deliveries: queued.reduce((sum, { deliveries }) => sum + deliveries, 0) }
}

/** The same for one. */
export async function replayDelivery(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<Replayed> {
  const [known] = await sql`select from deliveries where workspace_id = ${workspace_id} and id = ${id}`
  if (!known) throw refuse('not_found')
  return replayDeliveries(sql, workspace_id, [id], actor)
}

/** More are not sent again at once: the transaction would hold too much for too long. */
export const MOST = 100_000

/**
 * Sends everything again that ended in a time, the failed ones unless other states are named; tests are left out. `dry_run` only
 * counts. Throws `invalid_fields` when they are more than 100,000, and `endpoint_paused`.
 */
export async function replaySince(
  sql: postgres.TransactionSql,
  workspace_id: number,
  endpoint_id: number,
  asked: ReplaySince,
  actor: Actor,
): Promise<Replayed> {
  const { since, until = null, states = ['failed'], dry_run = false } = asked
  await readEndpoint(sql, workspace_id, endpoint_id)
  const places = [{ workspace_id, endpoint_id }]
  if (!dry_run) await requireActive(sql, workspace_id, places)
  const deliveries = await queueEnded(sql, { workspace_id, endpoint_id }, asked, TOO_MANY)
  if (dry_run || deliveries === 0) return { deliveries }
  // Only now, because whoever locks the turn keeps every result of this endpoint waiting, and so much takes a second. Who paused
  // it meanwhile is found by looking again; who does so after us finds what is queued here.
  await lockTurns(sql, places)
  await requireActive(sql, workspace_id, places)
  await makeDue(sql, places)
  await recordActivities(sql, workspace_id, [
    {
      action: 'delivery.replayed',
      actor,
      subject_id: endpoint_id,
      after: { endpoint_id, deliveries, since, until, states },
    },
  ])
  return { deliveries }
}

/**
 * Queues everything again that ended in a time, or only counts it, and returns how many. The endpoint's turn is not locked yet: the
 * caller does that afterwards, and makes it due. Throws `invalid_fields` with `too_many` when they are more than 100,000.
 */
export async function queueEnded(
  sql: postgres.TransactionSql,
  { workspace_id, endpoint_id }: Place,
  { since, until, states = ['failed'], dry_run = false }: ReplaySince,
  too_many: Record<string, string>,
): Promise<number> {
  // The states are written out, so that the partial index of those that failed can be used.
  const ended = sql`
      select id
        from deliveries
       where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and not is_test
         and state in (${sql.unsafe(states.map(state => `'${state}'`).join(', '))})
         and finished_at >= ${since}::timestamptz
         ${until === undefined ? sql`` : sql`and finished_at < ${until}::timestamptz`}`
  const [count] = await sql<Replayed[]>`
    select count(*)::int as deliveries from (${ended} limit ${MOST + 1}) d`
  if (count!.deliveries > MOST) throw refuse('invalid_fields', { fields: too_many })
  if (dry_run || count!.deliveries === 0) return count!.deliveries
  const { count: deliveries } = await sql`
    update deliveries
       set ${queueAgain(sql)}
     where workspace_id = ${workspace_id} and id in (${ended})`
  return deliveries
}

const TOO_MANY = {
  until: `must be earlier: more than ${MOST.toLocaleString('en')} deliveries ended in this time. Replay them in parts, by since and until`,
}

async function requireActive(sql: Sql, workspace_id: number, places: readonly Place[]) {
  const idle = await sql<{ name: string; is_deleted: boolean }[]>`
    select name, deleted_at is not null as is_deleted
      from endpoints
     where workspace_id = ${workspace_id} and id = any(${places.map(place => place.endpoint_id)}::int[])
       and (state <> 'active' or deleted_at is not null)
     order by deleted_at is null
     limit 1`
  if (idle[0]?.is_deleted)
    throw refuse('endpoint_deleted', {
      message: `The endpoint ${idle[0].name} was deleted. Its log can be read, but nothing is sent there any more.`,
    })
  if (idle[0])
    throw refuse('endpoint_paused', { message: `The endpoint ${idle[0].name} is paused. Activate it first, then replay.` })
}

function queueAgain(sql: Sql) {
  return sql`state = 'queued', attempt = case when state = 'queued' then attempt else 0 end, run_at = now(), finished_at = null`
}

/**
 * Of what is under way, `run_at` has passed. By the clock: the transaction may have waited for the lock while something came due. What
 * comes due between this look and the update loses nothing: an earlier `run_at` makes no worker that has read it begin it again.
 */
function waitsForLater(sql: Sql) {
  return sql`(state = 'queued' and run_at > clock_timestamp())`
}

/** Their turns are locked. */
async function makeDue(sql: Sql, places: readonly Place[]) {
  await sql`
    update endpoint_turns
       set due_at = least(due_at, now())
     where workspace_id = ${places[0]!.workspace_id} and endpoint_id = any(${places.map(place => place.endpoint_id)}::int[])`
  await callWorkers(sql, places)
}
