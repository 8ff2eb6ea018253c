import type { NewActivity } from '../../activities/record.ts'
import { recordEverywhere } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'

/** A user stands outside of the tenants: what changes about one is told in each workspace that they belong to. */
export async function recordOfUser(sql: Sql, user_id: number, activity: Omit<NewActivity, 'subject_id'>): Promise<void> {
  const rows = await sql<{ workspace_id: number }[]>`select workspace_id from memberships where user_id = ${user_id}`
  await recordEverywhere(
    sql,
    rows.map(({ workspace_id }) => ({ ...activity, subject_id: user_id, workspace_id })),
  )
}
