import type { Sql } from '../../database/connect.ts'
import { enqueueAll } from '../../queue/enqueue.ts'

/**
 * What happened to an appointment. `confirmed`: what was only asked for is sure now. `changed`: its place. `handed_on`: it is another
 * workspace's, which writes its own invitations. `was`: who had it before, when that is somebody else now.
 */
export type News = {
  id: number
  what: 'booked' | 'confirmed' | 'moved' | 'changed' | 'assigned' | 'handed_on' | 'cancelled'
  was?: number | null
}

export const LETTERS_QUEUE = 'appointment_letters'

/** An appointment as it was when that happened: a letter about the first of two moves says what was true after the first. */
export type Told = {
  what: News['what']
  was: number | null
  appointment_id: number
  version: number
  scheduled_at: string
  ends_at: string
  updated_at: string
  time_zone: string
  place: string
  location: string | null
  assigned_to: number | null
  cancel_reason: string | null
  is_pending: boolean
}

/**
 * Tells customers and whoever has an appointment, or had it, in the transaction of the change: letters are written when that commits
 * (write-letters.ts), in the order of what happened, and never when it does not. Not in this transaction, because who works here has
 * the address outside of the tenants, where the role of requests sees nothing. Two statements for any number. Tests tell nobody, and neither does what is over.
 */
export async function tellPeople(sql: Sql, workspace_id: number, news: News[]): Promise<void> {
  if (news.length === 0) return
  const rows = await sql<Told[]>`
    select n.what, n.was, a.id as appointment_id, a.version, a.scheduled_at, a.ends_at, a.updated_at, a.time_zone, a.place, a.location,
           a.assigned_to, a.cancel_reason, a.status = 'pending' as is_pending
      from jsonb_to_recordset(${JSON.stringify(news.map((one, position) => ({ ...one, position })))}::text::jsonb)
             as n(id bigint, what text, was int, position int)
      join appointments a on a.workspace_id = ${workspace_id} and a.id = n.id
     where a.status <> 'held' and not a.is_test and a.ends_at > now()
     order by n.position`
  await enqueueAll(
    sql,
    rows.map(payload => ({ workspace_id, queue: LETTERS_QUEUE, key: `appointment ${payload.appointment_id}`, payload })),
  )
}
