import type postgres from 'postgres'
import type { Told, ToldActivity } from '../activities/told.ts'

/** Sent when there is something to follow; heard by follow.ts. */
export const JOURNEYS_TOLD = 'journeys_told'

/** Stands for all who converted in a funnel: what a funnel's goal is was decided anew. */
export const ALL_CONVERTED = 0

/** Notes which events are to be read and whose conversions or identity changed. Two statements; the work is done by follow.ts. */
export async function noticeJourneys(sql: postgres.TransactionSql, { batches, activities }: Told): Promise<void> {
  const people = activities.flatMap(peopleOf)
  if (batches.length + people.length === 0) return
  await Promise.all([
    sql`
      insert into journey_batches (workspace_id, first_event, last_event, from_time, to_time)
      select workspace_id, first_event, last_event, from_time::timestamptz, to_time::timestamptz
        from jsonb_to_recordset(${JSON.stringify(batches)}::text::jsonb)
          as b(workspace_id int, first_event bigint, last_event bigint, from_time text, to_time text)`.execute(),
    sql`
      insert into moved_people (workspace_id, person)
      select distinct p.workspace_id, coalesce(-p.contact_id, -v.contact_id, v.person_id, v.id, ${ALL_CONVERTED})
        from jsonb_to_recordset(${JSON.stringify(people)}::text::jsonb) as p(workspace_id int, contact_id int, visitor_id bigint)
        left join visitors v on v.workspace_id = p.workspace_id and v.id = p.visitor_id
       where p.contact_id is not null or p.visitor_id is null or v.id is not null`.execute(),
    sql`select pg_notify(${JOURNEYS_TOLD}, '')`.execute(),
  ])
}

type Who = { workspace_id: number; contact_id: number | null; visitor_id: number | null }

function peopleOf({ workspace_id, action, contact_id, visitor_id, before, after }: ToldActivity): Who[] {
  const is_other_goal = action === 'funnel_definition.updated' && after?.goal !== undefined
  const is_funnel = action === 'funnel_definition.created' || action === 'funnel_definition.deleted'
  if (is_other_goal || is_funnel) return [{ workspace_id, contact_id: null, visitor_id: null }]
  if (!/^(conversion\.|contact\.(merged|unmerged))/.test(action)) return []
  const others = [after?.loser_id, after?.winner_id, before?.loser_id, before?.winner_id]
  const contacts = [contact_id, ...others].filter(id => typeof id === 'number')
  return contacts.length > 0
    ? contacts.map(id => ({ workspace_id, contact_id: id, visitor_id: null }))
    : visitor_id === null
      ? []
      : [{ workspace_id, contact_id: null, visitor_id }]
}
