import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { readEndpoint } from './endpoints.ts'
import { callWorkers, lockTurns } from './turns.ts'

/** Deletes an endpoint: what waits for it is cancelled, its secrets and header values are forgotten, its log stays until it is old. */
export async function removeEndpoint(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<void> {
  const place = { workspace_id, endpoint_id: id }
  await lockTurns(sql, [place])
  const { name, url, events, state } = await readEndpoint(sql, workspace_id, id, 'for update')
  await sql`update endpoints set deleted_at = now(), headers = null where workspace_id = ${workspace_id} and id = ${id}`
  await sql`delete from endpoint_secrets where workspace_id = ${workspace_id} and endpoint_id = ${id}`
  await sql`
    update deliveries
       set state = 'cancelled', finished_at = now()
     where workspace_id = ${workspace_id} and endpoint_id = ${id} and state in ('queued', 'held')`
  await sql`update endpoint_turns set due_at = null where workspace_id = ${workspace_id} and endpoint_id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'endpoint.deleted', actor, subject_id: id, before: { name, url, events, state } },
  ])
  await callWorkers(sql, [place])
}
