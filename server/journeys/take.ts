import type postgres from 'postgres'
import { JOURNEY_EVENTS } from './steps.ts'
import { type JourneyEvent, Walks } from './walk.ts'

type Batch = { id: number; first_event: number; last_event: number; from_time: string; to_time: string }

/** What was taken off the list of a workspace, and is followed if this transaction commits. */
export type Taken = { walks: Walks; visitors: number[]; people: number[]; is_more: boolean }

/** Takes as much as is followed in one transaction. */
export async function take(sql: postgres.TransactionSql, workspace_id: number): Promise<Taken> {
  const waiting = await sql<Batch[]>`
    select id, first_event, last_event, from_time::text, to_time::text
      from journey_batches
     where workspace_id = ${workspace_id}
     order by id
     limit ${MOST_BATCHES}`
  const { whole, part } = fill(waiting)
  const people = await takePeople(sql, workspace_id)
  await sql`delete from journey_batches where workspace_id = ${workspace_id} and id = any(${whole.map(batch => batch.id)}::bigint[])`
  if (part)
    await sql`update journey_batches set first_event = ${part.last_event + 1} where workspace_id = ${workspace_id} and id = ${part.id}`
  const events = await readEvents(sql, workspace_id, part ? [...whole, part] : whole)
  const walks = new Walks()
  for (const event of events) walks.add(event)
  return {
    walks,
    visitors: [...new Set(events.map(event => event.visitor_id))],
    people,
    is_more:
      part !== undefined || waiting.length === MOST_BATCHES || whole.length < waiting.length || people.length === MOST_PEOPLE,
  }
}

/** Batches one after the other until there are enough events; of one that is too large by itself a part. */
function fill(waiting: Batch[]): { whole: Batch[]; part: Batch | undefined } {
  const whole: Batch[] = []
  let events = 0
  for (const batch of waiting) {
    const size = batch.last_event - batch.first_event + 1
    if (events + size > MOST_EVENTS) {
      const part = whole.length === 0 ? { ...batch, last_event: batch.first_event + MOST_EVENTS - 1 } : undefined
      return { whole, part }
    }
    whole.push(batch)
    events += size
  }
  return { whole, part: undefined }
}

async function takePeople(sql: postgres.TransactionSql, workspace_id: number): Promise<number[]> {
  const rows = await sql<{ person: number }[]>`
    with taken as (
      delete from moved_people
       where workspace_id = ${workspace_id}
         and id in (select id from moved_people where workspace_id = ${workspace_id} order by id limit ${MOST_PEOPLE})
      returning person
    )
    select person from taken`
  return rows.map(row => row.person)
}

/** Fenced by `offset 0`: the events of a batch lie side by side in the primary key, whichever of them are wanted. */
function readEvents(sql: postgres.TransactionSql, workspace_id: number, batches: Batch[]) {
  return sql<JourneyEvent[]>`
    select e.visitor_id, e.event, round(extract(epoch from e.occurred_at) * 1000)::float8 as at, e.properties
      from jsonb_to_recordset(${JSON.stringify(batches)}::text::jsonb)
        as b(first_event bigint, last_event bigint, from_time timestamptz, to_time timestamptz)
     cross join lateral (
           select visitor_id, event, occurred_at, properties
             from events
            where workspace_id = ${workspace_id} and id between b.first_event and b.last_event
              and occurred_at between b.from_time and b.to_time and not is_bot
           offset 0) e
     where e.event = any(${JOURNEY_EVENTS})`
}

const MOST_BATCHES = 500
const MOST_EVENTS = 5000
const MOST_PEOPLE = 2000
