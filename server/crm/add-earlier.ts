import type postgres from 'postgres'
import { refuse } from '../errors.ts'
import { insertLinks } from './insert-links.ts'
import { addLater, tellLater } from './tell-later.ts'

const CHUNK = 500

/**
 * Asks for everybody to be added who signed up before the CRM was connected. Not who has an id in another CRM: the migration run finds those
 * where they were loaded to. Throws `not_found`.
 */
export async function addEarlier(sql: postgres.TransactionSql, workspace_id: number, connection_id: number): Promise<number> {
  const [connection] = await sql<{ contacts: number }[]>`
    select (select count(*)::int from ${earlier(sql, workspace_id, connection_id, 0)} c) as contacts
      from crm_connections
     where workspace_id = ${workspace_id} and id = ${connection_id}`
  if (!connection) throw refuse('not_found')
  if (connection.contacts > 0) await addLater(sql, workspace_id, connection_id, 0)
  return connection.contacts
}

/** The next of them, in the background, and then the next. */
export async function addChunk(sql: postgres.Sql, workspace_id: number, connection_id: number, after: number) {
  await sql.begin(async tx => {
    const chunk = await tx<{ id: number }[]>`
      select id from ${earlier(tx, workspace_id, connection_id, after)} c order by id limit ${CHUNK}`
    const candidates = chunk.map(({ id }) => ({ workspace_id, contact_id: id, language: null, said: null }))
    await tellLater(tx, await insertLinks(tx, candidates, tx`k.id = ${connection_id}`))
    if (chunk.length === CHUNK) await addLater(tx, workspace_id, connection_id, chunk.at(-1)!.id)
  })
}

function earlier(sql: postgres.TransactionSql, workspace_id: number, connection_id: number, after: number) {
  return sql`(
      select c.id
        from contacts c
        join crm_connections k on k.workspace_id = c.workspace_id and k.id = ${connection_id}
       where c.workspace_id = ${workspace_id} and c.id > ${after} and c.merged_into is null and c.email is not null
         and (k.adds = 'everybody' or k.adds = 'signed_up' and (c.is_member or c.registered_at is not null))
         and not exists (select
                           from contacts m
                           join crm_links l on l.workspace_id = m.workspace_id and l.contact_id = m.id
                          where m.workspace_id = c.workspace_id and m.whole_id = c.id))`
}
