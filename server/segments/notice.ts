import type postgres from 'postgres'
import type { EventBatch, Told, ToldActivity } from '../activities/told.ts'
import { askToLook } from './look.ts'

/**
 * Notes whom something happened to, for workspaces with segments of their own; of others it asks one question for all and does nothing.
 * Whom an event or an activity is about is all that a rule can have another answer for.
 */
export async function noticeSegments(sql: postgres.TransactionSql, { activities, batches }: Told): Promise<void> {
  const changes = activities.filter(one => !isOurs(one)).flatMap(contactsOf)
  const workspaces = await withSegments(sql, [...changes, ...batches])
  if (workspaces.size === 0) return
  const known = changes.filter(({ workspace_id }) => workspaces.has(workspace_id))
  const noted = await noteContacts(
    sql,
    known,
    batches.filter(({ workspace_id }) => workspaces.has(workspace_id)),
  )
  await askToLook(sql, noted)
}

type Change = { workspace_id: number; contact_id: number }

/** Entering a segment of one's own changes no other: rules ask for the built-in ones only. */
function isOurs({ action, subject_id }: ToldActivity) {
  return action.startsWith('segment.') && subject_id !== null
}

/** Who it is about; of a merge and its undo both. */
function contactsOf({ workspace_id, contact_id, before, after }: ToldActivity): Change[] {
  const ids = [contact_id, ...[before, after].flatMap(said => [said?.winner_id, said?.loser_id, said?.contact_id])]
  return [...new Set(ids)].flatMap(id => (Number.isInteger(id) ? [{ workspace_id, contact_id: id as number }] : []))
}

async function withSegments(sql: postgres.TransactionSql, places: { workspace_id: number }[]): Promise<Set<number>> {
  const ids = [...new Set(places.map(place => place.workspace_id))]
  if (ids.length === 0) return new Set()
  const rows = await sql<{ id: number }[]>`
    select w.id
      from unnest(${ids}::int[]) as w(id)
     where exists (select from segments s where s.workspace_id = w.id)`
  return new Set(rows.map(row => row.id))
}

/** Returns the workspaces of those that were noted. */
async function noteContacts(sql: postgres.TransactionSql, changes: Change[], batches: EventBatch[]): Promise<number[]> {
  const rows = await sql<{ workspace_id: number }[]>`
    with noted as (
      insert into segment_changes (workspace_id, contact_id)
      select workspace_id, contact_id
        from unnest(${changes.map(change => change.workspace_id)}::int[], ${changes.map(change => change.contact_id)}::int[])
          as c(workspace_id, contact_id)
       union
      select v.workspace_id, v.contact_id
        from unnest(${batches.map(batch => batch.workspace_id)}::int[], ${batches.map(batch => batch.first_event)}::bigint[],
                    ${batches.map(batch => batch.last_event)}::bigint[], ${batches.map(batch => batch.from_time)}::text[],
                    ${batches.map(batch => batch.to_time)}::text[])
          as b(workspace_id, first_event, last_event, from_time, to_time)
       cross join lateral (
             select distinct workspace_id, visitor_id
               from events
              where workspace_id = b.workspace_id and id between b.first_event and b.last_event
                and occurred_at between b.from_time::timestamptz and b.to_time::timestamptz
             offset 0) e
        join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
       where v.contact_id is not null
      returning workspace_id
    )
    select distinct workspace_id from noted`
  return rows.map(row => row.workspace_id)
}
