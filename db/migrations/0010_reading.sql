-- Lists at a million rows (docs/decisions/0015-lists-at-a-million-rows.md). Writes every contact anew: some ten seconds for a million.

drop index contacts_by_created, contacts_by_last_visit, contacts_by_name, contacts_by_email, contacts_by_stage, contacts_by_country,
           contacts_by_user_id;
alter table contacts
  add column is_member boolean generated always as (user_id is not null) stored,
  add column whole_id  int     generated always as (case when merged_into is null then id else merged_into end) stored; -- the one that is left

-- The orders of the list. Each carries what the list filters by, so that a walk along it reads a hundredth of the pages that the contacts
-- themselves are on.
create index contacts_by_created    on contacts (workspace_id, created_at desc, id desc)
  include (stage, is_member, country_code) where merged_into is null;
create index contacts_by_last_visit on contacts (workspace_id, last_visit desc nulls last, id desc)
  include (stage, is_member, country_code) where merged_into is null;
create index contacts_by_name       on contacts (workspace_id, name, id)
  include (stage, is_member, country_code) where merged_into is null;
create index contacts_by_email      on contacts (workspace_id, email, id)
  include (stage, is_member, country_code) where merged_into is null;

-- Its filters, each with the others: who matches all of them is known without a look at the contacts.
create index contacts_by_stage   on contacts (workspace_id, stage)
  include (id, is_member, country_code) where merged_into is null;
create index contacts_by_member  on contacts (workspace_id, is_member)
  include (id, stage, country_code) where merged_into is null;
create index contacts_by_country on contacts (workspace_id, country_code)
  include (id, stage, is_member) where merged_into is null;

-- What was made for a contact is found by the one that it is part of now: a column, because behind row level security no index is used for
-- coalesce() of two.
create index contacts_by_whole on contacts (workspace_id, whole_id);

-- An index answers alone only for pages that were vacuumed since they changed: by default 200,000 of a million contacts change first.
alter table contacts set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- Queries that people write name no workspace. The server's policy allows for a list of them, and that takes no index; the reader sees one,
-- and a plain comparison does.
create or replace function protect(table_name regclass, tenant text default 'workspace_id') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('alter table %s force row level security', table_name);
  execute format(
    'create policy tenant on %s to throughline_app using ('
    '%2$I = nullif(current_setting(''app.workspace_id'', true), '''')::int '
    'or %2$I::text = any(string_to_array(current_setting(''app.workspaces'', true), '','')))', table_name, tenant);
  execute format(
    'create policy reader on %s to throughline_reader using ('
    '%2$I = nullif(current_setting(''app.workspace_id'', true), '''')::int)', table_name, tenant);
  execute format('create policy everything on %s to throughline_system using (true)', table_name);
  execute format('grant select, insert, update, delete on %s to throughline_app, throughline_system', table_name);
end
$$;
do $$
declare
  one record;
begin
  for one in select polrelid::regclass as name, case polrelid when 'workspaces'::regclass then 'id' else 'workspace_id' end as tenant
               from pg_policy
              where polname = 'tenant' loop
    execute format('alter policy tenant on %s to throughline_app', one.name);
    execute format(
      'create policy reader on %s to throughline_reader using ('
      '%2$I = nullif(current_setting(''app.workspace_id'', true), '''')::int)', one.name, one.tenant);
  end loop;
end
$$;

-- The views that look for what was made for a contact, and for what happened to something. `offset 0` makes a column of what is cast: a
-- cast might leak, so no index is used for a comparison with it.
create or replace view reporting.leads with (security_invoker = true) as
  select l.id, l.workspace_id, c.whole_id as contact_id, l.webhook_id, w.name as webhook, l.provider_id,
         l.lead_type, l.pipeline_id, l.status, l.kind, l.status_changed_at, l.priority, l.assigned_to, l.assigned_at, l.follow_up_at,
         l.contact_attempts, l.score, l.revenue_potential, l.lost_reason, l.source, l.subsource, l.campaign_id, l.campaign,
         l.utm_source, l.utm_medium, l.utm_campaign, l.utm_term, l.utm_content, l.referrer, l.landing_page, l.product,
         l.street, l.city, l.state, l.zip_code, l.country, l.fields, l.consent, l.consent_text, l.tcpa_text, l.trustedform_cert_url,
         l.jornaya_lead_id, l.ip, l.user_agent, l.distinct_id, l.external_id, l.first_name, l.last_name, l.email, l.phone,
         l.conversion_id, l.conversion_count, l.conversion_value, l.converted_at, l.closed_at, l.created_at, l.updated_at
    from public.leads l
    left join public.contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
    left join public.intake_webhooks w on w.workspace_id = l.workspace_id and w.id = l.webhook_id
   where not l.is_test;

create or replace view reporting.lead_events with (security_invoker = true) as
  select a.id, a.workspace_id, l.id as lead_id, c.whole_id as contact_id, a.action as event_type, a.actor, a.before, a.after,
         a.at as "timestamp"
    from public.leads l
   cross join lateral (select l.id::text as id offset 0) s
    join public.activities a on a.workspace_id = l.workspace_id and a.subject_id = s.id and a.action like 'lead.%'
    left join public.contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
   where not l.is_test;

create or replace view reporting.appointments with (security_invoker = true) as
  select a.id, a.workspace_id, c.whole_id as contact_id, a.lead_id, a.type, a.scheduled_at, a.duration_minutes,
         a.ends_at, a.time_zone, a.place, a.location, a.assigned_to, a.status, a.notes, a.customer_notes, a.estimated_value, a.outcome,
         a.next_step, a.next_step_at, a.source, a.product, a.reschedule_count, a.cancel_reason, a.confirmed_at, a.ended_at,
         a.created_at, a.updated_at
    from public.appointments a
    left join public.contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
   where a.status <> 'held' and not a.is_test;

create or replace view reporting.appointment_events with (security_invoker = true) as
  select e.id, e.workspace_id, a.id as appointment_id, a.lead_id, c.whole_id as contact_id, e.action as event_type, e.actor, e.before,
         e.after, e.at as "timestamp"
    from public.appointments a
   cross join lateral (select a.id::text as id offset 0) s
    join public.activities e on e.workspace_id = a.workspace_id and e.subject_id = s.id and e.action like 'appointment.%'
    left join public.contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
   where not a.is_test;

-- A conversion is of a contact or, until that is known, of a visitor.
create or replace view reporting.conversions with (security_invoker = true) as
  select n.id, n.workspace_id, c.whole_id as contact_id, n.visitor_id, n.lead_id, n.type,
         n.value, n.value as conversion_value, n.refunded, n.value - n.refunded as revenue, n.currency, n.status, n.source,
         n.order_id, n.booking_id, n.event_id, n.converted_by, n.converted_at, n.data, n.created_at, n.updated_at, n.appointment_id
    from public.conversions n
    left join public.contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
   where n.counts and n.contact_id is not null
   union all
  select n.id, n.workspace_id, v.contact_id, n.visitor_id, n.lead_id, n.type,
         n.value, n.value, n.refunded, n.value - n.refunded, n.currency, n.status, n.source,
         n.order_id, n.booking_id, n.event_id, n.converted_by, n.converted_at, n.data, n.created_at, n.updated_at, n.appointment_id
    from public.conversions n
    left join public.visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
   where n.counts and n.contact_id is null;

create or replace view reporting.conversion_events with (security_invoker = true) as
  select a.id, a.workspace_id, n.id as conversion_id, n.lead_id, c.whole_id as contact_id, a.action as event_type, a.actor, a.before, a.after,
         a.at as "timestamp"
    from public.conversions n
   cross join lateral (select n.id::text as id offset 0) s
    join public.activities a on a.workspace_id = n.workspace_id and a.subject_id = s.id and a.action like 'conversion.%'
    left join public.contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
   where not n.is_test and n.contact_id is not null
   union all
  select a.id, a.workspace_id, n.id, n.lead_id, v.contact_id, a.action, a.actor, a.before, a.after, a.at
    from public.conversions n
   cross join lateral (select n.id::text as id offset 0) s
    join public.activities a on a.workspace_id = n.workspace_id and a.subject_id = s.id and a.action like 'conversion.%'
    left join public.visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
   where not n.is_test and n.contact_id is null;
