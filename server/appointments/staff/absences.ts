import type postgres from 'postgres'
import type { Static } from 'typebox'
import type { Actor } from '../../../shared/shape.ts'
import type { Absence, AbsenceCreate } from '../../../shared/staff.ts'
import { recordActivities } from '../../activities/record.ts'
import { refuse } from '../../errors.ts'
import { NOTHING_SAID, openStaffRow } from './open-row.ts'

/** Somebody is away. What is booked stays booked: whoever enters the absence moves it. Throws `invalid_fields`, `not_found`. */
export async function addAbsence(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  { starts_at, ends_at, reason = null }: Static<typeof AbsenceCreate>,
  actor: Actor,
): Promise<Absence> {
  if (Date.parse(ends_at) <= Date.parse(starts_at)) {
    throw refuse('invalid_fields', { fields: { ends_at: 'must be after starts_at: an absence ends after it began' } })
  }
  const { begun } = await openStaffRow(sql, workspace_id, user_id)
  const [row] = await sql<Absence[]>`
    insert into staff_absences (workspace_id, user_id, during, reason)
    values (${workspace_id}, ${user_id}, tstzrange(${starts_at}::text::timestamptz, ${ends_at}::text::timestamptz), ${reason})
    returning id, lower(during) as starts_at, upper(during) as ends_at, reason`
  await recordActivities(sql, workspace_id, [
    ...(begun ? [{ action: 'staff.changed', actor, subject_id: user_id, before: NOTHING_SAID, after: begun }] : []),
    { action: 'staff.absence_added', actor, subject_id: user_id, after: { absence_id: row!.id, ...said(row!) } },
  ])
  return row!
}

/** Throws `not_found`. */
export async function removeAbsence(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  id: number,
  actor: Actor,
): Promise<void> {
  const [row] = await sql<Absence[]>`
    delete from staff_absences
     where workspace_id = ${workspace_id} and user_id = ${user_id} and id = ${id}
    returning id, lower(during) as starts_at, upper(during) as ends_at, reason`
  if (!row) throw refuse('not_found', { message: 'There is no such absence of this person. It may have been removed already.' })
  await recordActivities(sql, workspace_id, [
    { action: 'staff.absence_removed', actor, subject_id: user_id, before: { absence_id: row.id, ...said(row) } },
  ])
}

function said({ starts_at, ends_at, reason }: Absence) {
  return { starts_at, ends_at, reason }
}
