import postgres from 'postgres'
import { refuse } from '../errors.ts'
import { readFreeSlots } from './slots/read.ts'

/** A time that somebody wants of a person. */
export type Wanted = {
  workspace_id: number
  type: string
  /** ISO 8601. */
  scheduled_at: string
  duration_minutes: number
  /** Kept free around it. */
  before_minutes: number
  after_minutes: number
  assigned_to: number | null
  /** An appointment that is moved there: its own time counts as free. */
  instead_of?: number | undefined
}

/**
 * Runs `work` so that a time which is taken leaves the transaction as it was before, and is refused as `slot_taken` with what is free
 * instead. That is the database's own word (`appointments_once`): it holds whoever asks, and however many at once.
 */
export async function unlessTaken<T>(
  sql: postgres.TransactionSql,
  wanted: Wanted[],
  work: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  try {
    return (await sql.savepoint(inner => work(inner))) as T
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== '23P01') throw error
    throw await slotTaken(sql, wanted[0]!)
  }
}

/** The refusal of a time, with what is free for the same person instead. */
export async function slotTaken(
  sql: postgres.TransactionSql,
  wanted: Wanted,
  { notice_minutes = 0, why }: { notice_minutes?: number | undefined; why?: string | undefined } = {},
) {
  const { workspace_id, type, scheduled_at, duration_minutes, before_minutes, after_minutes, assigned_to, instead_of } = wanted
  const at = Date.parse(scheduled_at)
  const [row] = await sql<{ now: Date; interval_minutes: number }[]>`
    select now(), coalesce((
             select interval_minutes from appointment_types where workspace_id = ${workspace_id} and key = ${type}), 30) as interval_minutes`
  const since = Math.max(row!.now.getTime(), at - DAY)
  const free = await readFreeSlots(sql, workspace_id, {
    user_ids: assigned_to === null ? [] : [assigned_to],
    since: new Date(since),
    until: new Date(since + 14 * DAY),
    duration_minutes,
    interval_minutes: row!.interval_minutes,
    before_minutes,
    after_minutes,
    notice_minutes,
    instead_of,
  })
  const distance = (slot: { starts_at: string }) => Math.abs(Date.parse(slot.starts_at) - at)
  const slots = free
    .toSorted((one, other) => distance(one) - distance(other))
    .slice(0, MOST)
    .toSorted((one, other) => (one.starts_at < other.starts_at ? -1 : 1))
  return refuse('slot_taken', { ...(why === undefined ? {} : { message: why }), slots })
}

const DAY = 86_400_000
/** Those next to what was wanted. */
const MOST = 20
