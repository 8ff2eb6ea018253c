import type { Place } from '../../../shared/appointments.ts'
import type { Sql } from '../../database/connect.ts'
import { manageAddress, manageToken } from '../booking/manage-token.ts'
import type { Occasion } from './letters.ts'

/** Where links lead, and what proves them. */
export type Links = { public_url: string; manage_key: Buffer }

/** Somebody who works here, and the clocks on whose wall count. */
export type Host = { user_id: number; name: string; email: string; time_zone: string }

/**
 * An appointment with all that letters and calendars say about it. `is_away`: it was handed on, and the customer hears from there.
 * `is_theirs`: it was booked at Calendly or Cal.com, who write to both sides themselves.
 */
export type Known = { occasion: Occasion; hosts: Map<number, Host>; is_away: boolean; is_theirs: boolean }

/**
 * Reads appointments as they are now, with everybody who has to do with them; `others` are further people who work here. As the system's
 * role: who works here stands outside of the tenants. Who left is in no `hosts`. Two statements for any number.
 */
export async function readOccasions(
  sql: Sql,
  workspace_id: number,
  ids: number[],
  others: number[],
  { public_url, manage_key }: Links,
): Promise<Map<number, Known>> {
  const rows = await sql<Row[]>`
    select a.id, a.uid, a.version, a.scheduled_at, a.ends_at, a.updated_at, a.time_zone, a.place, a.location, a.assigned_to, a.cancel_reason,
           a.customer_notes, a.status = 'pending' as is_pending, a.copy_workspace_id is not null as is_away,
           coalesce(d.format in ('calendly', 'cal_com'), false) as is_theirs,
           coalesce(t.name, initcap(replace(a.type, '_', ' '))) as type_name, w.name as workspace_name,
           nullif(concat_ws(', ', a.street, concat_ws(' ', a.city, a.state, a.zip_code), a.country), '') as address,
           c.first_name, c.name, c.email, c.phone
      from appointments a
      join workspaces w on w.id = a.workspace_id
      left join appointment_types t on t.workspace_id = a.workspace_id and t.key = a.type
      left join intake_deliveries d on d.workspace_id = a.workspace_id and d.id = a.delivery_id
      left join contacts given on given.workspace_id = a.workspace_id and given.id = a.contact_id
      left join contacts c on c.workspace_id = a.workspace_id and c.id = given.whole_id
     where a.workspace_id = ${workspace_id} and a.id = any(${ids}::bigint[])`
  const user_ids = [...others, ...rows.flatMap(row => row.assigned_to ?? [])]
  const hosts = await readHosts(sql, workspace_id, user_ids)
  return new Map(
    rows.map(row => {
      const token = manageToken(manage_key, { workspace_id, id: row.id, uid: row.uid })
      const links = { manage_url: manageAddress(public_url, token), page_url: `${public_url}/appointments/${row.id}` }
      const host = row.assigned_to === null ? null : (hosts.get(row.assigned_to)?.name ?? null)
      return [row.id, { occasion: { ...occasionOf(row), ...links, host }, hosts, is_away: row.is_away, is_theirs: row.is_theirs }]
    }),
  )
}

type Row = Omit<Occasion, 'customer' | 'host' | 'manage_url' | 'page_url'> & {
  id: number
  assigned_to: number | null
  customer_notes: string | null
  address: string | null
  first_name: string | null
  name: string | null
  email: string | null
  phone: string | null
  place: Place
  is_away: boolean
  is_theirs: boolean
}

function occasionOf(row: Row) {
  const { uid, version, scheduled_at, ends_at, updated_at, time_zone, place, location, type_name, workspace_name } = row
  const { name, first_name, phone, email, address, customer_notes: notes, cancel_reason, is_pending } = row
  const customer = { name: name ?? first_name, phone, email, address, notes }
  const when = { uid, version, scheduled_at, ends_at, updated_at, time_zone }
  return { ...when, place, location, type_name, workspace_name, cancel_reason, is_pending, customer }
}

/** Those who work in the workspace, by id. */
export async function readHosts(sql: Sql, workspace_id: number, user_ids: number[]): Promise<Map<number, Host>> {
  const rows = await sql<Host[]>`
    select u.id as user_id, u.name, u.email, coalesce(s.time_zone, w.time_zone) as time_zone
      from memberships m
      join users u on u.id = m.user_id
      join workspaces w on w.id = m.workspace_id
      left join staff s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
     where m.workspace_id = ${workspace_id} and m.user_id = any(${user_ids}::int[])`
  return new Map(rows.map(row => [row.user_id, row]))
}
