import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { recountLeads } from './count.ts'

/** What of a lead is more than an import could know, and says why it stays. */
const MORE: readonly [table: string, sentence: string][] = [
  ['conversions', 'has conversions'],
  ['appointments', 'has appointments'],
  ['tasks', 'has tasks'],
  ['notes', 'has notes'],
  ['lead_forwards', 'was sent on since'],
]

/**
 * Deletes those of which nothing is known but what `actor` said, an import that is taken back. Returns why the others stay. With `of_users`,
 * leads of these alone. The caller holds the identity lock.
 */
export async function removeLeads(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
  of_users: number[] | null,
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  // By itself: what somebody stored while this waits is seen by the next statement only.
  await sql`select from leads where workspace_id = ${workspace_id} and id = any(${ids}::bigint[]) for update`
  const reasons = MORE.map(
    ([table, sentence]) => sql`
      when exists (select from ${sql(table)} o where o.workspace_id = l.workspace_id and o.lead_id = l.id) then ${sentence}`,
  )
  const rows = await sql<Row[]>`
    select l.id, l.contact_id, l.lead_type, l.source, l.pipeline_id, l.status, l.assigned_to,
           case when ${of_users}::int[] is not null and l.assigned_to = any(${of_users}::int[]) is not true then 'is not one that you may change'
                ${reasons}
                when exists (select
                               from activities a
                              where a.workspace_id = l.workspace_id and a.subject_id = l.id::text and a.action like 'lead.%' and a.actor ->> 'kind' <> 'system'
                                and not (a.actor ->> 'kind' = ${actor.kind} and a.actor ->> 'id' = ${String(actor.id)}))
                then 'was changed since' end as why
      from leads l
     where l.workspace_id = ${workspace_id} and l.id = any(${ids}::bigint[])
       for update`
  const gone = rows.filter(({ why }) => why === null)
  const gone_ids = gone.map(({ id }) => id)
  await recountLeads(
    sql,
    gone_ids.map(id => ({ workspace_id, id })),
    () => sql`delete from leads where workspace_id = ${workspace_id} and id = any(${gone_ids}::bigint[])`.execute(),
  )
  await recordActivities(
    sql,
    workspace_id,
    gone.map(({ id, contact_id, why: _, ...before }) => ({ action: 'lead.deleted', actor, contact_id, subject_id: id, before })),
  )
  const found = new Set(rows.map(({ id }) => id))
  return new Map([
    ...ids.filter(id => !found.has(id)).map(id => [id, 'is not there any more'] as const),
    ...rows.flatMap(({ id, why }) => (why === null ? [] : [[id, why] as const])),
  ])
}

type Row = { id: number; contact_id: number; why: string | null } & Record<string, unknown>
