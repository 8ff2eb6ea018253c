import type postgres from 'postgres'
import type { AppointmentCreate } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { contactOf } from '../leads/create.ts'
import { cleaned } from '../leads/edit.ts'

export type Whose = {
  contact_id: number
  /** Of the contact. */
  owner_id: number | null
  lead: LeadOfAppointment | null
}

/** What is taken over from the lead where the appointment says nothing. */
export type LeadOfAppointment = {
  id: number
  contact_id: number
  source: string | null
  product: string | null
  score: number | null
  street: string | null
  city: string | null
  state: string | null
  zip_code: string | null
  country: string | null
  provider_id: string | null
  is_test: boolean
}

type Given = Pick<AppointmentCreate, 'contact_id' | 'lead_id' | 'email' | 'phone' | 'first_name' | 'last_name'>

/**
 * Whose an appointment is: of the lead that is named, of the contact that is named, or of whom the e-mail or the phone finds or makes.
 * Without `lead_id` it is about the contact's open lead, if there is exactly one; null: about none. The caller holds the identity lock.
 * Throws `invalid_fields`.
 */
export async function findWhose(sql: postgres.TransactionSql, workspace_id: number, given: Given, actor: Actor): Promise<Whose> {
  const { email = null, phone = null, first_name = null, last_name = null } = given
  if (typeof given.lead_id === 'number') return ofLead(sql, workspace_id, given.lead_id, given.contact_id)
  const told = cleaned({ email, phone, first_name, last_name })
  const { contact_id, owner_id } = await contactOf(sql, workspace_id, given.contact_id, told, actor)
  const lead = given.lead_id === null ? null : await onlyOpenLead(sql, workspace_id, contact_id)
  return { contact_id: lead?.contact_id ?? contact_id, owner_id, lead }
}

/** With the contact that the lead names, so that both go the same way when a merge is undone. */
async function ofLead(sql: Sql, workspace_id: number, lead_id: number, contact_id: number | undefined): Promise<Whose> {
  const [lead] = await sql<(LeadOfAppointment & { owner_id: number | null; fits: boolean })[]>`
    select ${leadColumns(sql)}, o.owner_id,
           ${contact_id ?? null}::int is null or exists (
             select
               from contacts g
              where g.workspace_id = l.workspace_id and g.id = ${contact_id ?? null}::int and g.whole_id = o.id) as fits
      from leads l
      join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
      join contacts o on o.workspace_id = l.workspace_id and o.id = c.whole_id
     where l.workspace_id = ${workspace_id} and l.id = ${lead_id}`
  if (!lead) throw refuse('invalid_fields', { fields: { lead_id: 'is no lead of this workspace' } })
  const { owner_id, fits, ...own } = lead
  if (!fits) throw refuse('invalid_fields', { fields: { lead_id: `is a lead of contact ${own.contact_id}` } })
  return { contact_id: own.contact_id, owner_id, lead: own }
}

/** Also of those that are part of this contact. Of two nobody can say which it is about. */
async function onlyOpenLead(sql: Sql, workspace_id: number, contact_id: number): Promise<LeadOfAppointment | null> {
  const leads = await sql<LeadOfAppointment[]>`
    select ${leadColumns(sql)}
      from (select ${contact_id}::int as id
             union all
            select id from contacts where workspace_id = ${workspace_id} and merged_into = ${contact_id}) c
      join leads l on l.workspace_id = ${workspace_id} and l.contact_id = c.id and l.kind = 'open' and not l.is_test
     limit 2`
  return leads.length === 1 ? leads[0]! : null
}

function leadColumns(sql: Sql) {
  return sql`
           l.id, l.contact_id, l.source, l.product, l.score, l.street, l.city, l.state, l.zip_code, l.country, l.provider_id, l.is_test`
}
