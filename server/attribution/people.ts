import type postgres from 'postgres'

/** The start of a statement: `people`, each once, with the `contact_id` that a negative person is and the ids of their visitors. */
export function peopleWithVisitors(sql: postgres.TransactionSql, workspace_id: number, people: number[]) {
  return sql`
    asked as materialized (
      select distinct person, case when person < 0 then (-person)::int end as contact_id from unnest(${people}::bigint[]) as person
    ), people as materialized (
      select a.person, a.contact_id, coalesce(v.ids, '{}') as visitor_ids
        from asked a
       cross join lateral (
             select array_agg(id) as ids
               from (select id from visitors where workspace_id = ${workspace_id} and contact_id = a.contact_id
                      union all
                     select id from visitors where workspace_id = ${workspace_id} and id = a.person and person_id is null and contact_id is null
                      union all
                     select id from visitors where workspace_id = ${workspace_id} and person_id = a.person and contact_id is null) v) v
    )`
}
