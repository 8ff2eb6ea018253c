import type postgres from 'postgres'
import { firstIdAt } from './message-id.ts'

/** Messages at once, with their deliveries and attempts: some 50 ms. */
const CHUNK = 1_000

/**
 * Forgets what each workspace need not keep any longer (`webhook_log_days`): deliveries that ended so long ago, their attempts, and
 * messages of which no delivery is left. What is queued or held is never forgotten, but it does not wait for longer than that either:
 * then it is given up, stands in the log for as long again, and can be replayed.
 *
 * It goes along the messages, whose ids are in the order of time, and through indexes from there; so an hour in which nothing grew
 * old costs nothing, however long the log is.
 */
export async function forgetDeliveries(sql: postgres.Sql): Promise<void> {
  const workspaces = await sql<{ id: number; days: number }[]>`
    select id, webhook_log_days as days
      from workspaces w
     where exists (select from webhook_messages m where m.workspace_id = w.id)`
  for (const { id, days } of workspaces) await forgetOf(sql, id, days)
}

async function forgetOf(sql: postgres.Sql, workspace_id: number, days: number) {
  const end = firstIdAt(Date.now() - days * 86_400_000)
  for (let after: string | null = ''; after !== null; )
    after = await sql.begin(tx => forgetChunk(tx, workspace_id, days, after!, end))
}

/** Returns the last message that was looked at, or null at the end. */
async function forgetChunk(
  sql: postgres.TransactionSql,
  workspace_id: number,
  days: number,
  after: string,
  end: string,
): Promise<string | null> {
  const messages = await sql<{ id: string }[]>`
    select id
      from webhook_messages
     where workspace_id = ${workspace_id} and id > ${after} and id < ${end}
     order by id
     limit ${CHUNK}`
  if (messages.length === 0) return null
  const ids = messages.map(({ id }) => id)
  await sql`
    with ended as (
      delete from deliveries
       where workspace_id = ${workspace_id} and message_id = any(${ids}::text[])
         and state in ('delivered', 'failed', 'cancelled') and finished_at < now() - make_interval(days => ${days})
      returning id
    ), given_up as (
      update deliveries
         set state = 'failed', finished_at = now(), last_error = ${`It waited for ${days} days, which is how long the log is kept.`}
       where workspace_id = ${workspace_id} and message_id = any(${ids}::text[])
         and state in ('queued', 'held') and run_at < now() - make_interval(days => ${days})
    )
    delete from delivery_attempts a
     using ended
     where a.workspace_id = ${workspace_id} and a.delivery_id = ended.id`
  await sql`
    delete from webhook_messages m
     where workspace_id = ${workspace_id} and id = any(${ids}::text[])
       and not exists (select from deliveries d where d.workspace_id = ${workspace_id} and d.message_id = m.id)`
  return ids.at(-1)!
}

/** Endpoints that were deleted and have no log any more. Their turns and secrets go with them. */
export async function forgetEndpoints(sql: postgres.Sql): Promise<void> {
  await sql`
    delete from endpoints e
     where deleted_at < now() - interval '1 day'
       and not exists (select from deliveries d where d.workspace_id = e.workspace_id and d.endpoint_id = e.id)`
}
