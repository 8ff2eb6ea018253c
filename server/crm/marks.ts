import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

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

async function requireWhole(sql: Sql, workspace_id: number, contact_id: number) {
  const [contact] = await sql<{ merged_into: number | null }[]>`
    select merged_into from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('not_found')
  if (contact.merged_into !== null)
    throw refuse('already_merged', { message: `This contact is part of contact ${contact.merged_into}. Mark that one.` })
}
