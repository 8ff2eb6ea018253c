import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { type Condition, changeAppointments, lockAppointments } from './change.ts'

/** The customer comes, or somebody accepts what was pending. Throws `appointment_ended`. */
export async function confirmAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
  condition: Condition,
): Promise<void> {
  const confirmed = { status: 'confirmed', confirmed_at: new Date().toISOString() }
  const changesOf = ({ status }: { status: string }) => (status === 'confirmed' ? {} : confirmed)
  await changeAppointments(sql, workspace_id, [id], changesOf, actor, { ...condition, open: true })
}

/** Its time is free again. Throws `appointment_ended`. */
export async function cancelAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { reason, if_updated_at }: { reason?: string | null; if_updated_at?: string },
  actor: Actor,
  condition: Condition,
): Promise<void> {
  const cancelled = { status: 'cancelled', cancel_reason: reason?.trim() || null, ended_at: new Date().toISOString() }
  await changeAppointments(sql, workspace_id, [id], () => cancelled, actor, { ...condition, if_updated_at, open: true })
}

/** Nobody came. Of one that has begun; throws `invalid_fields` for one to come, and `appointment_ended`. */
export async function missAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
  condition: Condition,
): Promise<void> {
  const [appointment] = await lockAppointments(sql, workspace_id, [id], { ...condition, open: true })
  if (appointment!.scheduled_at > (await now(sql))) {
    throw refuse('invalid_fields', { fields: { status: 'cannot be a no-show before it has begun: cancel it instead' } })
  }
  const missed = { status: 'no_show', ended_at: new Date().toISOString() }
  await changeAppointments(sql, workspace_id, [id], () => missed, actor, condition)
}

/**
 * It was no no-show, or is not completed after all: as it was before. What it was sold with stays. Throws `appointment_ended` for one that
 * was cancelled (who comes after all books a new one), and `slot_taken` when somebody has its time by now.
 */
export async function reopenAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
  condition: Condition,
): Promise<void> {
  const [appointment] = await lockAppointments(sql, workspace_id, [id], condition)
  const { status, confirmed_at } = appointment!
  if (status === 'cancelled') throw refuse('appointment_ended')
  if (status !== 'completed' && status !== 'no_show') return
  const open = { status: confirmed_at === null ? 'scheduled' : 'confirmed', ended_at: null, outcome: null }
  await changeAppointments(sql, workspace_id, [id], () => open, actor, condition)
}

async function now(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  return row!.now
}
