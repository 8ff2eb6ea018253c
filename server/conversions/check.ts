import type { ConversionUpdate } from '../../shared/conversions.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { centsOf } from './money.ts'

type Given = Pick<ConversionUpdate, 'value' | 'currency' | 'converted_at' | 'data'>

const MOST_DATA = 32_768
/** Clocks of other servers may be a little ahead. */
const AHEAD_MS = 5 * 60_000

/** What a schema cannot tell. Throws `invalid_fields` with a sentence for each that is wrong. */
export function requireSound({ value, currency, converted_at, data }: Given) {
  const fields: Record<string, string> = {}
  if (value !== undefined && centsOf(value) === undefined) fields.value = 'may have two decimals'
  if (currency !== undefined && !Intl.supportedValuesOf('currency').includes(currency))
    fields.currency = 'must be a currency such as EUR'
  if (converted_at !== undefined && Date.parse(converted_at) > Date.now() + AHEAD_MS)
    fields.converted_at = 'must not be in the future'
  if (data !== undefined && JSON.stringify(data).length > MOST_DATA) fields.data = 'may have 32 KB'
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

type Named = { contact_id?: number | null; lead_id?: number | null; distinct_id?: string | undefined }
export type Whose = {
  contact: { id: number; root: number } | null
  lead: { id: number; contact_id: number; root: number; is_test: boolean } | null
  visitor: { id: number; contact_id: number | null } | null
}

/**
 * Who is meant; `root` is the contact that one which was merged is part of. Throws `invalid_fields` for whoever is not there, and when
 * a lead is another contact's: it would count for both.
 */
export async function requireWhose(sql: Sql, workspace_id: number, named: Named): Promise<Whose> {
  const whose = await readWhose(sql, workspace_id, named)
  const { contact, lead, visitor } = whose
  const fields: Record<string, string> = {}
  if (typeof named.contact_id === 'number' && !contact) fields.contact_id = 'is not a contact of this workspace'
  if (typeof named.lead_id === 'number' && !lead) fields.lead_id = 'is not a lead of this workspace'
  if (named.distinct_id !== undefined && !visitor) fields.distinct_id = 'was never seen in this workspace'
  if (contact && lead && contact.root !== lead.root) fields.lead_id = `is of contact ${lead.root}`
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
  return whose
}

/** Only what is named is asked for. */
async function readWhose(sql: Sql, workspace_id: number, { contact_id, lead_id, distinct_id }: Named): Promise<Whose> {
  const [contacts, leads, visitors] = await Promise.all([
    typeof contact_id !== 'number'
      ? []
      : sql<NonNullable<Whose['contact']>[]>`
          select id, coalesce(merged_into, id) as root from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`,
    typeof lead_id !== 'number'
      ? []
      : sql<NonNullable<Whose['lead']>[]>`
          select l.id, l.contact_id, coalesce(c.merged_into, c.id) as root, l.is_test
            from leads l
            join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
           where l.workspace_id = ${workspace_id} and l.id = ${lead_id}`,
    distinct_id === undefined
      ? []
      : sql<NonNullable<Whose['visitor']>[]>`
          select id, contact_id from visitors where workspace_id = ${workspace_id} and distinct_id = ${distinct_id}`,
  ])
  return { contact: contacts[0] ?? null, lead: leads[0] ?? null, visitor: visitors[0] ?? null }
}
