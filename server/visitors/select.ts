import type postgres from 'postgres'
import type { Visitor } from '../../shared/visitors.ts'
import type { Sql } from '../database/connect.ts'

/** Visitors as the API shows them. `where` and what follows it speak of `v`, the visitor. */
export function selectVisitors(sql: Sql, where: postgres.Fragment, rest: postgres.Fragment) {
  return sql<Visitor[]>`
    select v.id, v.distinct_id, v.kind, v.contact_id, coalesce(v.person_id, v.id) as person_id, v.owner_id, v.first_seen, v.last_visit,
           v.event_count, v.visit_count, v.country_code, v.region, v.city, v.referring_domain, v.engagement_score, v.is_bot,
           v.first_touch->>'utm_source' as utm_source, v.first_touch->>'utm_medium' as utm_medium, v.first_touch->>'utm_campaign' as utm_campaign,
           coalesce(nullif(trim(concat_ws(' ', v.traits->'first_name'->>0, v.traits->'last_name'->>0)), ''), v.traits->'name'->>0, c.name) as name
      from visitors v
      left join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id
     where ${where}
     ${rest}`
}
