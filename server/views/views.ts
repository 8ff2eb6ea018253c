import type postgres from 'postgres'
import type { View, ViewCreate, ViewScreen, ViewUpdate } from '../../shared/views.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import type { Caller } from '../workspaces/authenticate.ts'

// All of a screen are listed at once, in a menu.
const MOST = 500
const LONGEST = 32_768

/** Those that are shared and one's own, by name. A key has none of its own. */
export async function listViews(sql: Sql, caller: Caller, screen?: ViewScreen): Promise<{ data: View[] }> {
  return { data: [...(await read(sql, caller, { screen }))] }
}

/** Throws `not_found`, also for what somebody else keeps for themselves. */
export async function findView(sql: Sql, caller: Caller, id: number): Promise<View> {
  const [view] = await read(sql, caller, { id })
  if (!view) throw refuse('not_found')
  return view
}

function read(
  sql: Sql,
  caller: Caller,
  { screen = null, id = null }: { screen?: ViewScreen | null | undefined; id?: number | null },
) {
  const me = userOf(caller)
  return sql<View[]>`
    select v.id, v.screen, v.name, v.state, v.is_shared, v.created_by, v.created_at, v.updated_at, d.view_id is not null as is_default,
           ${caller.scopes.includes('admin')} or (v.created_by = ${me}::int) is true as may_change
      from views v
      left join view_defaults d on d.workspace_id = v.workspace_id and d.view_id = v.id and d.user_id = ${me}::int
     where v.workspace_id = ${caller.workspace_id} and (v.is_shared or v.created_by = ${me}::int)
       and v.id = coalesce(${id}::int, v.id) and v.screen = coalesce(${screen}::text, v.screen)
     order by lower(v.name), v.id`
}

/** Throws `forbidden`, `missing_scope`, `invalid_fields`. */
export async function createView(
  sql: postgres.TransactionSql,
  caller: Caller,
  { screen, name, state, is_shared = false, is_default }: ViewCreate,
): Promise<View> {
  const { workspace_id, actor } = caller
  const me = userOf(caller)
  requireRoom(state)
  if (is_shared) requireToShare(caller)
  else if (me === null) throw refuse('invalid_fields', { fields: { is_shared: 'must be true: a key has no views of its own' } })
  const [made] = await sql<{ id: number }[]>`
    insert into views (workspace_id, screen, name, state, is_shared, created_by)
    select ${workspace_id}, ${screen}, ${name.trim()}, ${JSON.stringify(state)}::text::jsonb, ${is_shared}, ${me}::int
     where (select count(*) from views where workspace_id = ${workspace_id}) < ${MOST}
    returning id`
  if (!made)
    throw refuse('invalid_fields', { message: `There are ${MOST} views in this workspace. Delete one first.`, fields: {} })
  if (is_default !== undefined) await makeDefault(sql, caller, { id: made.id, screen }, is_default)
  const view = await findView(sql, caller, made.id)
  await recordActivities(sql, workspace_id, [{ action: 'view.created', actor, subject_id: view.id, after: told(view) }])
  return view
}

/** A shared one is changed by who made it and by administrators; whoever sees it may let it be what a list opens with. */
export async function editView(
  sql: postgres.TransactionSql,
  caller: Caller,
  id: number,
  { if_updated_at, is_default, ...given }: ViewUpdate,
): Promise<View> {
  const { workspace_id, actor } = caller
  await sql`select from views where workspace_id = ${workspace_id} and id = ${id} for update`
  const was = await findView(sql, caller, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  if (is_default !== undefined) await makeDefault(sql, caller, was, is_default)
  if (Object.keys(given).length === 0) return findView(sql, caller, id)
  const { name, state, is_shared } = { ...was, ...given }
  requireOwn(was)
  requireRoom(state)
  if (is_shared && !was.is_shared) requireToShare(caller)
  // It would be gone for the one who does it.
  if (was.is_shared && !is_shared && was.created_by !== userOf(caller))
    throw refuse('invalid_fields', { fields: { is_shared: 'can be taken back by who made the view, and nobody else' } })
  await sql`
    update views
       set name = ${name.trim()}, state = ${JSON.stringify(state)}::text::jsonb, is_shared = ${is_shared},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  const view = await findView(sql, caller, id)
  await recordActivities(sql, workspace_id, [
    { action: 'view.updated', actor, subject_id: id, before: told(was), after: told(view) },
  ])
  return view
}

/** Throws `not_found`, `forbidden`. */
export async function removeView(sql: postgres.TransactionSql, caller: Caller, id: number): Promise<void> {
  const { workspace_id, actor } = caller
  const was = await findView(sql, caller, id)
  requireOwn(was)
  const { count } = await sql`delete from views where workspace_id = ${workspace_id} and id = ${id}`
  if (count === 0) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [{ action: 'view.deleted', actor, subject_id: id, before: told(was) }])
}

/** What a screen opens with is everybody's own matter, so nothing is told of it. */
async function makeDefault(sql: Sql, caller: Caller, { id, screen }: Pick<View, 'id' | 'screen'>, is_default: boolean) {
  const me = userOf(caller)
  if (me === null) throw refuse('invalid_fields', { fields: { is_default: 'is of people: a key opens no list' } })
  const mine = sql`workspace_id = ${caller.workspace_id} and user_id = ${me} and screen = ${screen}`
  if (!is_default) return sql`delete from view_defaults where ${mine} and view_id = ${id}`
  return sql`
    insert into view_defaults (workspace_id, user_id, screen, view_id)
    values (${caller.workspace_id}, ${me}, ${screen}, ${id})
        on conflict (workspace_id, user_id, screen) do update set view_id = excluded.view_id`
}

function userOf({ actor }: Caller): number | null {
  return actor.kind === 'user' ? (actor.id ?? null) : null
}

function requireRoom(state: View['state']) {
  if (JSON.stringify(state).length > LONGEST)
    throw refuse('invalid_fields', { fields: { state: `is longer than ${LONGEST} characters` } })
}

function requireOwn({ may_change }: View) {
  if (!may_change)
    throw refuse('forbidden', { message: 'Only who made a view and administrators change it. Save it under another name.' })
}

function requireToShare({ scopes, role }: Caller) {
  if (scopes.includes('update')) return
  if (role === null) throw refuse('missing_scope', { fields: { scope: 'update' } })
  throw refuse('forbidden', { message: 'Your role may not share views. Save it for yourself.' })
}

/** Everybody reads activities, so the name of what somebody keeps for themselves is not told. */
function told({ screen, name, is_shared }: View) {
  return is_shared ? { screen, name, is_shared } : { screen, is_shared }
}
