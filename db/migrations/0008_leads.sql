-- Leads: where they come in, what they are, what came of them.

-- What a kind of lead has besides what every lead has. Solar, HVAC and insurance come ready (shared/lead-types.ts); here are a workspace's own.
create table lead_types (
  workspace_id int not null references workspaces on delete cascade,
  key          text not null,                     -- 'solar'
  name         text not null,
  fields       jsonb not null default '[]',       -- [{key, label, type, options?}]
  created_at   timestamptz not null default now(),
  primary key (workspace_id, key)
);
select protect('lead_types');

create table pipelines (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  is_default   boolean not null default false,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index pipelines_default on pipelines (workspace_id) where is_default;
select protect('pipelines');

create table pipeline_stages (
  workspace_id int not null,
  pipeline_id  int not null,
  key          text not null,                     -- what a lead's `status` says
  name         text not null,
  position     int not null,
  kind         text not null default 'open' check (kind in ('open', 'won', 'lost')),
  primary key (workspace_id, pipeline_id, key),
  foreign key (workspace_id, pipeline_id) references pipelines (workspace_id, id) on delete cascade
);
select protect('pipeline_stages');

-- Every workspace has a pipeline to begin with; a new one gets it when it is made (server/leads/pipelines.ts).
create function add_first_pipeline(workspace int) returns void language sql as $$
  with made as (
    insert into pipelines (workspace_id, name, is_default) values (workspace, 'Leads', true) returning id
  )
  insert into pipeline_stages (workspace_id, pipeline_id, key, name, position, kind)
  select workspace, made.id, s.key, s.name, s.position, s.kind
    from made,
         (values ('new', 'New', 1, 'open'), ('contacted', 'Contacted', 2, 'open'), ('qualified', 'Qualified', 3, 'open'),
                 ('appointment', 'Appointment', 4, 'open'), ('proposal', 'Proposal', 5, 'open'), ('won', 'Won', 6, 'won'),
                 ('lost', 'Lost', 7, 'lost')) as s(key, name, position, kind)
$$;
select add_first_pipeline(id) from workspaces;

-- Companies that send leads.
create table providers (
  workspace_id     int not null references workspaces on delete cascade,
  provider_id      text collate "C" not null,     -- chosen by the workspace or made
  provider_name    text not null,
  contact_name     text,
  contact_email    text,
  contact_phone    text,
  key_hash         bytea not null,
  key_prefix       text not null,
  active           boolean not null default true,
  allowed_webhooks int[],                         -- null: all of the workspace
  rate_limit       int,                           -- deliveries an hour
  last_used_at     timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, provider_id)
);
select protect('providers');

-- Where leads come in.
create table intake_webhooks (
  workspace_id     int not null references workspaces on delete cascade,
  id               int generated always as identity,
  webhook_id       text collate "C" not null,     -- in the address; says nothing and cannot be guessed
  name             text not null,
  lead_type        text not null,
  active           boolean not null default true,
  format           text not null default 'auto',  -- 'auto', 'generic', 'google_ads', 'meta', 'tiktok', 'linkedin', 'typeform', 'calendly', 'cal_com', 'zapier', 'leadconduit', 'html_form'
  secrets          text,                          -- {name: value} of the format (signing secret, page token, ...), sealed
  require_provider boolean not null default false,
  require_signature boolean not null default false,
  allowed_ips      text[],                        -- addresses and ranges; null: all
  dedupe_scope     text not null default 'workspace' check (dedupe_scope in ('workspace', 'source')),
  dedupe_hours     int not null default 0,        -- the same person again within so many hours is a duplicate; 0: never
  cap_hour         int,
  cap_day          int,
  cap_month        int,
  mapping          jsonb,                         -- {field: rule}; null: the common spellings
  filters          jsonb not null default '[]',   -- [{field, test, value}]: what all must hold, or it is refused
  answer           text not null default 'sync' check (answer in ('fast', 'sync')),
  test_mode        boolean not null default false,
  capture          boolean not null default false, -- keep what comes and make no leads of it, until it is mapped
  source           text,                          -- of leads that name none
  pipeline_id      int,
  default_owner_id int references users on delete set null,
  redirect_url     text,                          -- where a browser goes that posted a form
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  deleted_at       timestamptz,
  primary key (workspace_id, id)
);
-- Looked up before the tenant is known, as `keys`.
create unique index intake_webhooks_by_address on intake_webhooks (webhook_id);
select protect('intake_webhooks');

-- What came, byte for byte, before anybody looked at it. A lead is made of it in a second step, that can be done again.
create table intake_deliveries (
  workspace_id int not null,
  id           bigint generated always as identity,
  webhook_id   int not null,
  provider_id  text,
  received_at  timestamptz not null default now(),
  method       text not null default 'POST',
  content_type text,
  headers      jsonb not null default '{}',       -- without credentials
  ip           inet,
  query        text,
  body         bytea not null,
  format       text,                              -- as which it was understood
  delivery_key text collate "C",                  -- the sender's own id of it: the same again is the same delivery
  is_meeting   boolean not null default false,    -- it came to the address for appointments
  parts        int not null default 1,            -- leads in it
  state        text not null default 'received'
               check (state in ('received', 'fetching', 'accepted', 'duplicate', 'refused', 'quarantined', 'captured', 'ignored')),
  reason       text,                              -- why it is not accepted: one of a closed set
  error        text,                              -- in words
  fields       jsonb,                             -- what is wrong with which field
  lead_id      bigint,                            -- the first one
  contact_id   int,
  appointment_id bigint,
  results      jsonb,                             -- of a delivery with several leads: what became of each
  fetched      jsonb,                             -- {id: {fields} | {error}} of leads that the sender only named
  answered     jsonb,                             -- what the sender was told
  tries        int not null default 0,
  processed_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, webhook_id) references intake_webhooks (workspace_id, id) on delete cascade
);
create unique index intake_deliveries_once       on intake_deliveries (workspace_id, webhook_id, delivery_key) where delivery_key is not null;
create index        intake_deliveries_of_webhook on intake_deliveries (workspace_id, webhook_id, id desc);
create index        intake_deliveries_received   on intake_deliveries (workspace_id, id) where state = 'received';
create index        intake_deliveries_waiting    on intake_deliveries (workspace_id, webhook_id, id) where state in ('quarantined', 'captured');
create index        intake_deliveries_by_state   on intake_deliveries (workspace_id, state, id desc) where state not in ('received', 'accepted');
create index        intake_deliveries_of_provider on intake_deliveries (workspace_id, provider_id, id desc) where provider_id is not null;
create index        intake_deliveries_by_age     on intake_deliveries using brin (received_at) with (pages_per_range = 32);
select protect('intake_deliveries');
grant usage on sequence intake_deliveries_id_seq to throughline_app, throughline_system; -- ids are taken before the insert

-- Counters of caps and rate limits: one row a scope and period, raised in the transaction that counts.
create table intake_counters (
  workspace_id int not null,
  scope        text collate "C" not null,         -- 'webhook 3 day', 'provider acme hour'
  period       timestamptz not null,              -- its beginning
  count        int not null default 0,
  primary key (workspace_id, scope, period)
);
select protect('intake_counters');

create table provider_usage (
  workspace_id int not null,
  provider_id  text collate "C" not null,         -- '' for deliveries without one
  webhook_id   int not null,
  day          date not null,
  received     int not null default 0,
  accepted     int not null default 0,
  duplicates   int not null default 0,
  refused      int not null default 0,            -- caps, filters, wrong input
  limited      int not null default 0,            -- answered 429
  primary key (workspace_id, provider_id, webhook_id, day)
);
create index provider_usage_of_webhook on provider_usage (workspace_id, webhook_id, day);
select protect('provider_usage');

alter table workspaces add column leads_issued bigint not null default 0;
alter table workspaces add column total_conversions bigint not null default 0;
alter table workspaces add column total_revenue numeric(24, 2) not null default 0; -- of conversions in the workspace's currency, less refunds
alter table workspaces add column forwarding boolean not null default true;        -- the master switch of lead forwarding

create table leads (
  workspace_id      int not null,
  id                bigint not null,              -- ten digits, not in sequence (as contact ids)
  contact_id        int not null,                 -- whose it was made for; a merge does not touch it (read through contacts.merged_into)
  webhook_id        int,
  provider_id       text,
  delivery_id       bigint,
  lead_type         text not null,
  pipeline_id       int not null,
  status            text not null,                -- a stage of the pipeline
  kind              text not null default 'open' check (kind in ('open', 'won', 'lost')), -- of that stage
  status_changed_at timestamptz not null default now(),
  position          float8 not null default 0,    -- on the board, within its column
  priority          smallint not null default 3 check (priority between 1 and 5), -- 1 is the most urgent
  assigned_to       int references users on delete set null,
  assigned_at       timestamptz,
  follow_up_at      timestamptz,
  contact_attempts  int not null default 0,
  score             int not null default 0,
  revenue_potential numeric(18, 2),
  lost_reason       text,
  source            text,
  subsource         text,
  campaign_id       text,
  campaign          text,
  utm_source        text,
  utm_medium        text,
  utm_campaign      text,
  utm_term          text,
  utm_content       text,
  referrer          text,
  landing_page      text,
  product           text,
  street            text,
  city              text,
  state             text,
  zip_code          text,
  country           text,
  fields            jsonb not null default '{}',  -- of its type, and what no other column has
  consent           boolean,
  consent_text      text,
  tcpa_text         text,
  trustedform_cert_url text,
  jornaya_lead_id   text,
  ip                inet,
  user_agent        text,
  distinct_id       text,
  external_id       text,                         -- of the sender
  first_name        text,                         -- as it was told this time; the contact has what counts
  last_name         text,
  email             text,
  phone             text,
  is_test           boolean not null default false,
  payload           jsonb,                        -- as it came
  conversion_id     bigint,                       -- the first
  conversion_count  int not null default 0,
  conversion_value  numeric(24, 2) not null default 0, -- in the workspace's currency, less refunds
  converted_at      timestamptz,
  closed_at         timestamptz,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, pipeline_id, status) references pipeline_stages (workspace_id, pipeline_id, key)
);
create index leads_of_contact  on leads (workspace_id, contact_id, created_at desc);
create index leads_by_external on leads (workspace_id, webhook_id, external_id) where external_id is not null and webhook_id is not null;
-- The orders of the list (server/leads/list.ts). Most leads are closed and most people ask for open ones, so each but the first is by kind.
create index leads_by_created  on leads (workspace_id, created_at desc, id desc);
create index leads_by_updated  on leads (workspace_id, kind, updated_at desc, id desc);
create index leads_by_follow   on leads (workspace_id, kind, follow_up_at, id) where follow_up_at is not null;
create index leads_by_priority on leads (workspace_id, kind, priority, created_at, id);
create index leads_by_score    on leads (workspace_id, kind, score desc, id desc);
-- Its filters, each with its newest first: what is asked for seldom is found without a walk over what is asked for often. (`case` and
-- not coalesce(): behind row level security no index is used for that.)
create index leads_by_status   on leads (workspace_id, status, created_at desc, id desc);
create index leads_by_kind     on leads (workspace_id, kind, created_at desc, id desc);
create index leads_by_type     on leads (workspace_id, lead_type, created_at desc, id desc);
create index leads_by_assignee on leads (workspace_id, assigned_to, created_at desc, id desc);
create index leads_by_source   on leads (workspace_id, source, created_at desc, id desc) where source is not null;
create index leads_by_campaign on leads (workspace_id, (case when campaign is null then campaign_id else campaign end), created_at desc, id desc);
create index leads_by_product  on leads (workspace_id, product, created_at desc, id desc) where product is not null;
create index leads_by_state    on leads (workspace_id, state, created_at desc, id desc) where state is not null;
create index leads_by_provider on leads (workspace_id, provider_id, created_at desc, id desc) where provider_id is not null;
create index leads_of_webhook  on leads (workspace_id, webhook_id, created_at desc, id desc) where webhook_id is not null;
create index leads_of_tests    on leads (workspace_id, created_at desc, id desc) where is_test;
create index leads_on_board    on leads (workspace_id, pipeline_id, status, position, id);
create index leads_on_own_board on leads (workspace_id, pipeline_id, status, assigned_to, position, id);
select protect('leads');

-- What stands above a column of the board: kept with every lead, as lead_days is, so that a board of a million costs what one of a hundred does.
create table stage_counts (
  workspace_id int not null,
  pipeline_id  int not null,
  status       text not null,
  assigned_to  int not null,                      -- 0: nobody
  leads        int not null default 0,
  revenue_potential numeric(20, 2) not null default 0,
  primary key (workspace_id, pipeline_id, status, assigned_to)
);
select protect('stage_counts');

-- What somebody should do, and what somebody did: a call, an e-mail, a meeting, a note.
create table tasks (
  workspace_id int not null,
  id           bigint generated always as identity,
  contact_id   int,
  lead_id      bigint,
  kind         text not null check (kind in ('call', 'email', 'meeting', 'note', 'todo')),
  title        text not null,
  body         text,
  outcome      text,                              -- of what was done: 'reached', 'no_answer', ...
  assigned_to  int references users on delete set null,
  due_at       timestamptz,
  done_at      timestamptz,                       -- null: to do
  created_by   jsonb not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index tasks_of_lead    on tasks (workspace_id, lead_id, created_at desc) where lead_id is not null;
create index tasks_of_contact on tasks (workspace_id, contact_id, created_at desc) where contact_id is not null;
create index tasks_to_do      on tasks (workspace_id, (case when due_at is null then 'infinity' else due_at end), id) where done_at is null;
create index tasks_of_person  on tasks (workspace_id, assigned_to, (case when due_at is null then 'infinity' else due_at end), id) where done_at is null;
create index tasks_done       on tasks (workspace_id, done_at desc, id desc) where done_at is not null;
select protect('tasks');

-- Who gets a lead. The first rule that matches chooses; its counters are kept under the workspace's lock.
create table assignment_rules (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  position     int not null,
  active       boolean not null default true,
  matches      jsonb not null default '{}',       -- {lead_types, sources, products, webhooks, states, zip_prefixes, countries}: each a list, absent: all
  strategy     text not null check (strategy in ('owner_first', 'weighted', 'least_recent')),
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('assignment_rules');

create table assignment_members (
  workspace_id  int not null,
  rule_id       int not null,
  user_id       int not null references users on delete cascade,
  weight        int not null default 1 check (weight between 1 and 100),
  cap_day       int,
  assigned      bigint not null default 0,
  turn          int not null default 0,           -- of the smooth weighted round robin (server/leads/choose.ts)
  last_at       timestamptz,
  day           date,                             -- of assigned_today, in the workspace's zone
  assigned_today int not null default 0,
  primary key (workspace_id, rule_id, user_id),
  foreign key (workspace_id, rule_id) references assignment_rules (workspace_id, id) on delete cascade
);
select protect('assignment_members');

-- What was won. An order id makes one, a booking one of each type. A refund or a correction changes the row and is an activity.
create table conversions (
  workspace_id int not null,
  id           bigint generated always as identity,
  contact_id   int,                               -- null: of a visitor; it is the contact's when the visitor is
  visitor_id   bigint,
  lead_id      bigint,
  type         text not null,                     -- sale, appointment, qualified, proposal, contract, or one's own
  value        numeric(18, 2) not null default 0,
  refunded     numeric(18, 2) not null default 0,
  currency     text not null,
  status       text not null default 'active' check (status in ('active', 'refunded', 'void')),
  source       text not null check (source in ('api', 'event', 'lead', 'appointment', 'import')),
  order_id     text collate "C",
  booking_id   text collate "C",
  event_id     bigint,
  is_test      boolean not null default false,
  converted_by jsonb not null,                    -- actor
  converted_at timestamptz not null,
  data         jsonb not null default '{}',
  counts       boolean generated always as (status <> 'void' and not is_test) stored, -- in every total
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (contact_id is not null or visitor_id is not null),
  check (refunded between 0 and value),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete set null (lead_id)
);
create unique index conversions_by_order   on conversions (workspace_id, order_id) where order_id is not null;
create unique index conversions_by_event   on conversions (workspace_id, event_id) where event_id is not null;
create index        conversions_of_contact on conversions (workspace_id, contact_id) where contact_id is not null;
create index        conversions_of_visitor on conversions (workspace_id, visitor_id) where visitor_id is not null;
create index        conversions_of_lead    on conversions (workspace_id, lead_id) where lead_id is not null;
create unique index conversions_by_booking on conversions (workspace_id, type, booking_id) where booking_id is not null;
create index        conversions_by_time    on conversions (workspace_id, converted_at desc, id desc);
-- Few of a type, a source or a status lie far apart in time.
create index        conversions_by_type    on conversions (workspace_id, type, converted_at desc, id desc);
create index        conversions_by_source  on conversions (workspace_id, source, converted_at desc, id desc);
create index        conversions_not_active on conversions (workspace_id, status, converted_at desc, id desc) where status <> 'active';
create index        conversions_of_tests   on conversions (workspace_id, converted_at desc, id desc) where is_test;
select protect('conversions');

alter table contacts add column conversion_count int not null default 0;

-- Kept by whoever writes a lead or a conversion, in the same transaction; `throughline rebuild` makes them again. Test leads do not count.
-- Of the day on which the lead came (in UTC), so that a rate is of one crowd.
create table lead_days (
  workspace_id int not null,
  day          date not null,
  dimension    text collate "C" not null,         -- webhook, source, campaign, provider, assignee, product, state, lead_type
  value        text collate "C" not null,         -- '' when it is not known
  leads        int not null default 0,
  converted    int not null default 0,            -- leads with a conversion
  revenue      numeric(24, 2) not null default 0, -- in the workspace's currency, less refunds
  seconds      bigint not null default 0,         -- from lead to first conversion, summed; each in whole ones
  primary key (workspace_id, dimension, day, value)
);
select protect('lead_days');

create table conversion_days (
  workspace_id int not null,
  day          date not null,                     -- of converted_at, in UTC
  type         text collate "C" not null,
  currency     text collate "C" not null,
  conversions  int not null default 0,
  revenue      numeric(24, 2) not null default 0, -- less refunds
  refunded     numeric(24, 2) not null default 0,
  primary key (workspace_id, day, type, currency)
);
select protect('conversion_days');

-- Which leads go on to partners: the first rules in order, all that match, each to its endpoints (server/webhooks/), where they are
-- signed, tried again and logged as everything else that goes out.
create table forwarding_rules (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  position     int not null,
  active       boolean not null default true,
  matches      jsonb not null default '{}',       -- as of assignment_rules
  endpoint_ids int[] not null,
  stop         boolean not null default false,    -- no later rule is looked at
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('forwarding_rules');

create table lead_forwards (
  workspace_id int not null,
  id           bigint generated always as identity,
  lead_id      bigint not null,
  rule_id      int,                               -- null: a person sent it
  endpoint_id  int not null,
  message_id   text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create unique index lead_forwards_once    on lead_forwards (workspace_id, lead_id, endpoint_id);
create index        lead_forwards_of_rule on lead_forwards (workspace_id, rule_id, id desc);
select protect('lead_forwards');

-- What happened to anything that is not a contact: a lead, a conversion, an endpoint.
create index activities_of_subject on activities (workspace_id, subject_id, at desc, id desc) where subject_id is not null;

-- What people query in SQL: what counts, so neither tests nor what was entered by mistake, each with the contact whose it is now.
-- By column where a table holds what must stay out: payloads as they came, hashes of keys, addresses that take leads.
grant select (total_conversions, total_revenue) on workspaces to throughline_reader;
grant select (workspace_id, id, contact_id, webhook_id, provider_id, delivery_id, lead_type, pipeline_id, status, kind, status_changed_at,
              priority, assigned_to, assigned_at, follow_up_at, contact_attempts, score, revenue_potential, lost_reason, source, subsource,
              campaign_id, campaign, utm_source, utm_medium, utm_campaign, utm_term, utm_content, referrer, landing_page, product, street,
              city, state, zip_code, country, fields, consent, consent_text, tcpa_text, trustedform_cert_url, jornaya_lead_id, ip,
              user_agent, distinct_id, external_id, first_name, last_name, email, phone, is_test, conversion_id, conversion_count,
              conversion_value, converted_at, closed_at, created_at, updated_at) on leads to throughline_reader;
grant select (workspace_id, id, name) on intake_webhooks to throughline_reader;
grant select (workspace_id, provider_id, provider_name) on providers to throughline_reader;
grant select (workspace_id, id, at, action, actor, contact_id, visitor_id, subject_id, before, after) on activities to throughline_reader;
grant select on conversions, lead_days, conversion_days, provider_usage to throughline_reader;

drop view reporting.workspaces;
create view reporting.workspaces with (security_invoker = true) as
  select id, name, country, time_zone, currency, total_conversions, total_revenue, created_at
    from public.workspaces;

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
         lifetime_value, created_at, updated_at, conversion_count
    from public.contacts
   where merged_into is null;

-- Outer joins to one row each: whoever asks for none of their columns does not pay for them.
create view reporting.leads with (security_invoker = true) as
  select l.id, l.workspace_id, coalesce(c.merged_into, l.contact_id) as contact_id, l.webhook_id, w.name as webhook, l.provider_id,
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

create view reporting.conversions with (security_invoker = true) as
  select n.id, n.workspace_id, coalesce(c.merged_into, n.contact_id, v.contact_id) as contact_id, n.visitor_id, n.lead_id, n.type,
         n.value, n.value as conversion_value, n.refunded, n.value - n.refunded as revenue, n.currency, n.status, n.source,
         n.order_id, n.booking_id, n.event_id, n.converted_by, n.converted_at, n.data, n.created_at, n.updated_at
    from public.conversions n
    left join public.contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
    left join public.visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
   where n.counts;

-- For questions about many at once: the activities of a million leads are hashed in a few seconds. Behind row level security no index
-- finds those of a single one here (the cast might leak); the API does.
create view reporting.lead_events with (security_invoker = true) as
  select a.id, a.workspace_id, l.id as lead_id, coalesce(c.merged_into, l.contact_id) as contact_id, a.action as event_type,
         a.actor, a.before, a.after, a.at as "timestamp"
    from public.leads l
    join public.activities a on a.workspace_id = l.workspace_id and a.subject_id = l.id::text and a.action like 'lead.%'
    left join public.contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
   where not l.is_test;

create view reporting.conversion_events with (security_invoker = true) as
  select a.id, a.workspace_id, n.id as conversion_id, n.lead_id, coalesce(c.merged_into, n.contact_id, v.contact_id) as contact_id,
         a.action as event_type, a.actor, a.before, a.after, a.at as "timestamp"
    from public.conversions n
    join public.activities a on a.workspace_id = n.workspace_id and a.subject_id = n.id::text and a.action like 'conversion.%'
    left join public.contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
    left join public.visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
   where not n.is_test;

-- Days are in UTC; a lead counts on the day on which it came, whenever it converted.
create view reporting.lead_analytics with (security_invoker = true) as
  select d.workspace_id, d.day, nullif(d.value, '')::int as webhook_id, w.name as webhook, d.leads, d.converted,
         round(d.converted::numeric / nullif(d.leads, 0), 4) as conversion_rate, d.revenue,
         round(d.seconds::numeric / nullif(d.converted, 0)) as seconds_to_conversion
    from public.lead_days d
    left join public.intake_webhooks w on w.workspace_id = d.workspace_id and w.id = nullif(d.value, '')::int
   where d.dimension = 'webhook' and d.leads > 0;

create view reporting.conversion_analytics with (security_invoker = true) as
  select workspace_id, day, type, currency, conversions, revenue, refunded, round(revenue / nullif(conversions, 0), 2) as average_revenue
    from public.conversion_days
   where conversions > 0;

create view reporting.provider_usage_log with (security_invoker = true) as
  select u.workspace_id, u.day, nullif(u.provider_id, '') as provider_id, p.provider_name, u.webhook_id, w.name as webhook,
         u.received, u.accepted, u.duplicates, u.refused, u.limited
    from public.provider_usage u
    left join public.providers p on p.workspace_id = u.workspace_id and p.provider_id = u.provider_id
    left join public.intake_webhooks w on w.workspace_id = u.workspace_id and w.id = u.webhook_id;

grant select on all tables in schema reporting to throughline_reader;
