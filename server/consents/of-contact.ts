import type postgres from 'postgres'
import type { ConsentsAdd, ContactConsents } from '../../shared/consents.ts'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { recordConsents } from './record.ts'

/** What holds of each purpose, and what was said until now, of the contact and its devices. Throws `not_found`. */
export async function showConsents(sql: Sql, workspace_id: number, contact_id: number): Promise<ContactConsents> {
  const [contact] = await sql`select from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('not_found')
  const [data, history] = await Promise.all([
    sql<ContactConsents['data']>`
      select p.name as purpose, p.label, k.granted, k.source, k.text_version, k.text, k.said_at
        from consent_purposes p
        left join lateral consent_of(p.workspace_id, ${contact_id}, p.id) k on true
       where p.workspace_id = ${workspace_id}
       order by p.id`,
    sql<ContactConsents['history']>`
      select k.id, p.name as purpose, k.granted, k.source, k.text_version, k.text, k.said_at, k.visitor_id
        from (select o.*
                from contacts c
                join consents o on o.workspace_id = c.workspace_id and o.contact_id = c.id
               where c.workspace_id = ${workspace_id} and c.whole_id = ${contact_id}
               union all
              select o.*
                from visitors v
                join consents o on o.workspace_id = v.workspace_id and o.visitor_id = v.id
               where v.workspace_id = ${workspace_id} and v.contact_id = ${contact_id}) k
        join consent_purposes p on p.workspace_id = k.workspace_id and p.id = k.purpose_id
       order by k.said_at desc, k.id desc
       limit 100`,
  ])
  return { data: [...data], history: [...history] }
}

/** Throws `not_found`, `already_merged`, `invalid_fields`. */
export async function addConsents(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number,
  { purposes, source, text_version, said_at }: ConsentsAdd,
  actor: Actor,
): Promise<ContactConsents> {
  const [contact] = await sql<{ merged_into: number | null }[]>`
    select merged_into from contacts where workspace_id = ${workspace_id} and id = ${contact_id} for no key update`
  if (!contact) throw refuse('not_found')
  if (contact.merged_into !== null)
    throw refuse('already_merged', { message: `This contact is part of contact ${contact.merged_into}. Ask that one.` })
  await requirePurposes(sql, workspace_id, Object.keys(purposes))
  const time = said_at === undefined ? Date.now() : Date.parse(said_at)
  if (time > Date.now() + 60_000) throw refuse('invalid_fields', { fields: { said_at: 'must not be in the future' } })
  await recordConsents(
    sql,
    Object.entries(purposes).map(([purpose, granted]) => ({
      workspace_id,
      contact_id,
      visitor_id: null,
      purpose,
      granted,
      source: source ?? (actor.kind === 'user' ? 'person' : 'api'),
      text_version: text_version ?? null,
      said_at: time,
      actor,
    })),
  )
  return showConsents(sql, workspace_id, contact_id)
}

async function requirePurposes(sql: Sql, workspace_id: number, names: string[]) {
  const rows = await sql<{ name: string }[]>`select name from consent_purposes where workspace_id = ${workspace_id}`
  const known = new Set(rows.map(({ name }) => name))
  const unknown = names.filter(name => !known.has(name))
  if (unknown.length > 0)
    throw refuse('invalid_fields', { fields: { purposes: `${unknown.join(', ')}: no such purpose. See GET /consent-purposes` } })
}
