import postgres from 'postgres'
import type { Slot } from '../shared/appointments.ts'
import { openWorkspace } from './support/ask.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// Free slots of 50 people over 30 days, by the API, beside the plain SQL that they rest on: the same rows, read by one connection without
// any of ours. And how that grows with people and with days; everything in turns, so what else the machine does meets all of it.
const PEOPLE = 50
const DAYS = 30
const MOST_PEOPLE = 200
const SECONDS = 30

const server = await startServer()
const { workspace_id, user_ids, ask } = await openWorkspace(server, MOST_PEOPLE)
const plain = postgres(server.database.url, { max: 1, onnotice: () => {} })
await giveDiaries()

const pools = new Map<number, number>()
for (const count of [10, PEOPLE, MOST_PEOPLE]) {
  const members = user_ids.slice(0, count).map(user_id => ({ user_id }))
  const pool = await ask<{ id: number }>('/pools', { name: `${count}`, strategy: 'weighted', members })
  pools.set(count, pool.id)
}

const since = new Date()
const QUESTIONS: { name: string; people: number; days: number }[] = [
  { name: '10 people', people: 10, days: DAYS },
  { name: 'asked for', people: PEOPLE, days: DAYS },
  { name: `${MOST_PEOPLE} people`, people: MOST_PEOPLE, days: DAYS },
  { name: '7 days', people: PEOPLE, days: 7 },
  { name: '60 days', people: PEOPLE, days: 60 },
]
const times = new Map<string, number[]>([...QUESTIONS.map(({ name }) => name), 'plain'].map(name => [name, []]))
const slots: Record<string, number> = {}

for (let k = 0; k < 3; k++) await round()
for (const each of times.values()) each.length = 0
let rounds = 0
for (const until = performance.now() + SECONDS * 1000; performance.now() < until || rounds < 10; rounds++) await round()

await plain.end()
await server.stop()

const [value, reference] = [median('asked for'), median('plain')]
const by_people = median(`${MOST_PEOPLE} people`) / median('asked for')
const by_days = median('60 days') / median('asked for')
report({
  name: 'slots',
  value,
  unit: 'ms',
  reference: { what: 'the same rows by plain SQL, one after the other', value: reference },
  ratio: value / reference,
  aim: 'at most 3 times; four times the people at most 5 times, twice the days at most 3 times',
  met: value / reference <= 3 && by_people <= 5 && by_days <= 3,
  people: PEOPLE,
  days: DAYS,
  rounds,
  slots_found: slots['asked for'],
  ...Object.fromEntries(QUESTIONS.map(({ name }) => [`${name}, ms`, median(name)])),
  growth_of_four_times_the_people: by_people,
  growth_of_twice_the_days: by_days,
})

/**
 * Each works from nine to five, has six appointments on each of a hundred days (thirty of them past), a vacation, and four hundred hours elsewhere.
 * Written by SQL, for speed.
 */
async function giveDiaries() {
  const begun = performance.now()
  await plain.begin(async sql => {
    await sql`insert into staff (workspace_id, user_id, time_zone, before_minutes, after_minutes)
      select ${workspace_id}, id, (array['America/New_York', 'Europe/London', 'Asia/Kolkata', 'Australia/Sydney'])[1 + id % 4], 5, 5
        from unnest(${user_ids}::int[]) as id`
    await sql`insert into staff_hours (workspace_id, user_id, weekday, opens, closes)
      select ${workspace_id}, id, weekday, '09:00', '17:00' from unnest(${user_ids}::int[]) as id, generate_series(1, 5) as weekday`
    await sql`insert into contacts (workspace_id, id) values (${workspace_id}, 1000000)`
    await sql`insert into appointments (workspace_id, contact_id, assigned_to, scheduled_at, duration_minutes)
      select ${workspace_id}, 1000000, id, date_trunc('day', now()) + day * interval '1 day' + part * interval '4 hours', 45
        from unnest(${user_ids}::int[]) as id, generate_series(-30, 70) as day, generate_series(0, 5) as part`
    await sql`insert into staff_absences (workspace_id, user_id, during)
      select ${workspace_id}, id, tstzrange(now() + (id % 40) * interval '1 day', now() + (id % 40 + 7) * interval '1 day')
        from unnest(${user_ids}::int[]) as id`
    await sql`insert into busy_times (workspace_id, user_id, during)
      select ${workspace_id}, id, tstzrange(now() + hour * interval '21 hours', now() + hour * interval '21 hours' + interval '1 hour')
        from unnest(${user_ids}::int[]) as id, generate_series(0, 399) as hour`
  })
  await plain`analyze`
  note(`${user_ids.length} diaries written in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

async function round() {
  for (const { name, people, days } of QUESTIONS) {
    const query = `pool_id=${pools.get(people)}&since=${since.toISOString()}&until=${after(days)}`
    const begun = performance.now()
    const { data } = await ask<{ data: Slot[] }>(`/appointments/slots?${query}`)
    times.get(name)!.push(performance.now() - begun)
    slots[name] = data.length
  }
  const begun = performance.now()
  await readPlainly()
  times.get('plain')!.push(performance.now() - begun)
}

/** As anybody would write it who knows the tables: each question once, prepared, by primary keys and indexes. */
async function readPlainly() {
  const some = user_ids.slice(0, PEOPLE)
  const [from, until] = [new Date(since.getTime() - 3 * 86_400_000), new Date(Date.parse(after(DAYS)) + 4 * 86_400_000)]
  await plain`select * from staff where workspace_id = ${workspace_id} and user_id = any(${some}::int[])`
  await plain`select * from staff_hours where workspace_id = ${workspace_id} and user_id = any(${some}::int[])`
  await plain`select * from staff_dates where workspace_id = ${workspace_id} and user_id = any(${some}::int[]) and date between ${from} and ${until}`
  await plain`
    select user_id, during from staff_absences
     where workspace_id = ${workspace_id} and user_id = any(${some}::int[]) and during && tstzrange(${from}, ${until})`
  await plain`
    select user_id, during from busy_times
     where workspace_id = ${workspace_id} and user_id = any(${some}::int[]) and during && tstzrange(${from}, ${until})`
  await plain`
    select assigned_to, scheduled_at, during from appointments
     where workspace_id = ${workspace_id} and assigned_to = any(${some}::int[]) and scheduled_at between ${from} and ${until}
       and status <> 'cancelled'`
  await plain`
    select a.assigned_to, a.during
      from memberships m
      join appointments a on a.workspace_id = m.workspace_id and a.assigned_to = m.user_id and a.scheduled_at between ${from} and ${until}
     where m.user_id = any(${some}::int[]) and m.workspace_id <> ${workspace_id}`
}

function after(days: number) {
  return new Date(since.getTime() + days * 86_400_000).toISOString()
}

function median(name: string) {
  const all = times.get(name)!.toSorted((a, b) => a - b)
  return all[Math.floor(all.length / 2)]!
}
