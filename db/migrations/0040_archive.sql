-- Whoever is archived is kept whole and stands in no list, segment or count, until they do something or somebody restores them.
alter table contacts add column archived_at timestamptz;

-- Lists walk along those who are not archived, however many are. By an e-mail everybody is found, so it carries who is.
drop index contacts_by_country, contacts_by_created, contacts_by_email, contacts_by_last_visit, contacts_by_member, contacts_by_name,
           contacts_by_segment, contacts_by_stage;
create index contacts_by_country    on contacts (workspace_id, country_code) include (id, stage, is_member)                                  where merged_into is null and archived_at is null;
create index contacts_by_created    on contacts (workspace_id, created_at desc, id desc) include (stage, is_member, country_code)            where merged_into is null and archived_at is null;
create index contacts_by_email      on contacts (workspace_id, email, id) include (stage, is_member, country_code, archived_at)              where merged_into is null;
create index contacts_by_last_visit on contacts (workspace_id, last_visit desc nulls last, id desc) include (stage, is_member, country_code) where merged_into is null and archived_at is null;
create index contacts_by_member     on contacts (workspace_id, is_member) include (id, stage, country_code)                                  where merged_into is null and archived_at is null;
create index contacts_by_name       on contacts (workspace_id, name, id) include (stage, is_member, country_code)                            where merged_into is null and archived_at is null;
create index contacts_by_segment    on contacts (workspace_id, told_segment, segment_since) include (id)                                     where merged_into is null and archived_at is null;
create index contacts_by_stage      on contacts (workspace_id, stage) include (id, is_member, country_code)                                  where merged_into is null and archived_at is null;
create index contacts_archived      on contacts (workspace_id, last_visit desc nulls last, id desc) include (stage, is_member, country_code) where merged_into is null and archived_at is not null;

-- After how many months without anything somebody is archived; null: never.
alter table retention_rules add column archive_months int check (archive_months between 1 and 240);

create or replace view reporting.contacts with (security_invoker = true) as
  select id, workspace_id, email, phone, user_id, user_id is not null as is_member, owner_id,
         name, first_name, last_name, age, gender, address, public.properties_of(traits) as properties,
         stage, public.segment_of(watch_percentage, registered_at) as segment, watch_percentage, engagement_score,
         visit_count, event_count, first_seen, last_visit, last_visit as last_seen,
         country_code, region, city, referring_domain,
         first_touch->>'utm_source'   as utm_source,
         first_touch->>'utm_medium'   as utm_medium,
         first_touch->>'utm_campaign' as utm_campaign,
         first_touch->>'utm_term'     as utm_term,
         first_touch->>'utm_content'  as utm_content,
         last_touch->>'utm_source'    as utm_source_last,
         last_touch->>'utm_medium'    as utm_medium_last,
         last_touch->>'utm_campaign'  as utm_campaign_last,
         last_touch->>'utm_term'      as utm_term_last,
         last_touch->>'utm_content'   as utm_content_last,
         coalesce(traits->'referral_code'->>0, first_touch->>'referral_code') as referral_code,
         registered_at, engaged_at, offer_viewed_at, converted_at, converted_at is not null as converted,
         lifetime_value, created_at, updated_at, conversion_count, custom, archived_at
    from public.contacts
   where merged_into is null;
