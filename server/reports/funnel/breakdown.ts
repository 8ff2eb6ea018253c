import type postgres from 'postgres'
import type { Sql } from '../../database/connect.ts'
import type { Question } from './read-question.ts'

type Breakdown = NonNullable<Question['breakdown']>
type Fragment = postgres.Fragment

/** The value by which a person is broken down, of what `joined` looks up. */
export function groupOf(sql: Sql, { by, property }: Breakdown): Fragment {
  if (by === 'property') return sql`b.properties->>${property!}::text`
  if (by === 'country') return sql`s.country_code`
  if (by === 'device') return sql`s.device_type`
  return sql`coalesce(c.first_touch, n.first_touch)->>${by}`
}

/** To each person `p (person, entry_id)` what the breakdown is of: the event with which they entered, its visit, or who sent them first. */
export function joined(sql: Sql, workspace_id: number, { steps, begins, ends, breakdown }: Question): Fragment {
  const { by } = breakdown!
  const began = sql`
        join events b on b.workspace_id = ${workspace_id} and b.id = p.entry_id and b.event = ${steps[0]!.event}
         and b.occurred_at >= ${begins}::text::timestamptz and b.occurred_at < ${ends}::text::timestamptz`
  if (by === 'property') return began
  if (by === 'country' || by === 'device')
    return sql`${began}
        left join sessions s on s.workspace_id = ${workspace_id} and s.id = b.session_id`
  // Whom nobody knows has the first touch of all their visitors, as a contact has.
  return sql`
        left join contacts c on c.workspace_id = ${workspace_id} and c.id = -p.person
        left join (
          select distinct on (coalesce(person_id, id)) coalesce(person_id, id) as root, first_touch
            from visitors
           where workspace_id = ${workspace_id} and contact_id is null and first_touch <> '{}'
           order by coalesce(person_id, id), first_touch->>'at', id) n on n.root = p.person`
}
