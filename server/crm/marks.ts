import type postgres from 'postgres'
import type { ContactCrm } from '../../shared/crm.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { linkColumns } from './links.ts'

type Mark = { mark: 'spam' | 'review'; note?: string | null }

/** Marks a contact; every CRM where they are known is told in the background (notice.ts). Throws `not_found`, `already_merged`. */
export async function markContact(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number,
  mark: Mark,
  actor: Actor,
) {
  await requireWhole(sql, workspace_id, contact_id)
  const after = { mark: mark.mark, note: mark.note ?? null }
  await sql`
    insert into crm_marks (workspace_id, contact_id, mark, note, actor)
    values (${workspace_id}, ${contact_id}, ${after.mark}, ${after.note}, ${JSON.stringify(actor)}::text::jsonb)
    on conflict (workspace_id, contact_id) do update
       set mark = excluded.mark, note = excluded.note, actor = excluded.actor, at = now()`
  await recordActivities(sql, workspace_id, [{ action: 'contact.crm_marked', actor, contact_id, after }])
}

/** What a CRM was told stays with the CRM. Throws `not_found`. */
export async function unmarkContact(sql: postgres.TransactionSql, workspace_id: number, contact_id: number, actor: Actor) {
  const [before] = await sql<Mark[]>`
    delete from crm_marks where workspace_id = ${workspace_id} and contact_id = ${contact_id} returning mark, note`
  if (!before) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [{ action: 'contact.crm_unmarked', actor, contact_id, before }])
}

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

async function requireWhole(sql: Sql, workspace_id: number, contact_id: number) {
  const [contact] = await sql<{ merged_into: number | null }[]>`
    select merged_into from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('not_found')
  if (contact.merged_into !== null)
    throw refuse('already_merged', { message: `This contact is part of contact ${contact.merged_into}. Mark that one.` })
}
