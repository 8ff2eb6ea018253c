import { isDeepStrictEqual } from 'node:util'
import type postgres from 'postgres'
import { SEGMENTS } from '../../shared/contacts.ts'
import {
  type BuiltInSegment,
  MOST_SEGMENTS,
  type Segment,
  type SegmentCreate,
  type Segments,
  type SegmentUpdate,
} from '../../shared/segments.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { membersOf } from '../rules/built-in.ts'
import { dependsOnTime, readRule } from '../rules/rules.ts'
import { askToCount } from './look.ts'
import { lockSegments } from './settle.ts'

/** The built-in ones and those of the workspace, the oldest first, with how many are in each. */
export async function listSegments(sql: Sql, workspace_id: number): Promise<Segments> {
  const [built_in, data] = await Promise.all([countBuiltIn(sql, workspace_id), readAll(sql, workspace_id)])
  return { built_in, data }
}

/** Throws `not_found`. */
export async function findSegment(sql: Sql, workspace_id: number, id: number): Promise<Segment> {
  const [segment] = await readAll(sql, workspace_id, id)
  if (!segment) throw refuse('not_found')
  return segment
}

/** Who fits is counted in the background. Throws `invalid_fields`, `already_exists`. */
export async function createSegment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, description = null, rule: given }: SegmentCreate,
  actor: Actor,
): Promise<Segment> {
  const rule = readRule(given)
  await lockSegments(sql, workspace_id)
  const others = await readAll(sql, workspace_id)
  if (others.length >= MOST_SEGMENTS)
    throw refuse('invalid_fields', { fields: { name: `is one too many: a workspace has at most ${MOST_SEGMENTS} segments` } })
  requireOwnName(others, name)
  const [made] = await sql<{ id: number }[]>`
    insert into segments (workspace_id, name, description, rule, uses_time)
    values (${workspace_id}, ${name}, ${description}, ${JSON.stringify(rule)}::text::jsonb, ${dependsOnTime(rule)})
    returning id`
  await askToCount(sql, workspace_id, made!.id)
  const after = { name, description, rule }
  await recordActivities(sql, workspace_id, [{ action: 'segment.created', actor, subject_id: made!.id, after }])
  return findSegment(sql, workspace_id, made!.id)
}

/** Another rule is counted anew; until then who was found by the old one stays. Throws `not_found`, `conflict`, `invalid_fields`. */
export async function editSegment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: SegmentUpdate,
  actor: Actor,
): Promise<Segment> {
  if (given.rule !== undefined) readRule(given.rule)
  await lockSegments(sql, workspace_id)
  const was = await findSegment(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  if (given.name !== undefined)
    requireOwnName(
      (await readAll(sql, workspace_id)).filter(one => one.id !== id),
      given.name,
    )
  const changed = (['name', 'description', 'rule'] as const).filter(
    field => given[field] !== undefined && !isDeepStrictEqual(given[field], was[field]),
  )
  if (changed.length === 0) return was
  const { name, description, rule } = { ...was, ...given }
  const counts_anew = changed.includes('rule')
  await sql`
    update segments
       set name = ${name}, description = ${description}, rule = ${JSON.stringify(rule)}::text::jsonb, uses_time = ${dependsOnTime(rule)},
           counted_to = case when ${counts_anew} then 0 else counted_to end,
           looked_at  = case when ${counts_anew} then now() else looked_at end,
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  if (counts_anew) await askToCount(sql, workspace_id, id)
  const of = (segment: object) => Object.fromEntries(changed.map(field => [field, (segment as Segment)[field]]))
  await recordActivities(sql, workspace_id, [
    { action: 'segment.updated', actor, subject_id: id, before: of(was), after: of({ name, description, rule }) },
  ])
  return findSegment(sql, workspace_id, id)
}

/** Nobody leaves it: it is gone. Throws `not_found`, and `in_use` while a webhook endpoint asks for it. */
export async function removeSegment(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  await lockSegments(sql, workspace_id)
  const { name, description, rule } = await findSegment(sql, workspace_id, id)
  await requireUnused(sql, workspace_id, id)
  await sql`delete from segments where workspace_id = ${workspace_id} and id = ${id}`
  const before = { name, description, rule }
  await recordActivities(sql, workspace_id, [{ action: 'segment.deleted', actor, subject_id: id, before }])
}

/** Who saves an endpoint with it holds it till then (server/webhooks/segments.ts), so that is seen here. */
async function requireUnused(sql: Sql, workspace_id: number, id: number) {
  await sql`select from segments where workspace_id = ${workspace_id} and id = ${id} for update`
  const [user] = await sql<{ name: string }[]>`
    select name
      from endpoints
     where workspace_id = ${workspace_id} and deleted_at is null and filter->'segment_ids' @> to_jsonb(${id}::int)
     order by id
     limit 1`
  if (user)
    throw refuse('in_use', { message: `The webhook endpoint ${user.name} asks for it. Take it out of that filter first.` })
}

function requireOwnName(others: Segment[], name: string) {
  if (others.some(other => other.name.toLowerCase() === name.toLowerCase()))
    throw refuse('already_exists', { fields: { name: 'is the name of another segment' } })
}

/** Ids are spread evenly (server/contacts/number.ts), so where the count is among them says how far it is. */
function readAll(sql: Sql, workspace_id: number, id: number | null = null) {
  return sql<Segment[]>`
    select s.id, s.name, s.description, s.rule, s.contact_count, s.created_at, s.updated_at,
           case when s.counted_to is not null then
             coalesce(round(greatest(s.counted_to - (select min(id) from contacts where workspace_id = ${workspace_id}), 0)
                            / nullif((select max(id) - min(id) from contacts where workspace_id = ${workspace_id}), 0)::numeric, 2), 0)::float8
           end as progress
      from segments s
     where s.workspace_id = ${workspace_id} and s.id = coalesce(${id}::int, s.id)
     order by s.id`
}

async function countBuiltIn(sql: Sql, workspace_id: number): Promise<BuiltInSegment[]> {
  const counts = SEGMENTS.map(
    (segment, k) => sql`
      ${k === 0 ? sql`` : sql`union all`}
      select ${segment}::text as segment, count(*)::int as contact_count from (${membersOf(sql, workspace_id, segment)}) m`,
  )
  return sql<BuiltInSegment[]>`${counts}`
}
