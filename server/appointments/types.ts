import type postgres from 'postgres'
import type { AppointmentType, AppointmentTypeCreate, AppointmentTypeUpdate } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { same } from '../leads/same.ts'

/** What can be booked, in its order. */
export async function listAppointmentTypes(sql: Sql, workspace_id: number): Promise<{ data: AppointmentType[] }> {
  const data = await sql<AppointmentType[]>`
    select ${sql([...COLUMNS])}
      from appointment_types
     where workspace_id = ${workspace_id}
     order by position, name, key`
  return { data: [...data] }
}

/** Throws `not_found`. */
export async function findAppointmentType(sql: Sql, workspace_id: number, key: string): Promise<AppointmentType> {
  const [type] = await sql<AppointmentType[]>`
    select ${sql([...COLUMNS])} from appointment_types where workspace_id = ${workspace_id} and key = ${key}`
  if (!type) throw refuse('not_found')
  return type
}

/** The one that is named, or the first. Throws `invalid_fields` with those that there are. */
export async function typeToBook(sql: Sql, workspace_id: number, key: string | undefined): Promise<AppointmentType> {
  const { data } = await listAppointmentTypes(sql, workspace_id)
  const type = key === undefined ? data[0] : data.find(one => one.key === key)
  if (type) return type
  const known = data.map(one => one.key).join(', ')
  const sentence = known ? `must be one of ${known}` : 'there is nothing to book: make an appointment type first'
  throw refuse('invalid_fields', { fields: { type: sentence } })
}

/** What the type of an appointment keeps free around it, as it says today; where there is no such type, what it has already. */
export async function readBuffers(
  sql: Sql,
  workspace_id: number,
  { type, before_minutes, after_minutes }: { type: string; before_minutes: number; after_minutes: number },
): Promise<{ before_minutes: number; after_minutes: number }> {
  const [row] = await sql<{ before_minutes: number; after_minutes: number }[]>`
    select before_minutes, after_minutes from appointment_types where workspace_id = ${workspace_id} and key = ${type}`
  return row ?? { before_minutes, after_minutes }
}

/** Throws `already_exists` for a key or a public address that is taken; addresses are taken on the whole server. */
export async function createAppointmentType(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: AppointmentTypeCreate,
  actor: Actor,
): Promise<AppointmentType> {
  const [known] = await sql`
    select from appointment_types where workspace_id = ${workspace_id} and key = ${given.key}`
  if (known) throw refuse('already_exists', { fields: { key: 'is taken' } })
  await requirePool(sql, workspace_id, given.pool_id)
  requireAddress(given)
  const row = { workspace_id, ...given, position: given.position ?? (await nextPosition(sql, workspace_id)) }
  await unlessAddressTaken(
    sql`
    insert into appointment_types (${sql(Object.keys(row))})
    select ${sql(Object.keys(row))} from jsonb_populate_record(null::appointment_types, ${JSON.stringify(row)}::text::jsonb)`,
  )
  const type = await findAppointmentType(sql, workspace_id, given.key)
  await recordActivities(sql, workspace_id, [
    { action: 'appointment_type.created', actor, subject_id: type.key, after: shown(type) },
  ])
  return type
}

/** What is given; appointments that are booked keep what they have. Throws `not_found`, `conflict`, `already_exists`. */
export async function editAppointmentType(
  sql: postgres.TransactionSql,
  workspace_id: number,
  key: string,
  { if_updated_at, ...given }: AppointmentTypeUpdate,
  actor: Actor,
): Promise<AppointmentType> {
  await sql`select from appointment_types where workspace_id = ${workspace_id} and key = ${key} for update`
  const before = await findAppointmentType(sql, workspace_id, key)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  const names = (Object.keys(given) as (keyof typeof given)[]).filter(name => !same(before[name], given[name]))
  if (names.length === 0) return before
  await requirePool(sql, workspace_id, given.pool_id)
  requireAddress({ ...before, ...given })
  const changes = Object.fromEntries(names.map(name => [name, given[name]]))
  await unlessAddressTaken(
    sql`
    update appointment_types t
       set ${sql.unsafe(names.map(name => `${name} = n.${name}`).join(', '))},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', t.updated_at) + interval '1 ms')
      from jsonb_populate_record(null::appointment_types, ${JSON.stringify(changes)}::text::jsonb) n
     where t.workspace_id = ${workspace_id} and t.key = ${key}`,
  )
  const was = Object.fromEntries(names.map(name => [name, before[name]]))
  await recordActivities(sql, workspace_id, [
    { action: 'appointment_type.updated', actor, subject_id: key, before: was, after: changes },
  ])
  return findAppointmentType(sql, workspace_id, key)
}

/** Throws `in_use` while there are appointments of this type that have not ended, and for the last one. */
export async function removeAppointmentType(
  sql: postgres.TransactionSql,
  workspace_id: number,
  key: string,
  actor: Actor,
): Promise<void> {
  const before = await findAppointmentType(sql, workspace_id, key)
  const [open] = await sql`
    select
      from appointments
     where workspace_id = ${workspace_id} and type = ${key} and status in ('held', 'pending', 'scheduled', 'confirmed', 'rescheduled')
     limit 1`
  if (open) throw refuse('in_use', { message: `There are appointments of the type ${before.name} that have not ended yet.` })
  const [other] = await sql`select from appointment_types where workspace_id = ${workspace_id} and key <> ${key} limit 1`
  if (!other)
    throw refuse('in_use', { message: 'This is the only appointment type. Make another one first, or change this one.' })
  await sql`delete from appointment_types where workspace_id = ${workspace_id} and key = ${key}`
  await recordActivities(sql, workspace_id, [
    { action: 'appointment_type.deleted', actor, subject_id: key, before: shown(before) },
  ])
}

const COLUMNS = [
  'key', 'name', 'description', 'duration_minutes', 'interval_minutes', 'place', 'location', 'before_minutes', 'after_minutes',
  'notice_minutes', 'horizon_days', 'confirmation', 'hold_minutes', 'grace_minutes', 'reminders', 'pool_id', 'address', 'is_public',
  'position', 'created_at', 'updated_at',
] as const // biome-ignore format: one word after the other

async function nextPosition(sql: Sql, workspace_id: number): Promise<number> {
  const [row] = await sql<{ next: number }[]>`
    select coalesce(max(position), 0) + 1 as next from appointment_types where workspace_id = ${workspace_id}`
  return Math.min(row!.next, 10_000)
}

async function requirePool(sql: Sql, workspace_id: number, pool_id: number | null | undefined) {
  if (pool_id === null || pool_id === undefined) return
  const [pool] = await sql`select from pools where workspace_id = ${workspace_id} and id = ${pool_id}`
  if (!pool) throw refuse('invalid_fields', { fields: { pool_id: 'is no pool of this workspace' } })
}

/** Who publishes a page says where it is. */
function requireAddress({ is_public, address }: { is_public?: boolean; address?: string | null }) {
  if (is_public && !address)
    throw refuse('invalid_fields', { fields: { address: 'is required for a public booking page, such as first-meeting' } })
}

async function unlessAddressTaken(written: postgres.PendingQuery<postgres.Row[]>) {
  try {
    await written
  } catch (error) {
    const { code, constraint_name } = error as { code?: string; constraint_name?: string }
    if (code === '23505' && constraint_name === 'appointment_types_by_address')
      throw refuse('already_exists', { fields: { address: 'is taken on this server: choose another one' } })
    throw error
  }
}

function shown({ created_at: _, updated_at: __, ...type }: AppointmentType) {
  return type
}
