import { expect } from 'vitest'
import { relay } from '../../server/activities/relay.ts'
import type { Database } from '../../server/database/connect.ts'
import { rebuildAll } from '../../server/rebuild.ts'
import { READERS } from '../../server/work.ts'

/** Compares what was acknowledged with what is stored: nothing lost, nothing twice, and every counter agrees with the rows. */
export async function audit(database: Database, workspace_id: number, requests: object[][]) {
  const sent = requests.flat().map(message => (message as { messageId: string }).messageId)
  const { system } = database
  const rows = await system<{ message_id: string; times: number }[]>`
    select message_id, count(*)::int as times from events where workspace_id = ${workspace_id} group by 1`
  const stored = new Map(rows.map(row => [row.message_id, row.times]))
  const books = {
    sent: sent.length,
    lost: sent.filter(id => !stored.has(id)).length,
    twice: rows.filter(row => row.times > 1).length,
    unknown: rows.filter(row => row.times > 0).length - new Set(sent).size,
  }
  expect(books).toMatchObject({ lost: 0, twice: 0, unknown: 0 })
  for (const [sentence, query] of AGREEMENTS) {
    const [wrong] = await system.unsafe<{ rows: number }[]>(`select count(*)::int as rows from (${query}) wrong`, [workspace_id])
    expect({ sentence, wrong: wrong!.rows }).toEqual({ sentence, wrong: 0 })
  }
  // What the last process had no time to tell is told by the next one.
  while (await relay(system, READERS));
  const wrong = await rebuildAll(database, { workspace_id })
  expect(wrong).toEqual(Object.fromEntries(Object.keys(wrong).map(kind => [kind, 0])))
  return books
}

/** What must hold, and a query for the rows that break it. */
const AGREEMENTS = [
  [
    'a visitor counts its events',
    `select from visitors v
      where v.workspace_id = $1
        and v.event_count <> (select count(*) from events e where e.workspace_id = $1 and e.visitor_id = v.id and not e.is_bot)`,
  ],
  [
    'every event has its visitor',
    `select from events e
      where e.workspace_id = $1 and not exists (select from visitors v where v.workspace_id = $1 and v.id = e.visitor_id)`,
  ],
  [
    'a visitor counts its visits',
    `select from visitors v
      where v.workspace_id = $1
        and v.visit_count <> (select count(*) from sessions s where s.workspace_id = $1 and s.visitor_id = v.id)`,
  ],
  [
    'a visit counts its events',
    `select from sessions s
      where s.workspace_id = $1
        and s.event_count <> (select count(*) from events e where e.workspace_id = $1 and e.session_id = s.id)`,
  ],
  [
    'a contact shows the sum of its visitors',
    `select from contacts c
      cross join lateral (
            select coalesce(sum(v.event_count), 0) as events, coalesce(sum(v.visit_count), 0) as visits
              from visitors v
             where v.workspace_id = $1 and v.contact_id = c.id) s
      where c.workspace_id = $1 and (c.event_count <> s.events or c.visit_count <> s.visits)`,
  ],
  [
    'a contact was made once: no e-mail has two',
    'select from contacts c where c.workspace_id = $1 group by email having count(*) > 1',
  ],
  [
    'the days count the events',
    `select from (select event, sum(events + bots) as counted from event_counts where workspace_id = $1 group by 1) d
       full join (select event, count(*) as stored from events where workspace_id = $1 group by 1) e using (event)
      where d.counted is distinct from e.stored`,
  ],
  [
    'one message id is kept for each event',
    `select from (select count(*) as kept from message_ids where workspace_id = $1) m
      cross join (select count(*) as stored from events where workspace_id = $1) e
      where m.kept <> e.stored`,
  ],
] as const
