import type postgres from 'postgres'
import type { ContactCreate } from '../../shared/contacts.ts'
import { refuse } from '../errors.ts'
import { isRoleMailbox, normalizeEmail, normalizePhone } from './normalize.ts'

export type Keys = { email?: string | null; phone?: string | null }

/** The e-mail and the phone of an edit in the one spelling that is compared. What is absent stays as it is, null takes it away. */
export async function readKeys(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: Pick<ContactCreate, 'email' | 'phone'>,
) {
  const keys: Keys = {}
  const fields: Record<string, string> = {}
  if (given.email !== undefined) {
    keys.email = blank(given.email) ? null : (normalizeEmail(given.email!) ?? null)
    if (keys.email === null && !blank(given.email)) fields.email = 'must be an e-mail address such as sally@example.com'
  }
  if (given.phone !== undefined) {
    const [workspace] = await sql<{ country: string }[]>`select country from workspaces where id = ${workspace_id}`
    keys.phone = blank(given.phone) ? null : (normalizePhone(given.phone!, workspace!.country) ?? null)
    if (keys.phone === null && !blank(given.phone)) fields.phone = 'must be a phone number such as +12025550101'
  }
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
  return keys
}

/** Gives keys to a contact and takes the former ones from it. Throws `already_exists` when another contact has one. */
export async function ownKeys(sql: postgres.TransactionSql, workspace_id: number, contact_id: number, before: Keys, after: Keys) {
  for (const kind of ['email', 'phone'] as const) {
    const value = after[kind]
    if (value === undefined || value === before[kind]) continue
    if (before[kind]) {
      await sql`
        delete from contact_keys
         where workspace_id = ${workspace_id} and scope = '' and kind = ${kind} and value = ${before[kind]} and contact_id = ${contact_id}`
    }
    // Many people read info@: it says nothing about who somebody is, so several contacts may show it and none is found by it.
    if (value === null || (kind === 'email' && isRoleMailbox(value))) continue
    await sql`
      insert into contact_keys (workspace_id, kind, value, contact_id)
      values (${workspace_id}, ${kind}, ${value}, ${contact_id})
          on conflict do nothing`
    const owner = await ownerOf(sql, workspace_id, kind, value)
    if (owner !== contact_id) {
      throw refuse('already_exists', {
        message: `Contact ${owner} has this ${kind === 'email' ? 'e-mail' : 'phone'} already.`,
        fields: { [kind]: `is of contact ${owner}`, contact_id: String(owner) },
      })
    }
  }
}

/** A key stays with a contact that was merged, so that the merge can be undone; it counts for the one that is left. */
async function ownerOf(sql: postgres.TransactionSql, workspace_id: number, kind: string, value: string): Promise<number> {
  const rows = await sql<{ id: number; merged_into: number | null }[]>`
    with recursive owner as (
      select c.id, c.merged_into
        from contact_keys k
        join contacts c on c.workspace_id = k.workspace_id and c.id = k.contact_id
       where k.workspace_id = ${workspace_id} and k.scope = '' and k.kind = ${kind} and k.value = ${value}
       union
      select c.id, c.merged_into
        from owner o
        join contacts c on c.workspace_id = ${workspace_id} and c.id = o.merged_into
    )
    select id, merged_into from owner`
  return rows.find(row => row.merged_into === null)!.id
}

function blank(text: string | null) {
  return text === null || text.trim() === ''
}
