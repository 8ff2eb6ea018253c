import type { CrmLogEntry, CrmLogQuery } from '../../shared/crm.ts'
import type { Sql } from '../database/connect.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'

type Row = CrmLogEntry & { sort_value: string }

/** What CRMs refused and what went wrong with them, the newest first. Keyset pages: first the page, then whom it is about. */
export async function listFailures(sql: Sql, workspace_id: number, { limit = 50, cursor, ...filters }: CrmLogQuery) {
  const after = readCursor(cursor, 'time', 'integer')
  const { connection_id, contact_id, run_id, kind, operation, q } = filters
  const rows = await sql<Row[]>`
    select l.id, l.at, l.connection_id, k.name as connection, l.provider, l.contact_id, c.email, l.run_id, l.operation, l.code, l.kind,
           l.http_status, l.message, l.request_id, ${preciseTime(sql, 'l.at')} as sort_value
      from (select *
              from crm_log
             where workspace_id = ${workspace_id}
               ${connection_id === undefined ? sql`` : sql`and connection_id = ${connection_id}`}
               ${contact_id === undefined ? sql`` : sql`and contact_id = ${contact_id}`}
               ${run_id === undefined ? sql`` : sql`and run_id = ${run_id}`}
               ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
               ${operation === undefined ? sql`` : sql`and operation = ${operation}`}
               ${q === undefined ? sql`` : sql`and (code ilike ${like(q)} or message ilike ${like(q)})`}
               ${after ? sql`and (at, id) < (${after[0]}::text::timestamptz, ${after[1]})` : sql``}
             order by at desc, id desc
             limit ${limit + 1}) l
      left join crm_connections k on k.workspace_id = ${workspace_id} and k.id = l.connection_id
      left join contacts c on c.workspace_id = ${workspace_id} and c.id = l.contact_id
     order by l.at desc, l.id desc`
  const { data, next_cursor } = pageOf(rows, limit, last => [last.sort_value, last.id])
  return { data: data.map(({ sort_value: _, ...entry }) => entry), next_cursor }
}

function like(q: string) {
  return `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
}
