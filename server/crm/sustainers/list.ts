import type { CrmSustainer, CrmSustainersQuery } from '../../../shared/crm.ts'
import type { Sql } from '../../database/connect.ts'
import { pageOf, preciseTime, readCursor } from '../../http/paginate.ts'

type Row = CrmSustainer & { sort_value: string; sort_id: number }

/**
 * Who sustains, those who began last first; or who does not any more, those who ended last first. Keyset pages: a page of each connection
 * by its index, and the newest of those. Whoever was merged since the last sync is shown as the contact that stayed.
 */
export async function listSustainers(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, connection_id, ended = false }: CrmSustainersQuery,
) {
  const before = readCursor(cursor, 'time', 'integer', 'integer')
  const at = sql(ended ? 'ended_at' : 'since')
  const rows = await sql<Row[]>`
    select c.id as contact_id, c.name, c.email, s.connection_id, s.since, s.ended_at, s.sort_value, s.contact_id as sort_id
      from (select s.*
              from crm_connections k
             cross join lateral (
                   select connection_id, contact_id, since, ended_at, ${preciseTime(sql, ended ? 'ended_at' : 'since')} as sort_value
                     from crm_sustainers
                    where workspace_id = ${workspace_id} and connection_id = k.id and ended_at is ${ended ? sql`not null` : sql`null`}
                      ${before ? sql`and (${at}, connection_id, contact_id) < (${before[0]}::text::timestamptz, ${before[1]}::int, ${before[2]}::int)` : sql``}
                    order by ${at} desc, contact_id desc
                    limit ${limit + 1}) s
             where k.workspace_id = ${workspace_id} ${connection_id === undefined ? sql`` : sql`and k.id = ${connection_id}`}
             order by s.${at} desc, s.connection_id desc, s.contact_id desc
             limit ${limit + 1}) s
      join contacts own on own.workspace_id = ${workspace_id} and own.id = s.contact_id
      join contacts c on c.workspace_id = ${workspace_id} and c.id = own.whole_id
     order by s.${at} desc, s.connection_id desc, s.contact_id desc`
  const { data, next_cursor } = pageOf(rows, limit, last => [last.sort_value, last.connection_id, last.sort_id])
  return { data: data.map(({ sort_value: _, sort_id: __, ...sustainer }) => sustainer), next_cursor }
}
