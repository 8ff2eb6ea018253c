import type { ContactCrm } from '../../shared/crm.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { linkColumns } from './links.ts'

/** What CRMs know of a contact and of those who were merged into them. Throws `not_found`. */
export async function readContactCrm(sql: Sql, workspace_id: number, contact_id: number): Promise<ContactCrm> {
  const [contact] = await sql`select id from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('not_found')
  const family = sql`select id from contacts where workspace_id = ${workspace_id} and whole_id = ${contact_id}`
  const [links, [mark], lists, sustains] = await Promise.all([
    sql<ContactCrm['links']>`
      select ${linkColumns(sql)}
        from crm_links l
        join crm_connections k on k.workspace_id = l.workspace_id and k.id = l.connection_id
        join contacts c on c.workspace_id = l.workspace_id and c.id = ${contact_id}
       where l.workspace_id = ${workspace_id} and l.contact_id in (${family}) and not l.let_go
       order by l.connection_id, l.contact_id`,
    sql<NonNullable<ContactCrm['mark']>[]>`
      select mark, note, actor, at from crm_marks where workspace_id = ${workspace_id} and contact_id = ${contact_id}`,
    sql<ContactCrm['lists']>`
      select m.id, m.name, j.joined_at, j.left_at
        from mailing_list_members j
        join mailing_lists m on m.workspace_id = j.workspace_id and m.id = j.list_id
       where j.workspace_id = ${workspace_id} and j.email = (select email from contacts where workspace_id = ${workspace_id} and id = ${contact_id})
       order by m.name`,
    sql<ContactCrm['sustains']>`
      select s.connection_id, k.name as connection, s.since, s.ended_at
        from crm_sustainers s
        join crm_connections k on k.workspace_id = s.workspace_id and k.id = s.connection_id
       where s.workspace_id = ${workspace_id} and s.contact_id in (${family})
       order by s.since`,
  ])
  return { links, mark: mark ?? null, lists, sustains }
}
