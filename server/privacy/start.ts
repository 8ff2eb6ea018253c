import type postgres from 'postgres'
import type { Erasure, ErasureCreate, ErasurePreview, PrivacySubject } from '../../shared/privacy.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { normalizeEmail, normalizePhone } from '../contacts/normalize.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { enqueueAll } from '../queue/enqueue.ts'
import { readBoundedWho } from './common.ts'
import { countRows, TOTAL } from './erase.ts'
import { findErasure } from './list.ts'
import type { Asked } from './who.ts'

export const QUEUE = 'erasures'

/** What an erasure would find now, by table. Throws as `startErasure` does. */
export async function previewErasure(sql: Sql, workspace_id: number, given: PrivacySubject): Promise<ErasurePreview> {
  const asked = await readAsked(sql, workspace_id, given)
  const who = await readBoundedWho(sql, workspace_id, asked)
  const counts = await countRows(sql, who, ({ erase }) => erase !== 'stays')
  const contacts = await sql<ErasurePreview['contacts']>`
    select id, name, email, phone from contacts where workspace_id = ${workspace_id} and id = any(${asked.contact_ids}::int[]) order by id`
  return { contacts: [...contacts], counts: Object.fromEntries(counts) }
}

/** Asks for an erasure; the worker does it, after each CRM was told. Throws `not_found`, `invalid_fields`. */
export async function startErasure(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { reason = null, ...given }: ErasureCreate,
  actor: Actor,
): Promise<Erasure> {
  const id = await eraseLater(sql, workspace_id, await readAsked(sql, workspace_id, given), reason, actor)
  return findErasure(sql, workspace_id, id)
}

/** The same for those who are known already. */
export async function eraseLater(
  sql: postgres.TransactionSql,
  workspace_id: number,
  asked: Asked,
  reason: string | null,
  actor: Actor,
): Promise<number> {
  const [id] = await eraseAllLater(sql, workspace_id, [asked], reason, actor)
  return id!
}

/** An erasure for each of these contacts. */
export async function eraseContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
): Promise<void> {
  const asked = ids.map(id => ({ contact_ids: [id], email: null, phone: null }))
  await eraseAllLater(sql, workspace_id, asked, null, actor)
}

/** Three statements, however many they are: meanwhile nobody else can be identified in the workspace. */
async function eraseAllLater(
  sql: postgres.TransactionSql,
  workspace_id: number,
  asked: Asked[],
  reason: string | null,
  actor: Actor,
): Promise<number[]> {
  const made = await sql<{ id: number; contact_ids: number[] }[]>`
    insert into erasures (workspace_id, contact_ids, subject, total, reason, actor)
    select ${workspace_id}, array(select contact_id::int from jsonb_array_elements_text(asked -> 'contact_ids') as contact_id),
           jsonb_build_object('asked', asked, 'who', null), ${TOTAL}, ${reason}, ${sql.json(actor as never)}
      from jsonb_array_elements(${JSON.stringify(asked)}::text::jsonb) as asked
    returning id, contact_ids`
  await recordActivities(
    sql,
    workspace_id,
    made.flatMap(({ id, contact_ids }) =>
      contact_ids.map(contact_id => ({ action: 'contact.erasure_requested', actor, contact_id, subject_id: id })),
    ),
  )
  await enqueueAll(
    sql,
    made.map(({ id }) => ({ workspace_id, queue: QUEUE, key: `workspace ${workspace_id}`, payload: { run_id: id } })),
  )
  return made.map(({ id }) => id)
}

/**
 * Whom somebody means. An e-mail is of all who have it, also of somebody who is no contact but wrote it somewhere; a phone may be a family's, so
 * where several have it the contact has to be named.
 */
export async function readAsked(
  sql: Sql,
  workspace_id: number,
  { contact_id, email: given_email, phone: given_phone }: PrivacySubject,
): Promise<Asked> {
  if ([contact_id, given_email, given_phone].filter(given => given !== undefined).length !== 1)
    throw refuse('invalid_fields', { fields: { contact_id: 'name the contact, the e-mail or the phone, and only one of them' } })
  const [workspace] = await sql<{ country: string }[]>`select country from workspaces where id = ${workspace_id}`
  const email = given_email === undefined ? null : (normalizeEmail(given_email) ?? null)
  const phone = given_phone === undefined ? null : (normalizePhone(given_phone, workspace!.country) ?? null)
  if (given_email !== undefined && email === null)
    throw refuse('invalid_fields', { fields: { email: 'must be an e-mail address such as sally@example.com' } })
  if (given_phone !== undefined && phone === null)
    throw refuse('invalid_fields', { fields: { phone: 'must be a phone number such as +12025550101' } })
  const rows = await sql<{ id: number }[]>`
    select distinct whole_id as id
      from contacts
     where workspace_id = ${workspace_id}
       and (id = ${contact_id ?? null}::int or email = ${email} or phone = ${phone}
            or id in (select contact_id
                        from contact_keys
                       where workspace_id = ${workspace_id} and (kind = 'email' and value = ${email} or kind = 'phone' and value = ${phone})))
     order by 1`
  const contact_ids = rows.map(({ id }) => id)
  if (contact_ids.length === 0 && email === null) throw refuse('not_found')
  if (contact_ids.length > 1 && phone !== null)
    throw refuse('invalid_fields', {
      fields: { phone: `is of several contacts: ${contact_ids.join(', ')}. Name one by contact_id` },
    })
  return { contact_ids, email, phone }
}
