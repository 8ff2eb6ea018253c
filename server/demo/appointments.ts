import type postgres from 'postgres'
import { holdTelling } from '../activities/relay.ts'
import { type Changes, changeAppointments } from '../appointments/change.ts'
import { insertAppointments } from '../appointments/insert.ts'
import { sellAppointment } from '../conversions/sell.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { MARTA, openDesk } from './desk.ts'
import { type Customer, type Meeting, MOVED_AFTER, tellMeetings } from './meetings.ts'

const BOOKING_PAGE = { kind: 'system', id: null, name: 'booking page' }

type Told = Meeting & { id: number }

/**
 * Ninety days of meetings with bakers, and what came of them: booked, moved, confirmed, ended and sold by the verbs that everybody uses,
 * but for the look at the clock; nobody is written to. Those that were told before are left as they are.
 */
export async function bookMeetings(database: Database, workspace_id: number, seed: string, until: Date): Promise<void> {
  const bakers = await openDesk(database, workspace_id)
  const told = await inWorkspace(database, workspace_id, async sql => {
    await lockIdentity(sql, [workspace_id])
    const meetings = tellMeetings(seed, await readCustomers(sql, workspace_id), bakers, until.getTime())
    const fresh = await unknown(sql, workspace_id, meetings)
    const ids = await insertAppointments(
      sql,
      fresh.map(({ booking }) => ({
        ...PLACES[booking.type as keyof typeof PLACES],
        ...booking,
        workspace_id,
        time_zone: 'Europe/Berlin',
        lead_id: null,
        source: 'website',
        status: 'scheduled' as const,
        actor: BOOKING_PAGE,
        reason: 'weighted',
      })),
    )
    const told = fresh.map((meeting, k) => ({ ...meeting, id: ids[k]!.id }))
    for (const step of [moved, confirmed, ended]) await take(sql, workspace_id, told, step)
    for (const { id, booking, sale, ...meeting } of told) {
      if (sale === null) continue
      const sold = { id, contact_id: booking.contact_id!, lead_id: null, is_test: false }
      const converted_at = new Date(endOf({ id, booking, sale, ...meeting })).toISOString()
      await sellAppointment(sql, workspace_id, sold, { value: sale, converted_at }, MARTA)
    }
    return told
  })
  await database.system.begin(sql => turnBack(sql, workspace_id, told))
}

const PLACES = {
  starter_call: { place: 'video', after_minutes: 15 },
  kitchen_visit: { place: 'home', before_minutes: 30, after_minutes: 30 },
} as const

/** In an order that does not depend on the ids, which every workspace has its own of. */
async function readCustomers(sql: postgres.TransactionSql, workspace_id: number): Promise<Customer[]> {
  return sql<Customer[]>`
    select id, email, (extract(epoch from created_at) * 1000)::float8 as came_at
      from contacts
     where workspace_id = ${workspace_id} and email is not null and merged_into is null
     order by created_at, email`
}

async function unknown(sql: postgres.TransactionSql, workspace_id: number, meetings: Meeting[]): Promise<Meeting[]> {
  const rows = await sql<{ external_id: string }[]>`
    select external_id from appointments where workspace_id = ${workspace_id} and webhook_id is null and external_id is not null`
  const known = new Set(rows.map(row => row.external_id))
  return meetings.filter(({ booking }) => !known.has(booking.external_id!))
}

type Step = (meeting: Told) => Changes | null

async function take(sql: postgres.TransactionSql, workspace_id: number, told: Told[], step: Step) {
  const changes = new Map(told.map(meeting => [meeting.id, step(meeting)] as const).filter(([, change]) => change !== null))
  await changeAppointments(sql, workspace_id, [...changes.keys()], ({ id }) => changes.get(id)!, MARTA, { silent: true })
}

function moved({ moved_to }: Told): Changes | null {
  return moved_to === null ? null : { scheduled_at: moved_to, status: 'rescheduled', reschedule_count: 1 }
}

function confirmed(meeting: Told): Changes | null {
  if (!meeting.is_confirmed) return null
  return { status: 'confirmed', confirmed_at: new Date((meeting.booked_at + startOf(meeting)) / 2).toISOString() }
}

function ended(meeting: Told): Changes | null {
  const { end, outcome, cancel_reason } = meeting
  if (end === null) return null
  const next = outcome === 'follow_up' ? { next_step: 'Call again about the season' } : {}
  return { status: end, outcome, cancel_reason, ended_at: new Date(endOf(meeting)).toISOString(), ...next }
}

function startOf({ booking, moved_to }: Meeting): number {
  return Date.parse(moved_to ?? booking.scheduled_at)
}

/** Who cancels does it half-way; what came of a meeting is written down when it is over. */
function endOf(meeting: Told): number {
  const at = startOf(meeting)
  return meeting.end === 'cancelled' ? (meeting.booked_at + at) / 2 : at + (meeting.booking.duration_minutes + 5) * 60_000
}

/** As the system's role, like turn-back.ts, which does the same for everything else: rows and activities get the moment at which they happened in the story. */
async function turnBack(sql: postgres.TransactionSql, workspace_id: number, told: Told[]) {
  await holdTelling(sql)
  const rows = told.map(meeting => ({ id: meeting.id, booked_at: new Date(meeting.booked_at).toISOString() }))
  await sql`
    update appointments a
       set created_at = r.booked_at, updated_at = coalesce(a.ended_at, a.confirmed_at, r.booked_at)
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id bigint, booked_at timestamptz)
     where a.workspace_id = ${workspace_id} and a.id = r.id`
  await sql`
    update activities v
       set at = case v.action
                  when 'appointment.created'     then a.created_at
                  when 'appointment.assigned'    then a.created_at
                  when 'appointment.rescheduled' then a.created_at + make_interval(secs => ${MOVED_AFTER / 1000})
                  when 'appointment.confirmed'   then a.confirmed_at
                  else a.ended_at
                end
      from appointments a
     where v.workspace_id = ${workspace_id} and v.action like 'appointment.%' and a.workspace_id = v.workspace_id
       and a.id = any(${told.map(({ id }) => id)}::bigint[]) and v.subject_id = a.id::text`
  await sql`
    update activities v
       set at = n.converted_at
      from conversions n
     where v.workspace_id = ${workspace_id} and v.action = 'conversion.created' and n.workspace_id = v.workspace_id
       and n.appointment_id = any(${told.map(({ id }) => id)}::bigint[]) and v.subject_id = n.id::text`
}
