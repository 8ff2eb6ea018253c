import type postgres from 'postgres'
import type { LeadCreate } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import { readKeys } from '../contacts/keys.ts'
import { matchContacts } from '../contacts/match.ts'
import { numberLeads } from '../contacts/number.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { readGiven } from '../fields/read-given.ts'
import { joinContacts } from '../identity/join-contacts.ts'
import type { VisitorNumbers } from '../visitors/number.ts'
import { type Assignment, assignLeads } from './assign.ts'
import type { Condition } from './change.ts'
import { cleaned, withValues } from './edit.ts'
import { readFields } from './fields.ts'
import { insertLeads } from './insert.ts'
import { requireMember } from './member.ts'
import { findStage, readStages } from './stages.ts'
import { findLeadType } from './types.ts'

/**
 * Makes a lead by hand or by the API, of a contact that is named or of whom the e-mail or the phone finds or makes. Without an
 * assignee the rules choose; what an agent makes is the agent's own (`only_of`). With the tracker's `distinct_id` that visitor's history
 * joins the contact's, unless it is somebody else's. Returns its id. Throws `invalid_fields`.
 */
export async function createLead(
  sql: postgres.TransactionSql,
  workspace_id: number,
  {
    contact_id,
    email,
    phone,
    first_name,
    last_name,
    assigned_to,
    pipeline_id,
    status,
    fields = {},
    custom: said,
    ...given
  }: LeadCreate,
  actor: Actor,
  { only_of = null, numbers }: Condition & { numbers: VisitorNumbers },
): Promise<number> {
  await lockIdentity(sql, [workspace_id])
  await requireMember(sql, workspace_id, assigned_to)
  await requireOpenStage(sql, workspace_id, pipeline_id, status)
  const custom = withValues(await readGiven(sql, workspace_id, 'lead', said, { is_new: true }))
  const told = cleaned({
    email: email ?? null,
    phone: phone ?? null,
    first_name: first_name ?? null,
    last_name: last_name ?? null,
  })
  const contact = await contactOf(sql, workspace_id, contact_id, told, actor)
  const { lead_type = 'general', is_test = false, ...details } = cleaned(given)
  const type = await findLeadType(sql, workspace_id, lead_type)
  const about = {
    workspace_id, lead_type, is_test, webhook_id: null, source: details.source ?? null, product: details.product ?? null,
    state: details.state ?? null, zip_code: details.zip_code ?? null, country: details.country ?? null,
  } // biome-ignore format: one word after the other
  const chosen = only_of ?? assigned_to
  const [assignment] =
    chosen === undefined
      ? await assignLeads(sql, [{ ...about, owner_id: contact.owner_id, default_owner_id: null }])
      : [{ user_id: chosen, rule_id: null, reason: chosen === null ? 'nobody' : 'by_hand' } as Assignment]
  const id = (await numberLeads(sql, [{ workspace_id, count: 1 }])).get(workspace_id)![0]!
  await insertLeads(sql, [
    {
      ...details,
      ...told,
      ...about,
      id,
      contact_id: contact.contact_id,
      pipeline_id: pipeline_id ?? null,
      status: status ?? null,
      fields: readFields(type?.fields ?? [], fields).fields,
      custom,
      assignment: assignment!,
      actor,
    },
  ])
  if (details.distinct_id) {
    const { contact_id } = contact
    const claim = {
      workspace_id,
      distinct_id: details.distinct_id,
      contact_id,
      occurred_at: Date.now(),
      message_id: `lead ${id}`,
    }
    await joinContacts(sql, numbers, [claim])
  }
  return id
}

export type Told = { email: string | null; phone: string | null; first_name: string | null; last_name: string | null }

/**
 * Whose it is: the contact that is named (of a merged one, the one that is left; what is told about it stays with what is made), or whom
 * the e-mail or the phone finds or makes. Takes for granted that the identity lock is held. Throws `invalid_fields`.
 */
export async function contactOf(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number | undefined,
  told: Told,
  actor: Actor,
) {
  if (contact_id !== undefined) {
    const [contact] = await sql<{ contact_id: number; owner_id: number | null }[]>`
      select c.id as contact_id, c.owner_id
        from contacts o
        join contacts c on c.workspace_id = o.workspace_id and c.id = o.whole_id
       where o.workspace_id = ${workspace_id} and o.id = ${contact_id}`
    if (!contact) throw refuse('invalid_fields', { fields: { contact_id: 'is no contact of this workspace' } })
    return contact
  }
  const { email = null, phone = null } = await readKeys(sql, workspace_id, told)
  if (email === null && phone === null) {
    throw refuse('invalid_fields', { fields: { email: 'or a phone is required, or the contact_id of somebody who is known' } })
  }
  const { first_name, last_name } = told
  const traits = { ...(first_name && { first_name }), ...(last_name && { last_name }) }
  const person = { workspace_id, scope: '', email, phone, user_id: null, traits, at: Date.now() }
  const [matched] = await matchContacts(sql, [person], actor)
  return matched!
}

/** The stage where it begins; without a pipeline, of the default one. */
async function requireOpenStage(
  sql: postgres.TransactionSql,
  workspace_id: number,
  pipeline_id: number | undefined,
  status: string | undefined,
) {
  if (pipeline_id === undefined && status === undefined) return
  const [pipeline] = await sql<{ id: number }[]>`
    select id
      from pipelines
     where workspace_id = ${workspace_id} and ${pipeline_id === undefined ? sql`is_default` : sql`id = ${pipeline_id}`}`
  if (!pipeline) throw refuse('invalid_fields', { fields: { pipeline_id: 'is no pipeline of this workspace' } })
  if (status === undefined) return
  const stage = findStage(await readStages(sql, workspace_id), pipeline.id, status)
  if (stage.kind !== 'open') {
    throw refuse('invalid_fields', { fields: { status: 'must be an open one: make the lead, then close it with its status' } })
  }
}
