import type postgres from 'postgres'
import type { Dashboard, DashboardCreate, DashboardUpdate } from '../../../shared/dashboards.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Caller } from '../../workspaces/authenticate.ts'

// All are listed at once, in a menu.
const MOST = 500
const LONGEST = 32_768

/** Those that are shared and one's own, by name. A key has none of its own. */
export async function listDashboards(sql: Sql, caller: Caller): Promise<{ data: Dashboard[] }> {
  return { data: [...(await read(sql, caller))] }
}

function read(sql: Sql, caller: Caller, id: number | null = null) {
  const { workspace_id, scopes } = caller
  const me = userOf(caller)
  return sql<Dashboard[]>`
    select d.id, d.name, d.state, d.is_shared, d.created_by, d.created_at, d.updated_at,
           d.created_by is not distinct from ${me}::int and d.created_by is not null as is_mine,
           not d.is_shared or ${scopes.includes('update')} as may_change
      from dashboards d
     where d.workspace_id = ${workspace_id} and (d.is_shared or d.created_by = ${me}::int) and d.id = coalesce(${id}::int, d.id)
     order by lower(d.name), d.id`
}

/** Throws `not_found`, also for what somebody else keeps for themselves. */
export async function findDashboard(sql: Sql, caller: Caller, id: number): Promise<Dashboard> {
  const [dashboard] = await read(sql, caller, id)
  if (!dashboard) throw refuse('not_found')
  return dashboard
}

/** Throws `forbidden`, `missing_scope`, `invalid_fields`. */
export async function createDashboard(
  sql: postgres.TransactionSql,
  caller: Caller,
  { name, state, is_shared = false }: DashboardCreate,
): Promise<Dashboard> {
  const { workspace_id, actor } = caller
  const me = userOf(caller)
  requireRoom(state)
  if (is_shared) requireToShare(caller)
  else if (me === null)
    throw refuse('invalid_fields', { fields: { is_shared: 'must be true: a key has no dashboards of its own' } })
  const [made] = await sql<{ id: number }[]>`
    insert into dashboards (workspace_id, name, state, is_shared, created_by)
    select ${workspace_id}, ${name}, ${JSON.stringify(state)}::text::jsonb, ${is_shared}, ${me}::int
     where (select count(*) from dashboards where workspace_id = ${workspace_id}) < ${MOST}
    returning id`
  if (!made) {
    throw refuse('invalid_fields', { message: `There are ${MOST} dashboards in this workspace. Delete one first.`, fields: {} })
  }
  await recordActivities(sql, workspace_id, [
    { action: 'dashboard.created', actor, subject_id: made.id, after: told({ name, is_shared }) },
  ])
  return findDashboard(sql, caller, made.id)
}

/** Throws `not_found`, `conflict`, `forbidden`, `missing_scope`, `invalid_fields`. */
export async function editDashboard(
  sql: postgres.TransactionSql,
  caller: Caller,
  id: number,
  { if_updated_at, ...given }: DashboardUpdate,
): Promise<Dashboard> {
  const { workspace_id, actor } = caller
  await sql`select from dashboards where workspace_id = ${workspace_id} and id = ${id} for update`
  const was = await findDashboard(sql, caller, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  const { name, state, is_shared } = { ...was, ...given }
  requireRoom(state)
  if (was.is_shared || is_shared) requireToShare(caller)
  // It would be gone for the one who does it, and perhaps for everybody.
  if (was.is_shared && !is_shared && !was.is_mine) {
    throw refuse('invalid_fields', { fields: { is_shared: 'can be taken back by who made the dashboard, and nobody else' } })
  }
  await sql`
    update dashboards
       set name = ${name}, state = ${JSON.stringify(state)}::text::jsonb, is_shared = ${is_shared},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'dashboard.updated', actor, subject_id: id, before: told(was), after: told({ name, is_shared }) },
  ])
  return findDashboard(sql, caller, id)
}

/** Throws `not_found`, `forbidden`, `missing_scope`. */
export async function removeDashboard(sql: postgres.TransactionSql, caller: Caller, id: number): Promise<void> {
  const { workspace_id, actor } = caller
  const was = await findDashboard(sql, caller, id)
  if (was.is_shared) requireToShare(caller)
  const { count } = await sql`delete from dashboards where workspace_id = ${workspace_id} and id = ${id}`
  if (count === 0) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [{ action: 'dashboard.deleted', actor, subject_id: id, before: told(was) }])
}

function userOf({ actor }: Caller): number | null {
  return actor.kind === 'user' ? (actor.id ?? null) : null
}

function requireRoom(state: Dashboard['state']) {
  if (JSON.stringify(state).length > LONGEST)
    throw refuse('invalid_fields', { fields: { state: `is longer than ${LONGEST} characters` } })
}

function requireToShare({ scopes, role }: Caller) {
  if (scopes.includes('update')) return
  if (role === null) throw refuse('missing_scope', { fields: { scope: 'update' } })
  throw refuse('forbidden', { message: 'Your role may not change dashboards that are shared. Save it for yourself.' })
}

/** Everybody reads activities, so the name of what somebody keeps for themselves is not told. */
function told({ name, is_shared }: Pick<Dashboard, 'name' | 'is_shared'>) {
  return is_shared ? { name, is_shared } : { is_shared }
}
