import { beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { chainActivities } from '../activities/chain/extend.ts'
import { verifyChain } from '../activities/chain/verify.ts'
import { keepTelling } from '../activities/relay.ts'
import type { Database } from '../database/connect.ts'
import { type Filled, fillDemo } from './fill.ts'

const STORY = { people: 400, days: 60, seed: 'bread', until: new Date('2026-03-31T12:00:00Z') }

let database: Database
let filled: Filled
beforeAll(async () => {
  database = await freshDatabase()
  filled = await fillDemo(database, STORY)
})

test('the numbers that it reports are those of the workspace', async () => {
  const [row] = await database.system`
    select (select count(*)::int from events   where workspace_id = ${filled.workspace_id}) as events,
           (select count(*)::int from contacts where workspace_id = ${filled.workspace_id} and merged_into is null) as contacts`
  expect(row).toEqual({ events: filled.events, contacts: filled.contacts })
  expect(filled.contacts).toBeGreaterThan(60)
})

test('the same seed and end tell the same story, and another seed another one', async () => {
  const again = await fillDemo(database, STORY)
  const other = await fillDemo(database, { ...STORY, seed: 'cake' })
  expect(await story(again.workspace_id)).toEqual(await story(filled.workspace_id))
  expect(await story(other.workspace_id)).not.toEqual(await story(filled.workspace_id))
})

test('told twice in one workspace, everything has still happened once', async () => {
  const before = [await story(filled.workspace_id), await meetings(filled.workspace_id)]
  await fillDemo(database, { ...STORY, workspace_id: filled.workspace_id })
  expect([await story(filled.workspace_id), await meetings(filled.workspace_id)]).toEqual(before)
})

test('everything that the screens show is there', async () => {
  const { workspace_id } = filled
  const [seen] = await database.system`
    select (select array_agg(distinct stage order by stage) from contacts where workspace_id = ${workspace_id}) as stages,
           (select bool_or(is_bot) from visitors where workspace_id = ${workspace_id}) as bots,
           (select count(distinct country_code) > 5 from visitors where workspace_id = ${workspace_id}) as countries,
           (select count(distinct first_touch->>'utm_source') > 3 from visitors where workspace_id = ${workspace_id}) as campaigns,
           (select count(*) > 5 from identity_links where workspace_id = ${workspace_id} and reason = 'identify' and outcome = 'linked') as log_ins,
           (select count(*) > 0 from identity_links where workspace_id = ${workspace_id} and outcome = 'refused_two_identified') as refused,
           (select array_agg(distinct reason) from merge_suggestions where workspace_id = ${workspace_id}) as suggestions,
           (select count(*) > 0 from contact_merges where workspace_id = ${workspace_id}) as merges,
           (select count(*) > 3 from events where workspace_id = ${workspace_id} and event = 'video_replayed') as replays,
           (select array_agg(kind order by id) from funnel_pages where workspace_id = ${workspace_id}) as pages,
           (select array_agg(video_id) from funnel_videos where workspace_id = ${workspace_id}) as videos`
  expect(seen).toMatchObject({
    stages: ['converted', 'engaged', 'lead', 'offer_viewed'],
    bots: true,
    countries: true,
    campaigns: true,
    log_ins: true,
    refused: true,
    merges: true,
    replays: true,
    pages: ['registration', 'watch', 'enrollment'],
    videos: ['first-loaf'],
  })
  expect(seen!.suggestions).toContain('phone_other_name')
})

test('everything happened in the days that were asked for', async () => {
  const { workspace_id } = filled
  const [row] = await database.system`
    select min(occurred_at) >= '2026-01-31' and max(occurred_at) <= ${STORY.until} as within,
           (select max(created_at) < ${STORY.until} from contacts where workspace_id = ${workspace_id}) as contacts,
           (select max(at) <= now() from activities where workspace_id = ${workspace_id} and action = 'contact.created') as activities
      from events
     where workspace_id = ${workspace_id}`
  expect(row).toEqual({ within: true, contacts: true, activities: true })
})

test('bakers met customers, and what came of it is known', async () => {
  const { workspace_id } = filled
  const [row] = await database.system`
    select count(*)::int as meetings,
           array(select distinct status from appointments a where a.workspace_id = ${workspace_id} order by status) as statuses,
           bool_or(outcome = 'won') as won,
           bool_or(reschedule_count = 1) as moved,
           (select count(*)::int from conversions n where n.workspace_id = ${workspace_id} and n.source = 'appointment') as sold,
           count(*) filter (where outcome = 'won')::int as bought,
           max(created_at) < ${STORY.until} as booked_in_time,
           (select max(at) < ${STORY.until} from activities v where v.workspace_id = ${workspace_id} and v.action like 'appointment.%') as told_in_time,
           (select count(*)::int from mails m where m.workspace_id = ${workspace_id}) as mails,
           (select count(*)::int from staff s where s.workspace_id = ${workspace_id}) as bakers
      from appointments
     where workspace_id = ${workspace_id}`
  expect(row).toMatchObject({ won: true, moved: true, booked_in_time: true, told_in_time: true, mails: 0, bakers: 3 })
  expect(row!.meetings).toBeGreaterThan(10)
  expect(row!.sold).toBe(row!.bought)
  expect(row!.statuses).toEqual(expect.arrayContaining(['cancelled', 'completed', 'no_show']))
})

/** Who did what when, and who is one, without the ids that each workspace gives anew. */
async function story(workspace_id: number) {
  return database.system`
    select e.message_id, e.event, e.occurred_at, v.distinct_id, c.email, c.name
      from events e
      join visitors v      on v.workspace_id = e.workspace_id and v.id = e.visitor_id
      left join contacts c on c.workspace_id = e.workspace_id and c.id = v.contact_id
     where e.workspace_id = ${workspace_id}
     order by e.message_id`
}

async function meetings(workspace_id: number) {
  return database.system`
    select a.external_id, a.scheduled_at, a.status, a.outcome, a.created_at, a.ended_at
      from appointments a
     where a.workspace_id = ${workspace_id}
     order by a.external_id`
}

test('told beside a server that works, the history is chained as it stands', async () => {
  const telling = keepTelling(database.system, { chain: chainActivities })
  try {
    const { workspace_id } = await fillDemo(database, { ...STORY, people: 200, seed: 'rye' })
    await expect.poll(() => untold(workspace_id), { timeout: 20_000 }).toBe(0)
    const { problems, position } = await verifyChain(database.system, workspace_id)
    expect(problems).toEqual([])
    expect(position).toBeGreaterThan(100)
  } finally {
    await telling.stop()
  }
})

async function untold(workspace_id: number): Promise<number> {
  const [row] = await database.system<{ count: number }[]>`
    select count(*)::int as count from activities where workspace_id = ${workspace_id} and not told`
  return row!.count
}
