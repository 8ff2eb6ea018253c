import type { Sql } from '../../database/connect.ts'
import type { OpenConnection } from '../open.ts'
import { tellEverything } from '../tell-later.ts'

/** What changed here after the log was written, and stands in no line of it, is told as ever (tell.ts). */
export async function tellTheRest(sql: Sql, { workspace_id, id }: OpenConnection): Promise<void> {
  await sql`
    update crm_links l
       set due = true, updated_at = now()
      from contacts own
      join contacts c on c.workspace_id = own.workspace_id and c.id = own.whole_id
      left join crm_marks k on k.workspace_id = c.workspace_id and k.contact_id = c.id
     where l.workspace_id = ${workspace_id} and l.connection_id = ${id} and l.external_id is not null and not l.due
       and not l.told ? 'deleted' and own.workspace_id = ${workspace_id} and own.id = l.contact_id
       and (c.email <> l.told->>'email' or l.told->>'mark' is distinct from k.mark)`
  await tellEverything(sql, workspace_id, id)
}
