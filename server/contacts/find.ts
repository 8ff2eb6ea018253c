import type { ContactWithTags } from '../../shared/tags.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { readFields } from '../fields/fields.ts'
import { misfitsIn } from '../fields/read-custom.ts'
import { contactColumns } from './columns.ts'
import { tagsOf } from './tag-contact.ts'

/** A contact by its id, a merged one too (`merged_into` says where it went). Throws `not_found`. */
export async function findContact(sql: Sql, workspace_id: number, id: number): Promise<ContactWithTags> {
  const [[row], tags, fields] = await Promise.all([
    sql<Omit<ContactWithTags, 'tags' | 'problems'>[]>`
      select ${contactColumns(sql)}
        from contacts c
       where c.workspace_id = ${workspace_id} and c.id = ${id}`,
    tagsOf(sql, workspace_id, id),
    readFields(sql, workspace_id, 'contact'),
  ])
  if (!row) throw refuse('not_found')
  return { ...row, tags, problems: misfitsIn(fields, row.properties) }
}

/** The contact and everyone who was merged into it, into those, and so on: whose history is shown as one. */
export async function familyOf(sql: Sql, workspace_id: number, id: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    with recursive family as (
      select id
        from contacts
       where workspace_id = ${workspace_id} and id = ${id}
       union
      select c.id
        from family f
        join contacts c on c.workspace_id = ${workspace_id} and c.merged_into = f.id
    )
    select id from family`
  if (rows.length === 0) throw refuse('not_found')
  return rows.map(row => row.id)
}
