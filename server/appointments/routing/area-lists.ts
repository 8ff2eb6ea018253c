import type postgres from 'postgres'
import type { AreaKind, AreaList, AreaListCreate, AreaUploaded } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { bareAs, LONGEST } from './bare.ts'
import { lockRouting } from './lock.ts'

/** By name. */
export async function listAreaLists(sql: Sql, workspace_id: number): Promise<{ data: AreaList[] }> {
  return { data: await readAll(sql, workspace_id, null) }
}

/** Throws `not_found`. */
export async function findAreaList(sql: Sql, workspace_id: number, id: number): Promise<AreaList> {
  const [list] = await readAll(sql, workspace_id, id)
  if (!list) throw refuse('not_found')
  return list
}

/** As they are compared, in order. */
export async function listEntries(
  sql: Sql,
  workspace_id: number,
  id: number,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
) {
  await findAreaList(sql, workspace_id, id)
  const after = readCursor(cursor, 'text')?.[0] ?? ''
  const rows = await sql<{ value: string }[]>`
    select value
      from area_list_entries
     where workspace_id = ${workspace_id} and list_id = ${id} and value > ${after}
     order by value
     limit ${limit + 1}`
  const { data, next_cursor } = pageOf(rows, limit, last => [last.value])
  return { data: data.map(row => row.value), next_cursor }
}

export async function createAreaList(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, kind, entries = [] }: AreaListCreate,
  actor: Actor,
): Promise<AreaList> {
  const [made] = await sql<{ id: number }[]>`
    insert into area_lists (workspace_id, name, kind) values (${workspace_id}, ${name}, ${kind}) returning id`
  if (entries.length > 0) await writeEntries(sql, workspace_id, made!.id, kind, entries)
  const list = await findAreaList(sql, workspace_id, made!.id)
  await recordActivities(sql, workspace_id, [{ action: 'area_list.created', actor, subject_id: list.id, after: told(list) }])
  return list
}

/** Throws `conflict`, `not_found`. */
export async function renameAreaList(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { name, if_updated_at }: { name?: string; if_updated_at?: string },
  actor: Actor,
): Promise<AreaList> {
  await lockRouting(sql, [workspace_id])
  const before = await findAreaList(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  if (name === undefined || name === before.name) return before
  await touch(sql, workspace_id, id, { name })
  await recordActivities(sql, workspace_id, [
    { action: 'area_list.updated', actor, subject_id: id, before: { name: before.name }, after: { name } },
  ])
  return findAreaList(sql, workspace_id, id)
}

/** Replaces all entries at once: whoever routes meanwhile sees the old ones or the new ones. Throws `not_found`. */
export async function uploadAreas(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  entries: string[],
  actor: Actor,
): Promise<AreaUploaded> {
  await lockRouting(sql, [workspace_id])
  const before = await findAreaList(sql, workspace_id, id)
  const counts = await writeEntries(sql, workspace_id, id, before.kind, entries)
  const after = await findAreaList(sql, workspace_id, id)
  const { added, removed } = counts
  await recordActivities(sql, workspace_id, [
    { action: 'area_list.uploaded', actor, subject_id: id, before: told(before), after: { ...told(after), added, removed } },
  ])
  return { ...after, ...counts }
}

/** Throws `in_use` while a rule names it. */
export async function removeAreaList(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<void> {
  await lockRouting(sql, [workspace_id])
  const before = await findAreaList(sql, workspace_id, id)
  const [rule] = await sql<{ name: string }[]>`
    select name
      from routing_rules
     where workspace_id = ${workspace_id} and matches->'area_lists' @> ${JSON.stringify([id])}::text::jsonb
     limit 1`
  if (rule) throw refuse('in_use', { message: `The routing rule “${rule.name}” asks for this list. Change the rule first.` })
  await sql`delete from area_lists where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'area_list.deleted', actor, subject_id: id, before: told(before) }])
}

/** What is there already is not written again, so a list that changes a little costs a little. */
async function writeEntries(sql: postgres.TransactionSql, workspace_id: number, id: number, kind: AreaKind, entries: string[]) {
  const given = new Set(entries.map(entry => bareAs(kind, entry)).filter(value => fits(kind, value)))
  const rows = await sql<{ value: string }[]>`
    select value from area_list_entries where workspace_id = ${workspace_id} and list_id = ${id}`
  const known = new Set(rows.map(row => row.value))
  // Told apart here: the database, which knows nothing of a list that is new, compared each of 100,000 with each, for minutes.
  const added = [...given].filter(value => !known.has(value))
  const removed = [...known].filter(value => !given.has(value))
  await sql`
    delete from area_list_entries e
     using unnest(${removed}::text[]) as g(value)
     where e.workspace_id = ${workspace_id} and e.kind = ${kind} and e.value = g.value and e.list_id = ${id}`
  await sql`
    insert into area_list_entries (workspace_id, kind, value, list_id)
    select ${workspace_id}, ${kind}, value, ${id} from unnest(${added}::text[]) as value`
  await touch(sql, workspace_id, id, { entry_count: given.size })
  return { added: added.length, removed: removed.length, skipped: entries.length - given.size }
}

/** A beginning that is longer than any that is looked for would never be found. */
function fits(kind: AreaKind, value: string) {
  return value !== '' && (kind !== 'zip_prefix' || value.length <= LONGEST)
}

async function touch(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { name = null, entry_count = null }: { name?: string | null; entry_count?: number | null },
) {
  await sql`
    update area_lists
       set name = coalesce(${name}, name), entry_count = coalesce(${entry_count}::int, entry_count),
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
}

function readAll(sql: Sql, workspace_id: number, id: number | null): Promise<AreaList[]> {
  return sql<AreaList[]>`
    select id, name, kind, entry_count, created_at, updated_at
      from area_lists
     where workspace_id = ${workspace_id} and (${id}::int is null or id = ${id})
     order by name, id`
}

function told({ name, kind, entry_count }: AreaList) {
  return { name, kind, entry_count }
}
