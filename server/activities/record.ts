import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'

/** What changed: `action` is `<noun>.<verb in the past>`, as in `contact.updated`. */
export type NewActivity = {
  action: string
  actor: Actor
  contact_id?: number | null
  visitor_id?: number | null
  /** Of anything else: a key, a link, a merge. */
  subject_id?: string | number | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** Where commits that changed something are announced, so that they are told at once (relay.ts). */
export const ACTIVITIES_RECORDED = 'activities_recorded'

/** Appends to the spine, in the transaction of the change itself. One statement for any number of changes. */
export async function recordActivities(sql: Sql, workspace_id: number, activities: NewActivity[]): Promise<void> {
  await recordEverywhere(
    sql,
    activities.map(activity => ({ ...activity, workspace_id })),
  )
}

/** The same for a batch that changed something in several workspaces. */
export async function recordEverywhere(sql: Sql, activities: (NewActivity & { workspace_id: number })[]): Promise<void> {
  if (activities.length === 0) return
  await sql`
    with added as (
      insert into activities (workspace_id, action, actor, contact_id, visitor_id, subject_id, before, after)
      select workspace_id, action, actor, contact_id, visitor_id, subject_id, before, after
        from jsonb_to_recordset(${JSON.stringify(activities)}::text::jsonb)
          as a(workspace_id int, action text, actor jsonb, contact_id int, visitor_id bigint, subject_id text, before jsonb, after jsonb)
    )
    select pg_notify(${ACTIVITIES_RECORDED}, '')`
}
