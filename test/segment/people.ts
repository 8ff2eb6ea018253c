import type { Database } from '../../server/database/connect.ts'

/** Every stored event with the id that it came with, in the order of arrival. */
export async function eventsIn({ system }: Database, workspace_id: number) {
  const rows = await system<{ event: string; of: string; message_id: string; properties: Record<string, unknown> }[]>`
    select e.event, v.distinct_id as of, e.message_id, e.properties
      from events e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where e.workspace_id = ${workspace_id}
     order by e.id`
  return [...rows]
}

/** Everybody: the ids that are one person, with the e-mail of the contact, if there is one. */
export async function peopleIn({ system }: Database, workspace_id: number) {
  const rows = await system<{ ids: string[]; email: string | null }[]>`
    select array_agg(v.distinct_id order by v.distinct_id collate "C") as ids, min(c.email) as email
      from visitors v
      left join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id
     where v.workspace_id = ${workspace_id}
     group by coalesce(v.person_id, v.id)
     order by 1`
  return [...rows]
}

export async function linksIn({ system }: Database, workspace_id: number) {
  const rows = await system<{ reason: string; outcome: string }[]>`
    select reason, outcome from identity_links where workspace_id = ${workspace_id} order by id`
  return rows.map(({ reason, outcome }) => `${reason}: ${outcome}`)
}
