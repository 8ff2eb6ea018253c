import type postgres from 'postgres'
import type { FunnelCondition, FunnelStep } from '../../../shared/funnel-report.ts'
import type { Sql } from '../../database/connect.ts'
import { groupOf, joined } from './breakdown.ts'
import type { Question } from './read-question.ts'

type Fragment = postgres.Fragment

/**
 * Common table expressions up to `walked (contact_id, root, times, value)`: one row for each person who entered, with the time of each
 * step that was reached and the person's value of the breakdown, empty where it is not known.
 *
 * A person is a contact, or else the root of the visitors who never said who they are. Of the first step only the earliest event of each
 * visitor is kept, without sorting; of the others what comes after it and within the window, which is sorted once by person and time, and
 * `walk_funnel` goes over each person's once. All that is asked of an event without conditions stands in the index `events_by_name`.
 *
 * Measured with ten million events, in processor time and without help of other processes: docs/decisions/0031. Read into this process,
 * the rows would hold up everything else that it does.
 */
export function walk(sql: Sql, workspace_id: number, question: Question): Fragment {
  const { steps, ends, breakdown } = question
  return sql`
    with begun as materialized (
      -- The time, and of events of the same moment the one that came first; a double holds microseconds until the year 2200.
      select e.visitor_id, min(array[date_part('epoch', e.occurred_at), e.id]) as entry
        from events e
       where ${inTime(sql, workspace_id, question)} and e.occurred_at < ${ends}::text::timestamptz and ${fits(sql, steps[0]!)}
       group by e.visitor_id
    ), entered as materialized (
      select v.person, to_timestamp((min(b.entry))[1]) as entered_at, ((min(b.entry))[2])::bigint as entry_id
        from begun b
        join (${persons(sql, workspace_id, question)}) v on v.id = b.visitor_id
       group by v.person
    ), ${steps.length > 1 ? wentOn(sql, workspace_id, question) : sql``} walked as (
      select case when p.person < 0 then -p.person end as contact_id, case when p.person > 0 then p.person end as root,
             ${steps.length > 1 ? sql`p.entered_at || w.times` : sql`array[p.entered_at]`} as times,
             ${breakdown === undefined ? sql`''` : sql`coalesce(left(${groupOf(sql, breakdown)}, 200), '')`} as value
        from entered p
        ${steps.length > 1 ? sql`left join went_on w on w.person = p.person` : sql``}
        ${breakdown === undefined ? sql`` : joined(sql, workspace_id, question)}
    )`
}

/** `placed (value, place)`: the groups of the breakdown, the most people first. Those that a report shows by their names come before its others. */
export function placed(sql: Sql, { breakdown }: Question): Fragment {
  if (breakdown === undefined) return sql`placed as (select '' as value, 1 as place)`
  return sql`placed as (
      select value, row_number() over (order by count(*) desc, value collate "C") as place from walked group by value
    )`
}

/** Rows of one person are joined many times over, for all that the planner knows, and it would sort what it can look up. */
export async function joinByHash(sql: Sql) {
  await sql`set local enable_mergejoin = off`
}

/** `went_on (person, times)`: of those who reached the second step, when that and each further one was. */
function wentOn(sql: Sql, workspace_id: number, question: Question): Fragment {
  const [, ...steps] = question.steps
  const names = [...new Set(steps.map(step => step.event))]
  const span = sql`make_interval(mins => ${question.window_minutes}::int)`
  return sql`found as (
      select v.person, e.occurred_at, e.id, ${stepsOf(sql, steps)} as steps_of
        from events e
        join (${persons(sql, workspace_id, question)}) v on v.id = e.visitor_id
        join entered p on p.person = v.person
       where ${inTime(sql, workspace_id, question)} and e.event = any(${names}::text[])
         and e.occurred_at >= p.entered_at and e.occurred_at <= p.entered_at + ${span}
         and (e.occurred_at > p.entered_at or e.id > p.entry_id)
    ), fitting as (
      select * from found where steps_of > 0 order by person, occurred_at, id -- sorted once, for both that are gathered below in this order
    ), went_on as materialized (
      select person, walk_funnel(array_agg(steps_of), array_agg(occurred_at), ${steps.length}::int, ${span}) as times from fitting
       group by person
      having bit_or(steps_of) & 1 = 1 -- the others need no walk
    ),`
}

/** In the period, or within the window after it. */
function inTime(sql: Sql, workspace_id: number, { begins, ends, window_minutes }: Question): Fragment {
  return sql`e.workspace_id = ${workspace_id} and not e.is_bot and e.occurred_at >= ${begins}::text::timestamptz
         and e.occurred_at < ${ends}::text::timestamptz + make_interval(mins => ${window_minutes}::int)`
}

function persons(sql: Sql, workspace_id: number, { stage, segment }: Question): Fragment {
  const contacts = sql`
           and v.contact_id in (
               select c.id
                 from contacts c
                where c.workspace_id = ${workspace_id}
                  ${stage === undefined ? sql`` : sql`and c.stage = ${stage}`}
                  ${segment === undefined ? sql`` : sql`and segment_of(c.watch_percentage, c.registered_at) = ${segment}`})`
  return sql`
        select v.id, coalesce(-v.contact_id, v.person_id, v.id) as person
          from visitors v
         where v.workspace_id = ${workspace_id}
           ${stage === undefined && segment === undefined ? sql`` : contacts}`
}

/** A bit for each step that an event can be. */
function stepsOf(sql: Sql, steps: readonly FunnelStep[]): Fragment {
  return steps
    .map((step, k) => sql`case when ${fits(sql, step)} then ${2 ** k}::int else 0 end`)
    .reduce((all, one) => sql`${all} | ${one}`)
}

function fits(sql: Sql, { event, conditions = [] }: FunnelStep): Fragment {
  return conditions.map(condition => holds(sql, condition)).reduce((all, one) => sql`${all} and ${one}`, sql`e.event = ${event}`)
}

function holds(sql: Sql, { property, operator, value = '' }: FunnelCondition): Fragment {
  // What is not there is null, and null holds nothing.
  const found = sql`e.properties->>${property}::text`
  if (operator === 'is_set') return sql`${found} <> ''`
  const text = String(value)
  if (operator === 'contains') return sql`position(lower(${text}) in lower(${found})) > 0`
  // As a number, 10 is 10.0; and a form that sent it as text meant the same.
  if (typeof value === 'number') return sql`(${found} = ${text} or e.properties->${property}::text = ${text}::text::jsonb)`
  return sql`${found} = ${text}`
}
