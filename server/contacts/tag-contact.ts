import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { ContactTag, ContactTags } from '../../shared/tags.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { tagContacts, tagsNamed, untagContacts } from './tag-contacts.ts'

/** Puts tags on a contact; one that is not known yet is made. Throws `not_found`, `already_merged`, `invalid_fields`. */
export async function tagContact(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number,
  given: string[],
  actor: Actor,
): Promise<ContactTags> {
  await lockContact(sql, workspace_id, contact_id)
  await tagContacts(sql, workspace_id, [contact_id], await tagsNamed(sql, workspace_id, given, actor), actor)
  return { tags: await tagsOf(sql, workspace_id, contact_id) }
}

/** Takes a tag off a contact and those who are part of it. Throws `not_found`, `already_merged`. */
export async function untagContact(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number,
  tag_id: number,
  actor: Actor,
): Promise<void> {
  await lockContact(sql, workspace_id, contact_id)
  if (!(await tagsOf(sql, workspace_id, contact_id)).some(({ id }) => id === tag_id)) throw refuse('not_found')
  await untagContacts(sql, workspace_id, [contact_id], [tag_id], actor)
}

/** By name. None of a contact that is part of another one: that one shows them. */
export async function tagsOf(sql: Sql, workspace_id: number, contact_id: number): Promise<ContactTag[]> {
  const rows = await sql<ContactTag[]>`
    select distinct t.id, t.name, t.color, lower(t.name)
      from contacts c
      join contact_tags m on m.workspace_id = c.workspace_id and m.contact_id = c.id
      join tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
     where c.workspace_id = ${workspace_id} and c.whole_id = ${contact_id}
     order by lower(t.name)`
  return rows.map(({ id, name, color }) => ({ id, name, color }))
}

/** The names of the tags of many, by their ids. */
export async function tagNamesOf(sql: Sql, workspace_id: number, contact_ids: number[]): Promise<Map<number, string[]>> {
  const rows = await sql<{ id: number; names: string[] }[]>`
    select c.whole_id as id, array_agg(distinct t.name) as names
      from contacts c
      join contact_tags m on m.workspace_id = c.workspace_id and m.contact_id = c.id
      join tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
     where c.workspace_id = ${workspace_id} and c.whole_id = any(${contact_ids}::int[])
     group by c.whole_id`
  return new Map(rows.map(({ id, names }) => [id, names]))
}

/** One change of its tags after the other, and no merge meanwhile. */
async function lockContact(sql: postgres.TransactionSql, workspace_id: number, contact_id: number) {
  const [contact] = await sql<{ merged_into: number | null }[]>`
    select merged_into from contacts where workspace_id = ${workspace_id} and id = ${contact_id} for no key update`
  if (!contact) throw refuse('not_found')
  if (contact.merged_into !== null)
    throw refuse('already_merged', { message: `This contact is part of contact ${contact.merged_into}. Tag that one.` })
}
