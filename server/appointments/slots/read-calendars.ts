import type postgres from 'postgres'
import type { Calendar, Hours } from './calendar.ts'
import type { Span } from './span.ts'
import { DAY } from './zone.ts'

type Person = Pick<
  Calendar,
  'user_id' | 'time_zone' | 'bookable' | 'before_minutes' | 'after_minutes' | 'notice_minutes' | 'daily_limit' | 'hours'
>
type Taken = Span & { user_id: number }
type Booked = Taken & { at: number; blocks: boolean }

/**
 * What the calendars of these people say around a span of time, in a constant number of statements. Who does not work here (any
 * more) has none. `now` is the database's. `instead_of` is an appointment that counts as gone.
 */
export async function readCalendars(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: number[],
  { from, until, instead_of }: Span & { instead_of?: number | null | undefined },
): Promise<{ now: number; calendars: Calendar[] }> {
  const user_ids = [...new Set(given)].sort((a, b) => a - b)
  const around = { from: from - 3 * DAY, until: until + 4 * DAY }
  const [[clock], people, dates, booked, { absences, busy, elsewhere }] = await Promise.all([
    sql<{ now: number }[]>`select ${ms(sql, sql`now()`)} as now`,
    readPeople(sql, workspace_id, user_ids),
    readDates(sql, workspace_id, user_ids, around),
    readBooked(sql, workspace_id, user_ids, around, instead_of ?? null),
    readAsSystem(sql, workspace_id, user_ids, around),
  ])
  const [datesOf, absencesOf, busyOf] = [byPerson(dates), byPerson(absences), byPerson(busy)]
  const [bookedOf, elsewhereOf] = [byPerson(booked), byPerson(elsewhere)]
  const calendars = people.map(person => ({
    ...person,
    dates: byDay(datesOf(person.user_id)),
    absences: absencesOf(person.user_id),
    busy: busyOf(person.user_id),
    booked: bookedOf(person.user_id).filter(each => each.blocks),
    starts: bookedOf(person.user_id).map(each => each.at),
    elsewhere: elsewhereOf(person.user_id),
  }))
  return { now: clock!.now, calendars }
}

function byPerson<T extends { user_id: number }>(rows: readonly T[]): (user_id: number) => T[] {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.user_id)
    if (group) group.push(row)
    else groups.set(row.user_id, [row])
  }
  return user_id => groups.get(user_id) ?? []
}

function readPeople(sql: postgres.TransactionSql, workspace_id: number, user_ids: number[]) {
  return sql<Person[]>`
    select m.user_id, s.time_zone, coalesce(s.bookable, false) as bookable, coalesce(s.before_minutes, 0) as before_minutes,
           coalesce(s.after_minutes, 0) as after_minutes, coalesce(s.notice_minutes, 0) as notice_minutes, s.daily_limit,
           coalesce((
             select json_agg(json_build_object('weekday', h.weekday, 'opens', extract(epoch from h.opens) / 60,
                                               'closes', extract(epoch from h.closes) / 60) order by h.weekday, h.opens)
               from staff_hours h
              where h.workspace_id = m.workspace_id and h.user_id = m.user_id), '[]') as hours
      from memberships m
      left join staff s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
     where m.workspace_id = ${workspace_id} and m.user_id = any(${user_ids}::int[])
     order by m.user_id`
}

type DateRow = { user_id: number; day: number; opens: number | null; closes: number | null }

function readDates(sql: postgres.TransactionSql, workspace_id: number, user_ids: number[], { from, until }: Span) {
  return sql<DateRow[]>`
    select user_id, date - '1970-01-01'::date as day, (extract(epoch from opens) / 60)::int as opens,
           (extract(epoch from closes) / 60)::int as closes
      from staff_dates
     where workspace_id = ${workspace_id} and user_id = any(${user_ids}::int[])
       and date between ${time(from)}::timestamptz::date and ${time(until)}::timestamptz::date`
}

function byDay(rows: DateRow[]): Map<number, Hours[]> {
  const days = new Map<number, Hours[]>()
  for (const { day, opens, closes } of rows) {
    const hours = days.get(day) ?? []
    days.set(day, hours)
    if (opens !== null && closes !== null) hours.push({ opens, closes })
  }
  return days
}

/** What was cancelled takes no time and does not count as one of the day; what was only held, and for too long, neither. */
function readBooked(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_ids: number[],
  { from, until }: Span,
  instead_of: number | null,
) {
  return sql<Booked[]>`
    select assigned_to as user_id, ${ms(sql, sql`lower(during)`)} as from, ${ms(sql, sql`upper(during)`)} as until,
           ${ms(sql, sql`scheduled_at`)} as at,
           blocks and status in ('held', 'pending', 'scheduled', 'confirmed', 'rescheduled') as blocks
      from appointments
     where workspace_id = ${workspace_id} and assigned_to = any(${user_ids}::int[])
       and scheduled_at >= ${time(from)} and scheduled_at < ${time(until)}
       and status <> 'cancelled' and (status <> 'held' or held_until > now())
       and id is distinct from ${instead_of}::bigint`
}

/**
 * Who works in several workspaces is not booked twice across them. The others are behind the wall of tenants, so this is asked as the
 * system, and of what it finds only the time is used: neither where nor with whom. So are absences and what other calendars say: `&&` is not
 * leakproof, so behind the wall everything that a person ever had would be read (20,000 blocks for 50 people instead of 250). The savepoint
 * gives the role back, whatever it was.
 */
async function readAsSystem(sql: postgres.TransactionSql, workspace_id: number, user_ids: number[], around: Span) {
  // Sent at once, so nothing else of this transaction is asked in between.
  const [, absences, busy, elsewhere] = await Promise.all([
    sql.unsafe('savepoint as_system; set local role throughline_system').execute(),
    readTaken(sql, 'staff_absences', workspace_id, user_ids, around).execute(),
    readTaken(sql, 'busy_times', workspace_id, user_ids, around).execute(),
    readElsewhere(sql, workspace_id, user_ids, around).execute(),
    sql.unsafe('rollback to savepoint as_system; release savepoint as_system').execute(),
  ])
  return { absences, busy, elsewhere }
}

function readTaken(
  sql: postgres.TransactionSql,
  table: 'staff_absences' | 'busy_times',
  workspace_id: number,
  user_ids: number[],
  { from, until }: Span,
) {
  return sql<Taken[]>`
    select t.user_id, ${ms(sql, sql`lower(t.during)`)} as from, ${ms(sql, sql`upper(t.during)`)} as until
      from unnest(${user_ids}::int[]) as u(id)
      join ${sql(table)} t on t.workspace_id = ${workspace_id} and t.user_id = u.id
                          and t.during && tstzrange(${time(from)}, ${time(until)})`
}

function readElsewhere(sql: postgres.TransactionSql, workspace_id: number, user_ids: number[], { from, until }: Span) {
  return sql<Taken[]>`
    select a.assigned_to as user_id, ${ms(sql, sql`lower(a.during)`)} as from, ${ms(sql, sql`upper(a.during)`)} as until
      from memberships m
      join appointments a on a.workspace_id = m.workspace_id and a.assigned_to = m.user_id
                         and a.scheduled_at >= ${time(from)} and a.scheduled_at < ${time(until)}
     where m.user_id = any(${user_ids}::int[]) and m.workspace_id <> ${workspace_id}
       and a.blocks and a.status in ('held', 'pending', 'scheduled', 'confirmed', 'rescheduled')
       and (a.status <> 'held' or a.held_until > now())`
}

function ms(sql: postgres.TransactionSql, moment: postgres.PendingQuery<postgres.Row[]>) {
  return sql`(extract(epoch from ${moment}) * 1000)::float8`
}

function time(at: number) {
  return new Date(at).toISOString()
}
