import type postgres from 'postgres'
import type { Sql } from '../../database/connect.ts'
import { storable } from '../../database/storable.ts'
import type { AppUser } from '../manager.ts'
import type { OpenConnection } from '../open.ts'
import type { CrmError } from '../result.ts'
import type { Mark, Told } from '../write-link.ts'

/** Who a contact of the log is now, and what the CRM was told of them. */
export type Person = {
  /** Of their link; of the whole person while there is none. */
  contact_id: number
  external_id: string | null
  told: Told
  email: string | null
  mark: Mark | null
}

/** By the link of any contact that is part of the same person. Nothing when the contact was deleted. */
export async function findPerson(
  sql: Sql,
  { workspace_id, id }: OpenConnection,
  contact_id: number,
): Promise<Person | undefined> {
  const [person] = await sql<Person[]>`
    select coalesce(l.contact_id, c.id) as contact_id, l.external_id, coalesce(l.told, '{}') as told, c.email, k.mark
      from contacts own
      join contacts c on c.workspace_id = ${workspace_id} and c.id = own.whole_id
      left join crm_marks k on k.workspace_id = ${workspace_id} and k.contact_id = c.id
      left join lateral (
           select l.contact_id, l.external_id, l.told
             from contacts m
             join crm_links l on l.workspace_id = ${workspace_id} and l.contact_id = m.id and l.connection_id = ${id}
            where m.workspace_id = ${workspace_id} and m.whole_id = c.id
            order by l.external_id is null, l.contact_id <> own.id, l.contact_id
            limit 1) l on true
     where own.workspace_id = ${workspace_id} and own.id = ${contact_id}`
  return person
}

/** Before the CRM is asked, so that whoever it takes is not lost when this process dies. Returns the version of the link. */
export async function prepareLink(sql: Sql, { workspace_id, id }: OpenConnection, { contact_id }: Person, user: AppUser) {
  const [link] = await sql<{ version: number }[]>`
    insert into crm_links as l (workspace_id, connection_id, contact_id, language, said, state)
    values (${workspace_id}, ${id}, ${contact_id}, ${user.language}, ${JSON.stringify(storable(user.properties))}::text::jsonb,
            'RequestAddToSalesforce')
    on conflict (workspace_id, connection_id, contact_id) do update set state = excluded.state, updated_at = now()
    returning version`
  return link!.version
}

export async function refuseLink(sql: postgres.Sql, { workspace_id, id }: OpenConnection, contact_id: number, error: CrmError) {
  await sql`
    update crm_links
       set state = 'WroteSalesforceErrorToDb', due = false, error = ${error.message.slice(0, 2000)}, updated_at = now()
     where workspace_id = ${workspace_id} and connection_id = ${id} and contact_id = ${contact_id} and external_id is null`
}
