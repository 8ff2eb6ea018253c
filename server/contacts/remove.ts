import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'

const MERGED = 'was merged with another contact since'

/** What of somebody is more than an import could know, and says why they stay. */
const MORE: readonly [table: string, condition: string, sentence: string][] = [
  ['contacts', 'o.merged_into = c.id', MERGED],
  ['leads', 'o.contact_id = c.id', 'has leads'],
  ['appointments', 'o.contact_id = c.id', 'has appointments'],
  ['conversions', 'o.contact_id = c.id', 'has conversions'],
  ['notes', 'o.contact_id = c.id', 'has notes'],
  ['consents', "o.contact_id = c.id and o.source <> 'import'", 'said what they allow since'],
  ['visitors', 'o.contact_id = c.id and o.event_count > 0', 'was here since'],
]

/**
 * Deletes those of whom nothing is known but what `actor` said, an import that is taken back. What follows by itself, as a segment, is no
 * change of theirs. Returns why the others stay. The caller holds the identity lock.
 */
export async function removeContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
): Promise<Map<number, string>> {
  const reasons = MORE.map(
    ([table, condition, sentence]) => sql`
      when exists (select from ${sql(table)} o where o.workspace_id = c.workspace_id and (${sql.unsafe(condition)})) then ${sentence}`,
  )
  const rows = await sql<{ id: number; email: string | null; phone: string | null; why: string | null }[]>`
    select c.id, c.email, c.phone,
           case when c.merged_into is not null then ${MERGED}
                ${reasons}
                when exists (select
                               from activities a
                              where a.workspace_id = c.workspace_id and a.contact_id = c.id and a.actor ->> 'kind' <> 'system'
                                and not (a.actor ->> 'kind' = ${actor.kind} and a.actor ->> 'id' = ${String(actor.id)}))
                then 'was changed since' end as why
      from contacts c
     where c.workspace_id = ${workspace_id} and c.id = any(${ids}::int[])
       for update`
  const gone = rows.filter(({ why }) => why === null)
  const gone_ids = gone.map(({ id }) => id)
  await sql`delete from visitors where workspace_id = ${workspace_id} and contact_id = any(${gone_ids}::int[]) and event_count = 0`
  await sql`delete from contacts where workspace_id = ${workspace_id} and id = any(${gone_ids}::int[])`
  await recordActivities(
    sql,
    workspace_id,
    gone.map(({ id, email, phone }) => ({ action: 'contact.deleted', actor, contact_id: id, before: { email, phone } })),
  )
  const found = new Set(rows.map(({ id }) => id))
  return new Map([
    ...ids.filter(id => !found.has(id)).map(id => [id, 'is not there any more'] as const),
    ...rows.flatMap(({ id, why }) => (why === null ? [] : [[id, why] as const])),
  ])
}
