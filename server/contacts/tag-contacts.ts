import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { ContactTag } from '../../shared/tags.ts'
import { recordActivities } from '../activities/record.ts'
import { makeTags, readNames } from './tags.ts'

/** Of many contacts at once, in a constant number of statements. The caller holds them (`for no key update`), so that no merge comes between. */
export type Tagged = { contact_id: number; tag_id: number; name: string; added_at: string }

/** The tags of these names, as they stay until the commit; one that is not known yet is made. Throws `invalid_fields`. */
export async function tagsNamed(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: string[],
  actor: Actor,
): Promise<ContactTag[]> {
  const names = readNames(given, 'names')
  await makeTags(sql, workspace_id, names, null, actor)
  return sql<ContactTag[]>`
    select id, name, color
      from tags
     where workspace_id = ${workspace_id} and lower(name) in (select lower(name) from unnest(${names}::text[]) as name)
     order by lower(name)
       for key share`
}

/** Puts all of these tags on all of these contacts. Returns what nobody of theirs had before. */
export async function tagContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_ids: number[],
  wanted: Pick<ContactTag, 'id' | 'name'>[],
  actor: Actor,
): Promise<Tagged[]> {
  // Each gets its own, even where one who is part of it has it: that one may leave again.
  const added = await sql<Tagged[]>`
    with had as materialized (
      select distinct c.whole_id as contact_id, m.tag_id
        from contacts c
        join contact_tags m on m.workspace_id = c.workspace_id and m.contact_id = c.id
       where c.workspace_id = ${workspace_id} and c.whole_id = any(${contact_ids}::int[]) and m.tag_id = any(${idsOf(wanted)}::int[])
    ), added as (
      insert into contact_tags (workspace_id, contact_id, tag_id, source)
      select ${workspace_id}, contact_id, tag_id, ${actor.kind}
        from unnest(${contact_ids}::int[]) as contact_id
       cross join unnest(${idsOf(wanted)}::int[]) as tag_id
          on conflict do nothing
      returning contact_id, tag_id, added_at
    )
    select a.contact_id, a.tag_id, t.name, a.added_at::text
      from added a
      join tags t on t.workspace_id = ${workspace_id} and t.id = a.tag_id
     where not exists (select from had where had.contact_id = a.contact_id and had.tag_id = a.tag_id)
     order by a.contact_id, lower(t.name)`
  await tell(sql, workspace_id, 'contact.tagged', added, actor)
  return added
}

/** Takes all of these tags off all of these contacts and those who are part of them. Returns who had them. */
export async function untagContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_ids: number[],
  tag_ids: number[],
  actor: Actor,
): Promise<Tagged[]> {
  const gone = await sql<Tagged[]>`
    with gone as (
      delete from contact_tags m
       using contacts c
       where c.workspace_id = ${workspace_id} and c.whole_id = any(${contact_ids}::int[])
         and m.workspace_id = ${workspace_id} and m.contact_id = c.id and m.tag_id = any(${tag_ids}::int[])
      returning c.whole_id as contact_id, m.tag_id, m.added_at
    )
    select g.contact_id, g.tag_id, t.name, min(g.added_at)::text as added_at
      from gone g
      join tags t on t.workspace_id = ${workspace_id} and t.id = g.tag_id
     group by g.contact_id, g.tag_id, t.name
     order by g.contact_id, lower(t.name)`
  await tell(sql, workspace_id, 'contact.untagged', gone, actor)
  return gone
}

async function tell(
  sql: postgres.TransactionSql,
  workspace_id: number,
  done: 'contact.tagged' | 'contact.untagged',
  changed: Tagged[],
  actor: Actor,
) {
  await recordActivities(
    sql,
    workspace_id,
    changed.map(({ contact_id, tag_id, name }) => ({
      action: done === 'contact.tagged' ? 'contact.tagged' : 'contact.untagged',
      actor,
      contact_id,
      subject_id: tag_id,
      [done === 'contact.tagged' ? 'after' : 'before']: { tag_id, name },
    })),
  )
}

function idsOf(tags: Pick<ContactTag, 'id'>[]) {
  return tags.map(({ id }) => id)
}
