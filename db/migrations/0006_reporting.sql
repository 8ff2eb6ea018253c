-- What is computed at read, and the schema that people query in SQL.

-- How much of the video somebody saw, in a word. A no-show is one who registered and after a day has seen nothing.
create function segment_of(watch_percentage smallint, registered_at timestamptz) returns text language sql stable parallel safe as $$
  select case
           when watch_percentage >= 75 then 'hot'
           when watch_percentage >= 50 then 'engaged'
           when watch_percentage >= 25 then 'sampler'
           when watch_percentage >= 1  then 'skimmer'
           when registered_at < now() - interval '24 hours' then 'no_show'
         end
$$;

-- {key: [value, ms]} -> {key: value}, without what was taken back and without the fields that have a column of their own.
create function properties_of(traits jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(key, value->0), '{}')
    from jsonb_each(traits)
   where value->0 <> 'null'
     and key not in ('email', 'phone', 'user_id', 'name', 'first_name', 'last_name', 'age', 'gender', 'address')
$$;

-- What a filter of the contact list collects when it matches rarely (server/contacts/list.ts). Without the sort's column, so
-- that equal values share their entries: some 7 MB each at a million contacts.
create index contacts_by_stage   on contacts (workspace_id, stage) where merged_into is null;
create index contacts_by_country on contacts (workspace_id, country_code) where merged_into is null;
create index contacts_by_user_id on contacts (workspace_id, user_id) where merged_into is null;

-- For `/ready`.
grant select on migrations to throughline_system;

-- The walls around the queries of people. They run as throughline_reader, which
--   * has rights to the views below and to what they read, and to nothing else: no users, sessions, key hashes or links;
--   * sees the rows of the one workspace in app.workspace_id: the views are security_invoker, so row level security holds;
--   * cannot name another workspace inside of a query: `set` is a statement of its own, and set_config() is taken away here.
-- The last one needs a superuser to migrate (the embedded database has one). Elsewhere a query could call set_config(), so
-- `throughline sql` is for those who may see the whole database there. Whoever runs a query sends one statement, read-only.
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant execute on function pg_catalog.set_config(text, text, boolean) to %I, throughline_app, throughline_system', current_user);
    revoke execute on function pg_catalog.set_config(text, text, boolean) from public;
  end if;
end
$$;

create schema reporting;
grant usage on schema reporting to throughline_reader;
grant select (id, name, country, time_zone, currency, created_at) on workspaces to throughline_reader;
grant select on contacts, visitors, events to throughline_reader;

create view reporting.workspaces with (security_invoker = true) as
  select id, name, country, time_zone, currency, 0::bigint as total_conversions, 0::numeric(18, 2) as total_revenue, created_at
    from public.workspaces;

create view reporting.contacts with (security_invoker = true) as
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
         lifetime_value, created_at, updated_at
    from public.contacts
   where merged_into is null;

create view reporting.visitors with (security_invoker = true) as
  select v.id, v.workspace_id, v.distinct_id, v.kind, coalesce(c.name, v.traits->'name'->>0) as name, v.contact_id,
         coalesce(v.person_id, v.id) as person_id, v.owner_id, v.first_seen, v.last_visit, v.visit_count, v.event_count,
         v.country_code, v.region, v.city, v.referring_domain,
         v.first_touch->>'utm_source' as utm_source, v.first_touch->>'utm_medium' as utm_medium, v.first_touch->>'utm_campaign' as utm_campaign,
         v.engagement_score, v.is_bot
    from public.visitors v
    left join public.contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id;

create view reporting.contacts_visitors with (security_invoker = true) as
  select workspace_id, contact_id, id as visitor_id, distinct_id
    from public.visitors
   where contact_id is not null;

-- An event keeps its visitor for ever; whose it is now is read through the visitor.
create view reporting.events with (security_invoker = true) as
  select e.id, e.workspace_id, e.event, e.message_id, v.distinct_id, e.visitor_id, v.contact_id, e.session_id,
         e.occurred_at, e.received_at, e.is_bot, e.properties, e.context
    from public.events e
    join public.visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id;

create view reporting.contact_events with (security_invoker = true) as
  select e.id, e.workspace_id, v.contact_id, e.event as event_type, e.properties->>'funnel_id' as funnel_project_id,
         e.properties->>'page_id' as page_id, e.properties as metadata, e.occurred_at as "timestamp"
    from public.events e
    join public.visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
   where v.contact_id is not null;

-- `date('now')` and `date(created_at)` are PostgreSQL's own; with modifiers ('+7 days', '-1 month', 'start of month') it is
-- the dialect that people know from SQLite.
create function reporting.date(moment text, variadic modifiers text[]) returns date language plpgsql stable as $$
declare
  result   timestamp := moment::timestamptz;
  modifier text;
begin
  foreach modifier in array modifiers loop
    if modifier ~* '^\s*start of (day|month|year)\s*$' then
      result := date_trunc(lower(trim(regexp_replace(modifier, '^\s*start of', '', 'i'))), result);
    else
      result := result + modifier::interval;
    end if;
  end loop;
  return result::date;
end
$$;

grant select on all tables in schema reporting to throughline_reader;
