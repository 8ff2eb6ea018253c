import type postgres from 'postgres'
import type { ContactCreate } from '../../shared/contacts.ts'
import type { Actor } from '../../shared/shape.ts'
import type { ContactWithTags } from '../../shared/tags.ts'
import { recordActivities } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { readGiven } from '../fields/read-given.ts'
import { settleCustom } from './custom.ts'
import { findContact } from './find.ts'
import { foldContacts } from './fold.ts'
import { ownKeys, readKeys } from './keys.ts'
import { numberContacts } from './number.ts'
import { requireMember } from './owner.ts'
import { traitsOf } from './traits.ts'

/** Makes a contact by hand or by the API. An e-mail or a phone is what makes one; `already_exists` names who has it. */
export async function createContact(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: ContactCreate,
  actor: Actor,
): Promise<ContactWithTags> {
  await lockIdentity(sql, [workspace_id])
  const { email = null, phone = null } = await readKeys(sql, workspace_id, given)
  if (email === null && phone === null) throw refuse('invalid_fields', { fields: { email: 'or a phone is required' } })
  const owner_id = given.owner_id ?? null
  await requireMember(sql, workspace_id, owner_id)
  const custom = await readGiven(sql, workspace_id, 'contact', given.custom, { is_new: true })
  const own_traits = traitsOf(given, Date.now())
  const [id] = await numberContacts(sql, workspace_id, 1)
  await sql`
    insert into contacts (workspace_id, id, email, phone, owner_id, own_traits, own_custom)
    values (${workspace_id}, ${id!}, ${email}, ${phone}, ${owner_id}, ${JSON.stringify(own_traits)}::text::jsonb,
            ${JSON.stringify(custom)}::text::jsonb)`
  await ownKeys(sql, workspace_id, id!, {}, { email, phone })
  const { properties, custom: _, ...fields } = given
  const said = Object.fromEntries(Object.entries(custom).map(([key, value]) => [`custom.${key}`, value]))
  await recordActivities(sql, workspace_id, [
    { action: 'contact.created', actor, contact_id: id!, after: { ...fields, ...properties, ...said, email, phone } },
  ])
  await foldContacts(sql, [{ workspace_id, contact_id: id! }], actor)
  await settleCustom(sql, workspace_id, [id!])
  return findContact(sql, workspace_id, id!)
}
