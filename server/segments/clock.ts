import type postgres from 'postgres'
import type { Rule } from '../../shared/segments.ts'
import type { Asking } from '../rules/kind.ts'
import { turningOf } from '../rules/rules.ts'
import { askToLook } from './look.ts'

/**
 * Has those looked at again whose answer time alone may have turned: whose last event fell out of the last days, or who have been hot for
 * long enough. From where the last run stopped, so a missed one is made up; its cost is that of what turned and not of who there is.
 */
export async function lookAgain(system: postgres.Sql): Promise<void> {
  const segments = await system<{ workspace_id: number; id: number }[]>`
    select workspace_id, id from segments where uses_time order by workspace_id, id`
  for (const { workspace_id, id } of segments) await system.begin(sql => noteTurned(sql, workspace_id, id))
  const left = await system<{ workspace_id: number }[]>`
    select distinct workspace_id from segments s
     where exists (select from segment_changes c where c.workspace_id = s.workspace_id)`
  await system.begin(sql =>
    askToLook(
      sql,
      left.map(row => row.workspace_id),
    ),
  )
}

async function noteTurned(sql: postgres.TransactionSql, workspace_id: number, id: number) {
  const [segment] = await sql<{ rule: Rule; since: string }[]>`
    select rule, looked_at::text as since
      from segments
     where workspace_id = ${workspace_id} and id = ${id}
       for no key update`
  if (!segment) return
  const everybody: Asking = { sql, workspace_id }
  for (const turned of turningOf(everybody, segment.rule, segment.since)) {
    await sql`
      insert into segment_changes (workspace_id, contact_id)
      select distinct ${workspace_id}::int, t.contact_id from (${turned}) t`
  }
  await sql`update segments set looked_at = now() where workspace_id = ${workspace_id} and id = ${id}`
}
