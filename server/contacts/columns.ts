import type { Sql } from '../database/connect.ts'

/** A contact as the API shows it, of a row `c`. Written once, so that a list, a page and an answer never differ. */
export function contactColumns(sql: Sql) {
  return sql`
           c.id, c.email, c.phone, c.user_id, c.is_member, c.name, c.first_name, c.last_name, c.age,
           c.gender, c.address, properties_of(c.traits) as properties, c.custom, c.stage, c.stage_by_hand,
           segment_of(c.watch_percentage, c.registered_at) as segment, c.watch_percentage, c.owner_id, c.engagement_score,
           c.visit_count, c.event_count, c.first_seen, c.last_visit, c.country_code, c.region, c.city, c.referring_domain,
           c.first_touch->>'utm_source'   as utm_source,
           c.first_touch->>'utm_medium'   as utm_medium,
           c.first_touch->>'utm_campaign' as utm_campaign,
           c.first_touch->>'utm_term'     as utm_term,
           c.first_touch->>'utm_content'  as utm_content,
           c.last_touch->>'utm_source'    as utm_source_last,
           c.last_touch->>'utm_medium'    as utm_medium_last,
           c.last_touch->>'utm_campaign'  as utm_campaign_last,
           c.last_touch->>'utm_term'      as utm_term_last,
           c.last_touch->>'utm_content'   as utm_content_last,
           coalesce(c.traits->'referral_code'->>0, c.first_touch->>'referral_code') as referral_code,
           c.registered_at, c.engaged_at, c.offer_viewed_at, c.converted_at, c.lifetime_value::float8 as lifetime_value,
           c.conversion_count, c.merged_into, c.archived_at, c.created_at, c.updated_at`
}
