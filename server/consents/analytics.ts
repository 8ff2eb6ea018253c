import type postgres from 'postgres'
import { ANALYTICS } from '../../shared/consents.ts'

export type Asked = { workspace_id: number; id: number; root: number; contact_id: number | null }

/**
 * Which of these visitors deny analytics: by what was said last by the contact they belong to, or else by any device of the same person. One
 * statement, look-ups by index.
 */
export async function readDenied(sql: postgres.TransactionSql, visitors: Asked[]): Promise<Set<number>> {
  if (visitors.length === 0) return new Set()
  const rows = await sql<{ id: number }[]>`
    select v.id
      from jsonb_to_recordset(${JSON.stringify(visitors)}::text::jsonb) as v(workspace_id int, id bigint, root bigint, contact_id int)
     cross join lateral (
       select id from consent_purposes where workspace_id = v.workspace_id and name = ${ANALYTICS} limit 1) p
     cross join lateral (
       select k.granted
         from (select c.granted, c.said_at, c.id
                 from consent_of(v.workspace_id, v.contact_id, p.id) c
                where v.contact_id is not null
                union all
               select o.granted, o.said_at, o.id
                 from (select id from visitors where workspace_id = v.workspace_id and id = v.root
                        union all
                       select id from visitors where workspace_id = v.workspace_id and person_id = v.root) m
                cross join lateral (
                  select * from consents k
                   where k.workspace_id = v.workspace_id and k.visitor_id = m.id and k.purpose_id = p.id
                   order by k.said_at desc, k.id desc
                   limit 1) o
                where v.contact_id is null) k
        order by k.said_at desc, k.id desc
        limit 1) holds
     where not holds.granted`
  return new Set(rows.map(({ id }) => id))
}
