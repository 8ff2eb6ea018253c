import type postgres from 'postgres'
import type { StaffMember } from '../../../shared/staff.ts'
import { refuse } from '../../errors.ts'

/** Everybody who works in the workspace, by name. As the system's role: people stand outside of the tenants. */
export async function listStaff(system: postgres.Sql, workspace_id: number): Promise<{ data: StaffMember[] }> {
  return { data: [...(await readStaff(system, workspace_id, null))] }
}

/** Throws `not_found` for who does not work here. As the system's role too. */
export async function findStaffMember(
  system: postgres.Sql | postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
): Promise<StaffMember> {
  const [member] = await readStaff(system, workspace_id, user_id)
  if (!member) throw refuse('not_found', { message: 'Nobody with this id works in this workspace.' })
  return member
}

function readStaff(sql: postgres.Sql | postgres.TransactionSql, workspace_id: number, user_id: number | null) {
  return sql<StaffMember[]>`
    select u.id as user_id, u.name, u.email, s.time_zone, coalesce(s.bookable, false) as bookable,
           coalesce(s.before_minutes, 0) as before_minutes, coalesce(s.after_minutes, 0) as after_minutes,
           coalesce(s.notice_minutes, 0) as notice_minutes, s.daily_limit, s.updated_at, s.feed_hash is not null as has_feed,
           coalesce((
             select json_agg(json_build_object('weekday', h.weekday, 'opens', left(h.opens::text, 5), 'closes', left(h.closes::text, 5))
                             order by h.weekday, h.opens)
               from staff_hours h
              where h.workspace_id = s.workspace_id and h.user_id = s.user_id), '[]') as hours,
           coalesce((
             select json_agg(json_build_object('date', d.date, 'hours', d.hours) order by d.date)
               from (select date, coalesce(json_agg(json_build_object('opens', left(opens::text, 5), 'closes', left(closes::text, 5))
                                           order by opens) filter (where opens is not null), '[]') as hours
                       from staff_dates
                      where workspace_id = s.workspace_id and user_id = s.user_id
                      group by date) d), '[]') as dates,
           coalesce((
             select json_agg(json_build_object('id', a.id, 'starts_at', ${asTime(sql, 'lower(a.during)')},
                                               'ends_at', ${asTime(sql, 'upper(a.during)')}, 'reason', a.reason) order by a.during, a.id)
               from staff_absences a
              where a.workspace_id = s.workspace_id and a.user_id = s.user_id and upper(a.during) > now()), '[]') as absences,
           case when s.busy_url is not null
                then json_build_object('host', s.busy_host, 'read_at', ${asTime(sql, 's.busy_read_at')},
                                       'tried_at', ${asTime(sql, 's.busy_tried_at')}, 'error', s.busy_error)
                 end as busy
      from memberships m
      join users u on u.id = m.user_id
      left join staff s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
     where m.workspace_id = ${workspace_id} ${user_id === null ? sql`` : sql`and m.user_id = ${user_id}`}
     order by u.name, u.id`
}

/** In JSON that the database makes, times are written as everywhere else. */
function asTime(sql: postgres.Sql | postgres.TransactionSql, moment: string) {
  return sql.unsafe(`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
}
