-- What a workspace knows about its contacts and leads besides what everybody knows, what its people write down, and how they look at lists.

create table custom_fields (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  noun         text not null check (noun in ('contact', 'lead')),
  key          text not null,                         -- never another one: answers, addresses and rules name it
  label        text not null,
  type         text not null,                         -- a word of FIELD_TYPES in shared/custom-fields.ts; never another one
  options      jsonb not null default '[]',           -- of a select: [{key, label}]
  is_required  boolean not null default false,
  position     int not null,
  archived_at  timestamptz,                           -- not offered any more; what is there stays
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index custom_fields_by_key on custom_fields (workspace_id, noun, key);
select protect('custom_fields');

-- {key: value}. `own_custom` is what was said about the contact itself (null: that there is none); `custom` has what those say who are part
-- of it where it says nothing itself (server/contacts/custom.ts).
alter table contacts
  add column own_custom jsonb not null default '{}',
  add column custom     jsonb not null default '{}';
alter table leads add column custom jsonb not null default '{}';

-- The same once more, a row for each value, by which lists are filtered and sorted: behind row level security no index is used for an
-- expression. Derived (server/fields/index-values.ts); merged contacts have none.
create table contact_values (
  workspace_id int not null,
  field_id     int not null,
  contact_id   int not null,
  n            int not null,                          -- the first is 1; a select of several has more
  word         text collate "C",                      -- in lower case, the first 500 characters
  number       float8,                                -- of yes or no 1 or 0
  primary key (workspace_id, field_id, contact_id, n),
  foreign key (workspace_id, field_id) references custom_fields (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_values_by_word   on contact_values (workspace_id, field_id, word, contact_id) where word is not null;
create index contact_values_by_number on contact_values (workspace_id, field_id, number, contact_id) where number is not null;
create index contact_values_of        on contact_values (workspace_id, contact_id);
select protect('contact_values');

create table lead_values (
  workspace_id int not null,
  field_id     int not null,
  lead_id      bigint not null,
  n            int not null,
  word         text collate "C",
  number       float8,
  primary key (workspace_id, field_id, lead_id, n),
  foreign key (workspace_id, field_id) references custom_fields (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index lead_values_by_word   on lead_values (workspace_id, field_id, word, lead_id) where word is not null;
create index lead_values_by_number on lead_values (workspace_id, field_id, number, lead_id) where number is not null;
create index lead_values_of        on lead_values (workspace_id, lead_id);
select protect('lead_values');

-- What people write about somebody. One on a lead is on its contact too.
create table notes (
  workspace_id int not null,
  id           int generated always as identity,
  contact_id   int not null,
  lead_id      bigint,
  body         text not null,
  words        text generated always as (lower(body)) stored,
  author       jsonb not null,                        -- an actor
  pinned_at    timestamptz,
  edited_at    timestamptz,
  deleted_at   timestamptz,                           -- can be taken back
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index notes_of_contact on notes (workspace_id, contact_id, id desc);
create index notes_of_lead    on notes (workspace_id, lead_id, id desc) where lead_id is not null;
create index notes_words      on notes using gin (workspace_id, words gin_trgm_ops) where deleted_at is null;
select protect('notes');

-- Lists as somebody looks at them: what stands behind the ? of the address, under a name.
create table views (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  screen       text not null check (screen in ('contacts', 'leads', 'appointments')),
  name         text not null,
  state        jsonb not null,
  is_shared    boolean not null,                      -- with everybody in the workspace; otherwise only its maker sees it
  created_by   int references users on delete set null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('views');

-- With which of them a screen opens for somebody.
create table view_defaults (
  workspace_id int not null,
  user_id      int not null references users on delete cascade,
  screen       text not null,
  view_id      int not null,
  primary key (workspace_id, user_id, screen),
  foreign key (workspace_id, view_id) references views (workspace_id, id) on delete cascade
);
create index view_defaults_of_view on view_defaults (workspace_id, view_id);
select protect('view_defaults');

grant select (custom) on leads to throughline_reader;
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
         lifetime_value, created_at, updated_at, conversion_count, custom
    from public.contacts
   where merged_into is null;

create or replace view reporting.leads with (security_invoker = true) as
  select l.id, l.workspace_id, c.whole_id as contact_id, l.webhook_id, w.name as webhook, l.provider_id,
         l.lead_type, l.pipeline_id, l.status, l.kind, l.status_changed_at, l.priority, l.assigned_to, l.assigned_at, l.follow_up_at,
         l.contact_attempts, l.score, l.revenue_potential, l.lost_reason, l.source, l.subsource, l.campaign_id, l.campaign,
         l.utm_source, l.utm_medium, l.utm_campaign, l.utm_term, l.utm_content, l.referrer, l.landing_page, l.product,
         l.street, l.city, l.state, l.zip_code, l.country, l.fields, l.consent, l.consent_text, l.tcpa_text, l.trustedform_cert_url,
         l.jornaya_lead_id, l.ip, l.user_agent, l.distinct_id, l.external_id, l.first_name, l.last_name, l.email, l.phone,
         l.conversion_id, l.conversion_count, l.conversion_value, l.converted_at, l.closed_at, l.created_at, l.updated_at, l.custom
    from public.leads l
    left join public.contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
    left join public.intake_webhooks w on w.workspace_id = l.workspace_id and w.id = l.webhook_id
   where not l.is_test;
