import type postgres from 'postgres'
import { refuse } from '../errors.ts'
import { insertLinks } from './insert-links.ts'
import { addLater, tellLater } from './tell-later.ts'

const CHUNK = 1000

/**
 * Asks for everybody to be added who signed up before the CRM was connected. Not who has an id in another CRM: the migration run finds those
 * where they were loaded to. Throws `not_found`.
 */
export async function addEarlier(sql: postgres.TransactionSql, workspace_id: number, connection_id: number): Promise<number> {
  const [connection] = await sql<{ contacts: number }[]>`
    select (select count(*)::int from contacts c ${whoIsMissing(sql, workspace_id, connection_id)}) as contacts
      from crm_connections
     where workspace_id = ${workspace_id} and id = ${connection_id}`
  if (!connection) throw refuse('not_found')
  if (connection.contacts > 0) await addLater(sql, workspace_id, connection_id, 0)
  return connection.contacts
}

/** The next of them, in the background, and then the next: so many are looked at, whoever is among them. */
export async function addChunk(sql: postgres.Sql, workspace_id: number, connection_id: number, after: number) {
  await sql.begin(async tx => {
    const next = tx`select * from contacts where workspace_id = ${workspace_id} and id > ${after} order by id limit ${CHUNK}`
    const [last] = await tx<{ id: number; count: number }[]>`select max(id) as id, count(*)::int as count from (${next}) c`
    const chunk = await tx<{ id: number }[]>`select c.id from (${next}) c ${whoIsMissing(tx, workspace_id, connection_id)}`
    const candidates = chunk.map(({ id }) => ({ workspace_id, contact_id: id, language: null, said: null }))
    await tellLater(tx, await insertLinks(tx, candidates, tx`k.id = ${connection_id}`))
    if (last!.count === CHUNK) await addLater(tx, workspace_id, connection_id, last!.id)
  })
}

/** Of contacts `c`. */
function whoIsMissing(sql: postgres.TransactionSql, workspace_id: number, connection_id: number) {
  return sql`
        join crm_connections k on k.workspace_id = ${workspace_id} and k.id = ${connection_id}
       where c.workspace_id = ${workspace_id} and c.merged_into is null and c.archived_at is null and c.email is not null and k.provider <> 'none'
         and (k.adds = 'everybody' or k.adds = 'signed_up' and (c.is_member or c.registered_at is not null))
         and not exists (select
                           from contacts m
                           join crm_links l on l.workspace_id = m.workspace_id and l.contact_id = m.id
                          where m.workspace_id = c.workspace_id and m.whole_id = c.id)`
}
