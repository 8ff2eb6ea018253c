import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { StaffMember, StaffUpdate } from '../../../shared/staff.ts'
import { recordActivities } from '../../activities/record.ts'
import { refuse } from '../../errors.ts'
import { same } from '../../leads/same.ts'
import { findStaffMember } from './find.ts'
import { requirePossible } from './judge.ts'
import { NOTHING_SAID, openStaffRow } from './open-row.ts'

/**
 * Changes when somebody works and can be booked: what is given; `hours` and `dates` as a whole. What is booked stays booked. As the
 * system's role, for the name of the person. Throws `invalid_fields`, `not_found`, `conflict`.
 */
export async function editStaff(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  { if_updated_at, ...given }: StaffUpdate,
  actor: Actor,
): Promise<StaffMember> {
  requirePossible(given)
  const { begun } = await openStaffRow(sql, workspace_id, user_id, given.time_zone)
  const before = { ...(await findStaffMember(sql, workspace_id, user_id)), ...(begun && NOTHING_SAID) }
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at!).getTime())
    throw refuse('conflict')
  const wanted = {
    ...begun,
    ...given,
    ...(given.hours && { hours: inOrder(given.hours) }),
    ...(given.dates && { dates: byDate(given.dates) }),
  }
  const names = (Object.keys(wanted) as (keyof typeof wanted)[]).filter(name => !same(before[name], wanted[name]))
  if (names.length === 0) return before
  await writeRow(sql, workspace_id, user_id, { ...before, ...wanted })
  if (names.includes('hours')) await writeHours(sql, workspace_id, user_id, wanted.hours!)
  if (names.includes('dates')) await writeDates(sql, workspace_id, user_id, wanted.dates!)
  const [was, is] = [before, wanted].map(side => Object.fromEntries(names.map(name => [name, side[name]])))
  await recordActivities(sql, workspace_id, [{ action: 'staff.changed', actor, subject_id: user_id, before: was!, after: is! }])
  return findStaffMember(sql, workspace_id, user_id)
}

async function writeRow(sql: postgres.TransactionSql, workspace_id: number, user_id: number, to: StaffMember) {
  const { time_zone, bookable, before_minutes, after_minutes, notice_minutes, daily_limit } = to
  await sql`
    update staff
       set time_zone = ${time_zone}, bookable = ${bookable}, before_minutes = ${before_minutes}, after_minutes = ${after_minutes},
           notice_minutes = ${notice_minutes}, daily_limit = ${daily_limit},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and user_id = ${user_id}`
}

async function writeHours(sql: postgres.TransactionSql, workspace_id: number, user_id: number, hours: StaffMember['hours']) {
  await sql`delete from staff_hours where workspace_id = ${workspace_id} and user_id = ${user_id}`
  await sql`
    insert into staff_hours (workspace_id, user_id, weekday, opens, closes)
    select ${workspace_id}, ${user_id}, weekday, opens, closes
      from jsonb_to_recordset(${JSON.stringify(hours)}::text::jsonb) as h(weekday int, opens time, closes time)`
}

/** A date without hours is one row that has none. */
async function writeDates(sql: postgres.TransactionSql, workspace_id: number, user_id: number, dates: StaffMember['dates']) {
  await sql`delete from staff_dates where workspace_id = ${workspace_id} and user_id = ${user_id}`
  const rows = dates.flatMap(({ date, hours }) => (hours.length === 0 ? [{ date }] : hours.map(each => ({ date, ...each }))))
  await sql`
    insert into staff_dates (workspace_id, user_id, date, opens, closes)
    select ${workspace_id}, ${user_id}, date, opens, closes
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as d(date date, opens time, closes time)`
}

/** As they are read back, so that another order is no change. */
function inOrder(hours: StaffMember['hours']): StaffMember['hours'] {
  return hours
    .map(({ weekday, opens, closes }) => ({ weekday, opens, closes }))
    .sort((a, b) => a.weekday - b.weekday || (a.opens < b.opens ? -1 : 1))
}

function byDate(dates: StaffMember['dates']): StaffMember['dates'] {
  return dates
    .map(({ date, hours }) => ({
      date,
      hours: hours.map(({ opens, closes }) => ({ opens, closes })).sort((a, b) => (a.opens < b.opens ? -1 : 1)),
    }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}
