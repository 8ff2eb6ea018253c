import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { MOST_TAGS, type Tag, type TagCreate, type Tags, type TagUpdate } from '../../shared/tags.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'

/** All of a workspace, by name, each with how many contacts have it who are not archived. */
export async function listTags(sql: Sql, workspace_id: number): Promise<Tags> {
  return { data: await readTags(sql, workspace_id) }
}

/** Throws `already_exists`, `invalid_fields`. */
export async function createTag(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name: given, color = null }: TagCreate,
  actor: Actor,
): Promise<Tag> {
  const [name] = readNames([given], 'name')
  const [made] = await makeTags(sql, workspace_id, [name!], color, actor)
  if (made === undefined) throw nameIsTaken()
  const [tag] = await readTags(sql, workspace_id, made)
  return tag!
}

/** Throws `not_found`, `already_exists`, `invalid_fields`. */
export async function editTag(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  given: TagUpdate,
  actor: Actor,
): Promise<Tag> {
  const was = await lockTag(sql, workspace_id, id)
  const [name = was.name] = given.name === undefined ? [] : readNames([given.name], 'name')
  const is = { name, color: given.color === undefined ? was.color : given.color }
  const changed = (['name', 'color'] as const).filter(field => is[field] !== was[field])
  if (changed.length > 0) {
    const [other] = await sql`
      select from tags where workspace_id = ${workspace_id} and lower(name) = lower(${name}) and id <> ${id}`
    if (other) throw nameIsTaken()
    await sql`update tags set name = ${is.name}, color = ${is.color} where workspace_id = ${workspace_id} and id = ${id}`
    const of = (tag: typeof is) => Object.fromEntries(changed.map(field => [field, tag[field]]))
    await recordActivities(sql, workspace_id, [{ action: 'tag.updated', actor, subject_id: id, before: of(was), after: of(is) }])
  }
  const [tag] = await readTags(sql, workspace_id, id)
  return tag!
}

/** Everybody who has it loses it, and each of them is told of, so that segments and others follow. Throws `not_found`. */
export async function removeTag(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  await lockIdentity(sql, [workspace_id]) // no merge meanwhile
  const { name, color } = await lockTag(sql, workspace_id, id)
  const before = JSON.stringify({ tag_id: id, name })
  await sql`
    with gone as (
      delete from contact_tags where workspace_id = ${workspace_id} and tag_id = ${id} returning contact_id
    )
    insert into activities (workspace_id, action, actor, contact_id, subject_id, before)
    select distinct ${workspace_id}::int, 'contact.untagged', ${JSON.stringify(actor)}::text::jsonb, c.whole_id, ${String(id)},
           ${before}::text::jsonb
      from gone
      join contacts c on c.workspace_id = ${workspace_id} and c.id = gone.contact_id`
  await sql`delete from tags where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'tag.deleted', actor, subject_id: id, before: { name, color } }])
}

/** Those of these names that were not known yet, with who made them. Returns their ids. Throws `invalid_fields` when it is too many. */
export async function makeTags(
  sql: postgres.TransactionSql,
  workspace_id: number,
  names: string[],
  color: Tag['color'],
  actor: Actor,
): Promise<number[]> {
  // In one order, so that no two who make the same ones wait for each other.
  const made = await sql<{ id: number; name: string }[]>`
    insert into tags (workspace_id, name, color)
    select ${workspace_id}, name, ${color}
      from (select distinct on (lower(name)) name from unnest(${names}::text[]) as name order by lower(name)) n
        on conflict do nothing
    returning id, name`
  if (made.length === 0) return []
  const [all] = await sql<{ tags: number }[]>`select count(*)::int as tags from tags where workspace_id = ${workspace_id}`
  if (all!.tags > MOST_TAGS)
    throw refuse('invalid_fields', { fields: { name: `is one too many: a workspace has at most ${MOST_TAGS} tags` } })
  await recordActivities(
    sql,
    workspace_id,
    made.map(({ id, name }) => ({ action: 'tag.created', actor, subject_id: id, after: { name, color } })),
  )
  return made.map(({ id }) => id)
}

/** As they are kept: without spaces around them, and one between words. Throws `invalid_fields`. */
export function readNames(given: string[], field: string): string[] {
  const names = given.map(name => name.trim().replace(/\s+/g, ' '))
  if (names.includes('')) throw refuse('invalid_fields', { fields: { [field]: 'must not be empty' } })
  return names
}

/** Whoever puts it on a contact meanwhile waits. */
async function lockTag(sql: Sql, workspace_id: number, id: number) {
  const [tag] = await sql<Pick<Tag, 'name' | 'color'>[]>`
    select name, color from tags where workspace_id = ${workspace_id} and id = ${id} for update`
  if (!tag) throw refuse('not_found')
  return tag
}

function nameIsTaken() {
  return refuse('already_exists', { fields: { name: 'is the name of another tag' } })
}

/** Rows are counted by an index. What several of one person have is taken off again, as they are few, and what archived ones have. */
function readTags(sql: Sql, workspace_id: number, id: number | null = null) {
  return sql<Tag[]>`
    with family as materialized (
      select o.id, o.whole_id, w.is_archived
        from (select distinct whole_id from contacts where workspace_id = ${workspace_id} and merged_into is not null) m
       cross join lateral (
             select id, archived_at is not null as is_archived
               from contacts
              where workspace_id = ${workspace_id} and id = m.whole_id
             offset 0) w
       cross join lateral (select id, whole_id from contacts where workspace_id = ${workspace_id} and whole_id = w.id offset 0) o
    ), twice as materialized (
      select m.tag_id, count(*) - count(distinct f.whole_id) as times
        from family f
       cross join lateral (select tag_id from contact_tags where workspace_id = ${workspace_id} and contact_id = f.id offset 0) m
       where not f.is_archived
       group by m.tag_id
    ), away as materialized (
      select m.tag_id, count(*) as times
        from (select id from contacts where workspace_id = ${workspace_id} and merged_into is null and archived_at is not null
               union all
              select id from family where is_archived and id <> whole_id) f
        join contact_tags m on m.workspace_id = ${workspace_id} and m.contact_id = f.id
       group by m.tag_id
    ), rows as materialized (
      select tag_id, count(*) as rows from contact_tags where workspace_id = ${workspace_id} group by tag_id
    )
    select t.id, t.name, t.color, (coalesce(r.rows, 0) - coalesce(d.times, 0) - coalesce(a.times, 0))::int as contact_count, t.created_at
      from tags t
      left join rows r on r.tag_id = t.id
      left join twice d on d.tag_id = t.id
      left join away a on a.tag_id = t.id
     where t.workspace_id = ${workspace_id} and (${id}::int is null or t.id = ${id}::int)
     order by lower(t.name)`
}
