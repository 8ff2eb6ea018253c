import type postgres from 'postgres'
import type { Slot, SlotsQuery } from '../../../shared/appointments.ts'
import { refuse } from '../../errors.ts'
import { typeToBook } from '../types.ts'
import { peopleToBook } from './people.ts'
import { readFreeSlots } from './read.ts'
import { DAY } from './zone.ts'

const MOST_DAYS = 62
const USUAL_DAYS = 7

/** What is free of one person, of a pool, or of the type's pool. An appointment that is moved stays as long as it is. Throws `invalid_fields`. */
export async function listSlots(sql: postgres.TransactionSql, workspace_id: number, query: SlotsQuery): Promise<Slot[]> {
  const moved = await findMoved(sql, workspace_id, query.instead_of)
  const type = await typeToBook(sql, workspace_id, query.type ?? moved?.known_type)
  const user_ids = await peopleToBook(sql, workspace_id, { user_id: query.user_id, pool_id: query.pool_id ?? type.pool_id })
  return readFreeSlots(sql, workspace_id, {
    ...type,
    ...readSpan(query, await clock(sql), MOST_DAYS),
    user_ids,
    duration_minutes: query.duration_minutes ?? moved?.duration_minutes ?? type.duration_minutes,
    instead_of: query.instead_of,
  })
}

/** From now on, or a later time; for a week, or until another. Throws `invalid_fields`. */
export function readSpan(given: { since?: string | undefined; until?: string | undefined }, now: number, most_days: number) {
  const since = Math.max(now, given.since === undefined ? now : Date.parse(given.since))
  const until = given.until === undefined ? since + USUAL_DAYS * DAY : Date.parse(given.until)
  if (given.since !== undefined && given.until !== undefined && until <= Date.parse(given.since)) {
    throw refuse('invalid_fields', { fields: { until: 'must be after since' } })
  }
  // A day more: who asks for two months from midnight to midnight asks for an hour more in autumn.
  if (until > since + (most_days + 1) * DAY) {
    throw refuse('invalid_fields', { fields: { until: `must be at most ${most_days} days after since` } })
  }
  return { since: new Date(since), until: new Date(Math.max(since, until)) }
}

/** In ms, the database's. */
export async function clock(sql: postgres.TransactionSql): Promise<number> {
  const [row] = await sql<{ now: Date }[]>`select now()`
  return row!.now.getTime()
}

type Moved = { duration_minutes: number; known_type: string | undefined }

/** An appointment of a provider may have a type that nobody set up here. */
async function findMoved(sql: postgres.TransactionSql, workspace_id: number, id: number | undefined): Promise<Moved | undefined> {
  if (id === undefined) return undefined
  const [row] = await sql<{ duration_minutes: number; known_type: string | null }[]>`
    select a.duration_minutes, t.key as known_type
      from appointments a
      left join appointment_types t on t.workspace_id = a.workspace_id and t.key = a.type
     where a.workspace_id = ${workspace_id} and a.id = ${id} and a.status <> 'held'`
  if (!row) throw refuse('invalid_fields', { fields: { instead_of: 'is no appointment of this workspace' } })
  return { duration_minutes: row.duration_minutes, known_type: row.known_type ?? undefined }
}
