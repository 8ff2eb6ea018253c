import type postgres from 'postgres'
import { givenUpSince } from '../../shared/given-up.ts'
import type { Actor } from '../../shared/shape.ts'
import type { EndpointActivate } from '../../shared/webhooks.ts'
import { recordActivities } from '../activities/record.ts'
import { refuse } from '../errors.ts'
import { MOST, queueEnded } from './replay.ts'
import { callWorkers, lockTurns, type Place } from './turns.ts'

/**
 * Makes a paused endpoint active again. What was held meanwhile is sent, each when it would have been due, or cancelled; what was
 * given up since it fails is sent again at once when that is asked for. Its failures are forgotten: it is not paused again before it
 * has failed as long once more. Null when it was not paused, else how many were held. Throws `invalid_fields` when more were given up
 * than are replayed at once, and `conflict` when somebody else activated it meanwhile.
 */
export async function activateEndpoint(
  sql: postgres.TransactionSql,
  workspace_id: number,
  endpoint_id: number,
  { held = 'send', given_up = 'leave' }: EndpointActivate,
  actor: Actor,
): Promise<number | null> {
  const place = { workspace_id, endpoint_id }
  const replayed = given_up === 'send' ? await queueGivenUp(sql, place) : null
  await lockTurns(sql, [place])
  const [before] = await sql<{ paused_by: string; paused_reason: string | null }[]>`
    update endpoints e
       set state = 'active', paused_by = null, paused_reason = null, paused_at = null, updated_at = now()
      from (select id, paused_by, paused_reason from endpoints where workspace_id = ${workspace_id} and id = ${endpoint_id}) as before
     where e.workspace_id = ${workspace_id} and e.id = before.id and e.state = 'paused' and e.deleted_at is null
    returning before.paused_by, before.paused_reason`
  if (!before && replayed)
    throw refuse('conflict', { message: 'Somebody else activated it meanwhile. What was given up was left as it is.' })
  if (!before) return null
  const { count: deliveries } = await sql`
    update deliveries
       set state = ${held === 'send' ? 'queued' : 'cancelled'}, finished_at = case when ${held === 'cancel'} then now() end
     where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and state = 'held'`
  await sql`
    update endpoint_turns
       set failing_since = null, due_at = (
             select run_at
               from deliveries
              where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and state = 'queued'
              order by run_at
              limit 1)
     where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}`
  const after = { state: 'active', held, deliveries, ...(replayed !== null && { replayed }) }
  await recordActivities(sql, workspace_id, [
    { action: 'endpoint.activated', actor, subject_id: endpoint_id, before: { state: 'paused', ...before }, after },
  ])
  await callWorkers(sql, [place])
  return deliveries
}

/**
 * Before the turn is locked, because whoever locks it keeps others waiting. What is queued of a paused endpoint is sent by nobody, and
 * seen by nobody before the commit.
 */
async function queueGivenUp(sql: postgres.TransactionSql, place: Place): Promise<number> {
  const [turn] = await sql<{ failing_since: Date | null }[]>`
    select t.failing_since
      from endpoint_turns t
      join endpoints e on e.workspace_id = t.workspace_id and e.id = t.endpoint_id and e.state = 'paused'
     where t.workspace_id = ${place.workspace_id} and t.endpoint_id = ${place.endpoint_id}`
  if (!turn?.failing_since) return 0
  return queueEnded(sql, place, { since: givenUpSince(turn.failing_since.toISOString()) }, TOO_MANY)
}

const TOO_MANY = {
  given_up: `must be leave: more than ${MOST.toLocaleString('en')} were given up. Activate it without them, then replay them in parts`,
}
