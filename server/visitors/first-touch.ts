import type postgres from 'postgres'

/** What brought a person `a` (`person`, and `contact_id` where they are one): of a contact what it shows, of somebody nameless the same fold over their visitors. */
export function firstTouchOf(sql: postgres.TransactionSql, workspace_id: number) {
  return sql`
             select first_touch from contacts where workspace_id = ${workspace_id} and id = a.contact_id
              union all
             select (array_agg(first_touch order by first_touch->>'at', id))[1]
               from (select id, first_touch from visitors where workspace_id = ${workspace_id} and id = a.person and person_id is null
                      union all
                     select id, first_touch from visitors where workspace_id = ${workspace_id} and person_id = a.person) v
              where a.contact_id is null and first_touch <> '{}'
              limit 1`
}
