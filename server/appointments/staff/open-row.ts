import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'

/**
 * Locks what is said about when somebody works. When nothing is yet, it begins: with no hours, in their zone or the workspace's, and is told
 * by whoever asks (`begun`). Throws `not_found` for who does not work here.
 */
export async function openStaffRow(
  sql: Sql,
  workspace_id: number,
  user_id: number,
  time_zone: string | null = null,
): Promise<{ begun: Begun | null }> {
  const [member] = await sql`
    select from memberships where workspace_id = ${workspace_id} and user_id = ${user_id} for key share`
  if (!member) throw refuse('not_found', { message: 'Nobody with this id works in this workspace.' })
  const [made] = await sql<Begun[]>`
    insert into staff (workspace_id, user_id, time_zone)
    select id, ${user_id}, coalesce(${time_zone}::text, time_zone) from workspaces where id = ${workspace_id}
        on conflict (workspace_id, user_id) do nothing
    returning time_zone, bookable`
  await sql`select from staff where workspace_id = ${workspace_id} and user_id = ${user_id} for update`
  return { begun: made ?? null }
}

export type Begun = { time_zone: string; bookable: boolean }

/** What was before anybody said something. */
export const NOTHING_SAID = { time_zone: null, bookable: false }
