import type postgres from 'postgres'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import type { OpenConnection } from './open.ts'
import { type CrmError, failed } from './result.ts'

export type Mark = 'spam' | 'review'

/** What a CRM was told of a contact last. */
export type Told = { email?: string; mark?: Mark; deleted?: boolean }

/** `version`: of the link when it was read; `lists`: those that went with it. */
type Added = { contact_id: number; email: string; version: number; lists: string[] }

/** Returns the contact that has this id already; null when it was written. */
export async function writeLink(
  sql: postgres.Sql,
  { workspace_id, id, provider }: OpenConnection,
  { contact_id, email, version, lists }: Added,
  external_id: string,
): Promise<number | null> {
  return sql.begin(async tx => {
    const [other] = await tx<{ contact_id: number }[]>`
      select contact_id
        from crm_links
       where workspace_id = ${workspace_id} and connection_id = ${id} and external_id = ${external_id} and contact_id <> ${contact_id}`
    if (other) return other.contact_id
    await tx`
      update crm_links
         set external_id = ${external_id}, state = 'WroteSalesforceAppUserUid', told = told || jsonb_build_object('email', ${email}::text),
             due = version <> ${version} or exists (
                     select from contacts c join crm_marks m on m.workspace_id = c.workspace_id and m.contact_id = c.whole_id
                      where c.workspace_id = ${workspace_id} and c.id = crm_links.contact_id),
             failures = 0, let_go = false, error = null, verified_at = now(), updated_at = now()
       where workspace_id = ${workspace_id} and connection_id = ${id} and contact_id = ${contact_id}`
    await tx`
      insert into crm_subscriptions as s (workspace_id, connection_id, email, told_lists, due)
      select ${workspace_id}, ${id}, ${email}, ${lists}, false
       where cardinality(${lists}::text[]) > 0
      on conflict (workspace_id, connection_id, email) do update
         set told_lists = (select array_agg(distinct l) from unnest(s.told_lists || excluded.told_lists) as l)`
    const after = { connection_id: id, provider: provider.name, external_id }
    await recordActivities(tx, workspace_id, [
      { action: 'contact.crm_linked', actor: { kind: 'system' }, contact_id, subject_id: id, after },
    ])
    return null
  }) as unknown as Promise<number | null>
}

/** Why an id could not be written: a contact has it already. */
export function taken(external_id: string, contact_id: number): CrmError {
  const message = `The CRM says that this is ${external_id}, who is contact ${contact_id} here. Merge the two, or part them in the CRM.`
  return failed('duplicate', message).error
}

/** What was told; a mark that was taken back is told no more. */
export async function settle(
  sql: Sql,
  { workspace_id, id }: OpenConnection,
  link: { contact_id: number; told: Told },
  told: { email?: string; mark?: Mark | null; deleted?: true },
) {
  await sql`
    update crm_links
       set told = jsonb_strip_nulls(told || ${JSON.stringify(told)}::text::jsonb), failures = 0, error = null, verified_at = now(),
           due = ${!told.deleted && !link.told.deleted}, updated_at = now()
     where workspace_id = ${workspace_id} and connection_id = ${id} and contact_id = ${link.contact_id}`
  return null
}
