import type postgres from 'postgres'
import type { FunnelBreakdown, FunnelCondition, FunnelStep } from '../../../shared/funnel-report.ts'
import type { Sql } from '../../database/connect.ts'
import type { Question } from './read-question.ts'

type Fragment = postgres.Fragment

/**
 * Common table expressions up to `walked (contact_id, root, times, value)`: one row for each person who entered, with the time of each
 * step that was reached and the person's value of the breakdown, empty where it is not known.
 *
 * A person is a contact, or else the root of the visitors who never said who they are. Only events of the names that are asked for are
 * read; they are sorted once by person and time, and `walk_funnel` goes over each person's once. Measured with a million events, of
 * which a third had one of four names: 0.6 s, against 1.4 s for a window function a step, which also grows with the steps. Read into this
 * process, the rows would hold up everything else that it does.
 */
export function walk(sql: Sql, workspace_id: number, question: Question): Fragment {
  const { steps, window_minutes, begins, ends, breakdown } = question
  const by = breakdown?.by
  const names = [...new Set(steps.map(step => step.event))]
  const span = sql`make_interval(mins => ${window_minutes}::int)`
  return sql`
    with found as (
      select coalesce(-v.contact_id, v.person_id, v.id) as person, e.occurred_at, e.id, e.session_id,
             ${by === 'property' ? sql`e.properties->>${breakdown!.property!}::text` : sql`null::text`} as property,
             ${stepsOf(sql, steps)} as steps_of
        from events e
        join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
       where e.workspace_id = ${workspace_id} and v.workspace_id = ${workspace_id} and e.event = any(${names}::text[]) and not e.is_bot
         and e.occurred_at >= ${begins}::text::timestamptz and e.occurred_at < ${ends}::text::timestamptz + ${span}
         ${whoseContact(sql, workspace_id, question)}
    ), fitting as (
      -- Who comes later than the period can go on and not begin.
      select person, occurred_at, session_id, property,
             case when occurred_at < ${ends}::text::timestamptz then steps_of else steps_of & ~1 end as steps_of
        from found
       where steps_of > 0
       order by person, occurred_at, id -- sorted once, for all that is gathered below in this order
    ), people as (
      select person,
             walk_funnel(array_agg(steps_of), array_agg(occurred_at), ${steps.length}::int, ${span}) as times
             ${by === undefined ? sql`` : sql`, ${atEntry(sql, by)} as at_entry`}
        from fitting
       group by person
    ), walked as (
      select case when p.person < 0 then -p.person end as contact_id, case when p.person > 0 then p.person end as root, p.times,
             ${by === undefined ? sql`''` : sql`coalesce(left(${groupOf(sql, by)}, 200), '')`} as value
        from people p
        ${by === undefined ? sql`` : joined(sql, workspace_id, by)}
       where p.times is not null
    )`
}

/** `placed (value, place)`: the groups of the breakdown, the most people first. Those that a report shows by their names come before its others. */
export function placed(sql: Sql): Fragment {
  return sql`placed as (
      select value, row_number() over (order by count(*) desc, value collate "C") as place from walked group by value
    )`
}

/** A bit for each step that an event can be. */
function stepsOf(sql: Sql, steps: readonly FunnelStep[]): Fragment {
  return steps
    .map(({ event, conditions = [] }, k) => {
      const held = conditions.map(condition => sql`and ${holds(sql, condition)}`)
      return sql`case when e.event = ${event} ${held.length > 0 ? held : sql``} then ${2 ** k}::int else 0 end`
    })
    .reduce((all, one) => sql`${all} | ${one}`)
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

function whoseContact(sql: Sql, workspace_id: number, { stage, segment }: Question): Fragment {
  if (stage === undefined && segment === undefined) return sql``
  return sql`
         and v.contact_id in (
               select c.id
                 from contacts c
                where c.workspace_id = ${workspace_id}
                  ${stage === undefined ? sql`` : sql`and c.stage = ${stage}`}
                  ${segment === undefined ? sql`` : sql`and segment_of(c.watch_percentage, c.registered_at) = ${segment}`})`
}

/** Of the event with which the person entered: the first one that can be the first step. */
function atEntry(sql: Sql, by: FunnelBreakdown): Fragment {
  const column = by === 'property' ? sql`property` : by === 'country' || by === 'device' ? sql`session_id` : sql`null::text`
  return sql`(array_agg(${column}) filter (where steps_of & 1 = 1))[1]`
}

function groupOf(sql: Sql, by: FunnelBreakdown): Fragment {
  if (by === 'property') return sql`p.at_entry`
  if (by === 'country') return sql`s.country_code`
  if (by === 'device') return sql`s.device_type`
  return sql`coalesce(c.first_touch, n.first_touch)->>${by}`
}

function joined(sql: Sql, workspace_id: number, by: FunnelBreakdown): Fragment {
  if (by === 'property') return sql``
  if (by === 'country' || by === 'device')
    return sql`left join sessions s on s.workspace_id = ${workspace_id} and s.id = p.at_entry`
  // Whom nobody knows has the first touch of all their visitors, as a contact has.
  return sql`
        left join contacts c on c.workspace_id = ${workspace_id} and c.id = -p.person
        left join (
          select distinct on (coalesce(person_id, id)) coalesce(person_id, id) as root, first_touch
            from visitors
           where workspace_id = ${workspace_id} and contact_id is null and first_touch <> '{}'
           order by coalesce(person_id, id), first_touch->>'at', id) n on n.root = p.person`
}
