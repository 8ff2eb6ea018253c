-- The schema as it is now, made by `node bin/schema.js` from a migrated database. The reasons are in db/migrations.

create role throughline_app nologin;
create role throughline_limited nologin;
create role throughline_reader nologin;
create role throughline_system nologin;
create extension btree_gin;
create extension btree_gist;
create extension pg_trgm;

-- kept by the migrations

create table migrations (
  number     int         not null,
  name       text        not null,
  checksum   text        not null,
  applied_at timestamptz not null default now(),
  primary key (number)
);
grant select on migrations to throughline_system;

-- 0001_workspaces.sql

create table organizations (
  id         int         not null generated always as identity,
  name       text        not null,
  created_at timestamptz not null default now(),
  primary key (id)
);
grant select, insert, update on organizations to throughline_system;

create table workspaces (
  id                int           not null generated always as identity,
  organization_id   int           not null,
  name              text          not null,
  country           text          not null default 'US',
  time_zone         text          not null default 'UTC',
  currency          text          not null default 'USD',
  match_keys        text[]        not null default '{user_id,email,phone}',
  allowed_hosts     text[]        not null default '{}',
  contact_salt      bigint        not null default ((random() * (2147483647)::float8))::bigint,
  contacts_issued   bigint        not null default 0,
  created_at        timestamptz   not null default now(),
  updated_at        timestamptz   not null default now(),
  webhook_log_days  int           not null default 30,
  leads_issued      bigint        not null default 0,
  total_conversions bigint        not null default 0,
  total_revenue     numeric(24,2) not null default 0,
  forwarding        boolean       not null default true,
  accepts_from      int[]         not null default '{}'::int[],
  require_totp      boolean       not null default false,
  analytics_denied  boolean       not null default false,
  primary key (id),
  check ((webhook_log_days >= 1) and (webhook_log_days <= 400)),
  foreign key (organization_id) references organizations(id)
);
grant select (id, name, country, time_zone, currency, created_at, total_conversions, total_revenue) on workspaces to throughline_reader;
grant select, insert, update, delete on workspaces to throughline_app, throughline_system;

create table users (
  id            int         not null generated always as identity,
  email         text        not null,
  name          text        not null,
  password_hash text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  totp_secret   text,
  totp_since    timestamptz,
  totp_step     bigint,
  primary key (id),
  unique (email)
);
grant select, insert, update, delete on users to throughline_system;

create table memberships (
  workspace_id int         not null,
  user_id      int         not null,
  role         text        not null,
  created_at   timestamptz not null default now(),
  role_id      int,
  primary key (workspace_id, user_id),
  check ((role = 'custom') = (role_id is not null)),
  check (role = any (array['owner', 'admin', 'manager', 'agent', 'analyst', 'custom'])),
  foreign key (user_id) references users(id) on delete cascade,
  foreign key (workspace_id) references workspaces(id) on delete cascade,
  foreign key (workspace_id, role_id) references roles(workspace_id, id)
);
create index memberships_of_role on memberships (workspace_id, role_id) where (role_id is not null);
create index memberships_of_user on memberships (user_id);
grant select, insert, update, delete on memberships to throughline_app, throughline_system;

create table user_sessions (
  token_hash   bytea       not null,
  user_id      int         not null,
  user_agent   text,
  ip           inet,
  created_at   timestamptz not null default now(),
  seen_at      timestamptz not null default now(),
  expires_at   timestamptz not null,
  id           bigint      not null generated always as identity,
  country_code text,
  method       text        not null default 'password',
  primary key (token_hash),
  check (method = any (array['password', 'oidc'])),
  foreign key (user_id) references users(id) on delete cascade
);
create unique index user_sessions_by_id on user_sessions (id);
create index user_sessions_of_user on user_sessions (user_id);
grant select, insert, update, delete on user_sessions to throughline_system;

create table sign_in_links (
  token_hash bytea       not null,
  purpose    text        not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  user_id    int,
  primary key (token_hash),
  check (purpose = any (array['first_owner', 'new_password', 'second_step'])),
  foreign key (user_id) references users(id) on delete cascade
);
create index sign_in_links_of_user on sign_in_links (user_id);
grant select, insert, delete on sign_in_links to throughline_system;

create table keys (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  kind         text        not null,
  name         text        not null,
  prefix       text        not null,
  key_hash     bytea       not null,
  scopes       text[]      not null default '{}',
  created_by   int,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz,
  expires_at   timestamptz,
  allowed_ips  text[],
  rate_limit   int,
  replaced_by  int,
  last_ip      inet,
  primary key (workspace_id, id),
  check (kind = any (array['write', 'secret'])),
  check (rate_limit > 0),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index keys_by_hash on keys (key_hash);
grant select, insert, update, delete on keys to throughline_app, throughline_system;

create table idempotency_keys (
  workspace_id int         not null,
  key          text        not null,
  request_hash bytea       not null,
  status       int,
  response     text,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, key),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
grant select, insert, update, delete on idempotency_keys to throughline_app, throughline_system;

-- 0002_activities.sql

create table activities (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  at           timestamptz not null default now(),
  action       text        not null,
  actor        jsonb       not null,
  contact_id   int,
  visitor_id   bigint,
  subject_id   text,
  before       jsonb,
  after        jsonb,
  told         boolean     not null default false,
  primary key (workspace_id, id)
);
create index activities_of_action on activities (workspace_id, action collate "C", id desc);
create index activities_of_actor on activities (workspace_id, ((actor ->> 'kind')), ((actor ->> 'id')), id desc) where ((actor ->> 'kind') = any (array['user', 'key']));
create index activities_of_contact on activities (workspace_id, contact_id, at desc, id desc) where (contact_id is not null);
create index activities_of_subject on activities (workspace_id, subject_id, at desc, id desc) where (subject_id is not null);
create index activities_untold on activities (id) where (not told);
grant select (workspace_id, id, at, action, actor, contact_id, visitor_id, subject_id, before, after) on activities to throughline_reader;
grant select, insert on activities to throughline_app;
grant select, insert, update, delete on activities to throughline_system;

-- 0003_people.sql

create table contacts (
  workspace_id     int           not null,
  id               int           not null,
  email            text,
  phone            text,
  user_id          text,
  owner_id         int,
  own_traits       jsonb         not null default '{}',
  traits           jsonb         not null default '{}',
  first_name       text          generated always as ((traits -> 'first_name') ->> 0) stored,
  last_name        text          generated always as ((traits -> 'last_name') ->> 0) stored,
  name             text          generated always as (coalesce(nullif(trim(both from ((coalesce(((traits -> 'first_name') ->> 0), '') || ' ') || coalesce(((traits -> 'last_name') ->> 0), ''))), ''), ((traits -> 'name') ->> 0))) stored,
  gender           text          generated always as ((traits -> 'gender') ->> 0) stored,
  age              int           generated always as ( case when (jsonb_typeof(((traits -> 'age') -> 0)) = 'number') then ((((traits -> 'age') ->> 0))::numeric)::int else null::int end) stored,
  address          jsonb         generated always as ((traits -> 'address') -> 0) stored,
  first_seen       timestamptz,
  last_visit       timestamptz,
  visit_count      int           not null default 0,
  event_count      bigint        not null default 0,
  country_code     text,
  region           text,
  city             text,
  referring_domain text,
  first_touch      jsonb         not null default '{}',
  last_touch       jsonb         not null default '{}',
  watch_percentage smallint      not null default 0,
  registered_at    timestamptz,
  engaged_at       timestamptz,
  offer_viewed_at  timestamptz,
  converted_at     timestamptz,
  stage            text          not null default 'lead',
  lifetime_value   numeric(18,2) not null default 0,
  engagement_score int           not null default 0,
  merged_into      int,
  created_at       timestamptz   not null default now(),
  updated_at       timestamptz   not null default now(),
  conversion_count int           not null default 0,
  is_member        boolean       generated always as (user_id is not null) stored,
  whole_id         int           generated always as ( case when (merged_into is null) then id else merged_into end) stored,
  told_segment     text,
  segment_since    timestamptz,
  own_custom       jsonb         not null default '{}',
  custom           jsonb         not null default '{}',
  own_stage        jsonb,
  stage_by_hand    jsonb,
  archived_at      timestamptz,
  primary key (workspace_id, id),
  foreign key (owner_id) references users(id) on delete set null,
  foreign key (workspace_id) references workspaces(id) on delete cascade,
  foreign key (workspace_id, merged_into) references contacts(workspace_id, id)
) with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.02);
create index contacts_archived on contacts (workspace_id, last_visit desc nulls last, id desc) include (stage, is_member, country_code) where ((merged_into is null) and (archived_at is not null));
create index contacts_by_country on contacts (workspace_id, country_code) include (id, stage, is_member) where ((merged_into is null) and (archived_at is null));
create index contacts_by_created on contacts (workspace_id, created_at desc, id desc) include (stage, is_member, country_code) where ((merged_into is null) and (archived_at is null));
create index contacts_by_email on contacts (workspace_id, email, id) include (stage, is_member, country_code, archived_at) where (merged_into is null);
create index contacts_by_last_visit on contacts (workspace_id, last_visit desc nulls last, id desc) include (stage, is_member, country_code) where ((merged_into is null) and (archived_at is null));
create index contacts_by_member on contacts (workspace_id, is_member) include (id, stage, country_code) where ((merged_into is null) and (archived_at is null));
create index contacts_by_name on contacts (workspace_id, name, id) include (stage, is_member, country_code) where ((merged_into is null) and (archived_at is null));
create index contacts_by_owner on contacts (workspace_id, owner_id, id) where (owner_id is not null);
create index contacts_by_segment on contacts (workspace_id, told_segment, segment_since) include (id) where ((merged_into is null) and (archived_at is null));
create index contacts_by_stage on contacts (workspace_id, stage) include (id, is_member, country_code) where ((merged_into is null) and (archived_at is null));
create index contacts_by_whole on contacts (workspace_id, whole_id);
create index contacts_merged on contacts (workspace_id, merged_into) where (merged_into is not null);
create index contacts_soon_no_show on contacts (registered_at) where ((told_segment is null) and (watch_percentage = 0) and (registered_at is not null) and (merged_into is null));
grant select on contacts to throughline_reader;
grant select, insert, update, delete on contacts to throughline_app, throughline_system;

create table contact_keys (
  workspace_id int         not null,
  scope        text        not null default '',
  kind         text        not null,
  value        text        not null,
  contact_id   int         not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, scope, kind, value),
  check (kind = any (array['user_id', 'email', 'phone'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);
create index contact_keys_of_contact on contact_keys (workspace_id, contact_id);
grant select, insert, update, delete on contact_keys to throughline_app, throughline_system;

create table contact_search (
  workspace_id int  not null,
  contact_id   int  not null,
  words        text not null,
  primary key (workspace_id, contact_id),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);
create index contact_search_words on contact_search using gin (workspace_id, words gin_trgm_ops);
grant select, insert, update, delete on contact_search to throughline_app, throughline_system;

create sequence visitor_ids increment by 1000;
grant usage on visitor_ids to throughline_app, throughline_system;

create table visitors (
  workspace_id         int         not null,
  id                   bigint      not null,
  distinct_id          text        not null,
  kind                 text        not null,
  person_id            bigint,
  contact_id           int,
  owner_id             int,
  first_seen           timestamptz not null,
  last_visit           timestamptz not null,
  event_count          bigint      not null default 0,
  visit_count          int         not null default 0,
  country_code         text,
  region               text,
  city                 text,
  referring_domain     text,
  first_touch          jsonb       not null default '{}',
  last_touch           jsonb       not null default '{}',
  traits               jsonb       not null default '{}',
  watch_percentage     smallint    not null default 0,
  registered_at        timestamptz,
  engaged_at           timestamptz,
  offer_viewed_at      timestamptz,
  converted_at         timestamptz,
  engagement_score     int         not null default 0,
  is_bot               boolean     not null default false,
  created_at           timestamptz not null default now(),
  last_engaged_at      timestamptz,
  last_offer_viewed_at timestamptz,
  primary key (workspace_id, id),
  check (kind = any (array['anonymous', 'user', 'email', 'blocked'])),
  foreign key (owner_id) references users(id) on delete set null,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete set null (contact_id)
) with (fillfactor=70);
create unique index visitors_by_distinct_id on visitors (workspace_id, distinct_id);
create index visitors_by_owner on visitors (workspace_id, owner_id, id) where (owner_id is not null);
create index visitors_of_contact on visitors (workspace_id, contact_id) where (contact_id is not null);
create index visitors_of_person on visitors (workspace_id, person_id) where (person_id is not null);
grant select on visitors to throughline_reader;
grant select, insert, update, delete on visitors to throughline_app, throughline_system;

create table identity_links (
  workspace_id     int         not null,
  id               bigint      not null generated always as identity,
  reason           text        not null,
  outcome          text        not null,
  visitor_id       bigint      not null,
  other_visitor_id bigint,
  contact_id       int,
  forced           boolean     not null default false,
  actor            jsonb       not null,
  message_id       text,
  occurred_at      timestamptz not null,
  repeats          int         not null default 0,
  last_at          timestamptz not null,
  created_at       timestamptz not null default now(),
  revoked_at       timestamptz,
  revoked_by       jsonb,
  reviewed_at      timestamptz,
  primary key (workspace_id, id),
  check ((other_visitor_id is null) <> (contact_id is null)),
  check (outcome = any (array['linked', 'noop', 'refused_two_identified', 'refused_blocked', 'refused_limit'])),
  check (reason = any (array['alias', 'identify', 'event', 'form', 'email_link', 'import', 'manual'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_visitor_id) references visitors(workspace_id, id) on delete cascade,
  foreign key (workspace_id, visitor_id) references visitors(workspace_id, id) on delete cascade
);
create index identity_links_of_contact on identity_links (workspace_id, contact_id) where (contact_id is not null);
create index identity_links_of_other on identity_links (workspace_id, other_visitor_id) where (other_visitor_id is not null);
create index identity_links_of_visitor on identity_links (workspace_id, visitor_id);
create unique index identity_links_once on identity_links (workspace_id, visitor_id, other_visitor_id, contact_id, reason, outcome) nulls not distinct where (revoked_at is null);
create index identity_links_to_review on identity_links (workspace_id, last_at desc, id desc) where ((outcome ~~ 'refused%') and (revoked_at is null) and (reviewed_at is null));
grant select, insert, update, delete on identity_links to throughline_app, throughline_system;

create table contact_merges (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  winner_id    int         not null,
  loser_id     int         not null,
  forced       boolean     not null default false,
  actor        jsonb       not null,
  before       jsonb       not null,
  created_at   timestamptz not null default now(),
  undone_at    timestamptz,
  undone_by    jsonb,
  primary key (workspace_id, id),
  foreign key (workspace_id, loser_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, winner_id) references contacts(workspace_id, id) on delete cascade
);
create index contact_merges_of_loser on contact_merges (workspace_id, loser_id);
create index contact_merges_of_winner on contact_merges (workspace_id, winner_id);
grant select, insert, update, delete on contact_merges to throughline_app, throughline_system;

create table merge_suggestions (
  workspace_id     int         not null,
  id               bigint      not null generated always as identity,
  contact_id       int         not null,
  other_contact_id int         not null,
  reason           text        not null,
  evidence         jsonb       not null default '{}',
  created_at       timestamptz not null default now(),
  decided_at       timestamptz,
  decision         text,
  primary key (workspace_id, id),
  check (contact_id < other_contact_id),
  check (decision = any (array['merged', 'dismissed'])),
  check (reason = any (array['two_keys', 'phone_other_name', 'two_identified'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_contact_id) references contacts(workspace_id, id) on delete cascade
);
create unique index merge_suggestions_once on merge_suggestions (workspace_id, contact_id, other_contact_id);
create index merge_suggestions_open on merge_suggestions (workspace_id, created_at desc, id desc) where (decided_at is null);
grant select, insert, update, delete on merge_suggestions to throughline_app, throughline_system;

-- 0004_events.sql

create table events (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  visitor_id   bigint      not null,
  session_id   uuid,
  occurred_at  timestamptz not null,
  received_at  timestamptz not null default now(),
  event        text        not null,
  message_id   text        not null,
  key_id       int,
  is_bot       boolean     not null default false,
  properties   jsonb       not null default '{}',
  context      jsonb       not null default '{}',
  primary key (workspace_id, id, occurred_at)
) partition by range (occurred_at);
create index events_by_name on events (workspace_id, event, occurred_at desc, id desc) include (visitor_id, is_bot);
create index events_of_visitor on events (workspace_id, visitor_id, occurred_at desc, id desc);
grant select on events to throughline_reader;
grant select, insert, delete on events to throughline_app;
grant select, insert, update, delete on events to throughline_system;

create table message_ids (
  workspace_id int         not null,
  message      uuid        not null,
  received_at  timestamptz not null default now(),
  primary key (workspace_id, message)
);
create index message_ids_by_age on message_ids using brin (received_at) with (pages_per_range='32');
grant select, insert, update, delete on message_ids to throughline_app, throughline_system;

create table sessions (
  workspace_id     int         not null,
  id               uuid        not null,
  visitor_id       bigint      not null,
  started_at       timestamptz not null,
  last_at          timestamptz not null,
  event_count      int         not null default 0,
  page_count       int         not null default 0,
  entry_url        text,
  exit_url         text,
  referring_domain text,
  touch            jsonb       not null default '{}',
  ip               inet,
  user_agent       text,
  browser          text,
  os               text,
  device_type      text,
  country_code     text,
  region           text,
  city             text,
  primary key (workspace_id, id)
) with (fillfactor=70);
create index sessions_of_visitor on sessions (workspace_id, visitor_id, started_at desc) include (id);
grant select, insert, update, delete on sessions to throughline_app, throughline_system;

create table event_counts (
  workspace_id int         not null,
  day          date        not null,
  event        text        not null,
  events       bigint      not null default 0,
  bots         bigint      not null default 0,
  first_at     timestamptz not null,
  last_at      timestamptz not null,
  primary key (workspace_id, day, event)
);
grant select, insert, update, delete on event_counts to throughline_app, throughline_system;

create table event_refusals (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  received_at  timestamptz not null default now(),
  key_id       int,
  code         text        not null,
  message      text        not null,
  body         text,
  primary key (workspace_id, id)
);
grant select, insert, update, delete on event_refusals to throughline_app, throughline_system;

create table daily_salts (
  day  date  not null,
  salt bytea not null,
  primary key (day)
);
grant select, insert, delete on daily_salts to throughline_system;

-- 0005_queue.sql

create table jobs (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  queue        text        not null,
  key          text        not null,
  payload      jsonb       not null default '{}',
  state        text        not null default 'queued',
  attempt      int         not null default 0,
  lost         int         not null default 0,
  run_at       timestamptz not null default now(),
  lease_until  timestamptz,
  lease_token  uuid,
  progress     jsonb,
  error        text,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (workspace_id, id),
  check (state = any (array['queued', 'leased', 'done', 'failed', 'cancelled'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.01);
create index jobs_due on jobs (queue, run_at) where ((finished_at is null) and (lease_token is null));
create index jobs_finished on jobs (finished_at) where (finished_at is not null);
create index jobs_leased on jobs (queue, workspace_id, key) where (state = 'leased');
create index jobs_ready on jobs (queue, workspace_id, key, run_at, id) where (state = 'queued');
grant select, insert, update, delete on jobs to throughline_app, throughline_system;

create table periodic_work (
  name        text        not null,
  next_run_at timestamptz not null default now(),
  lease_until timestamptz,
  lease_token uuid,
  last_run_at timestamptz,
  last_ms     int,
  last_error  text,
  primary key (name)
);
grant select, insert, update on periodic_work to throughline_system;

-- 0007_webhooks.sql

create table event_batches (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  first_event  bigint      not null,
  last_event   bigint      not null,
  from_time    timestamptz not null,
  to_time      timestamptz not null,
  primary key (workspace_id, id)
) with (autovacuum_vacuum_scale_factor=0.01);
create index event_batches_in_turn on event_batches (id);
grant select, insert, update, delete on event_batches to throughline_app, throughline_system;

create table endpoints (
  workspace_id     int         not null,
  id               int         not null generated always as identity,
  name             text        not null,
  url              text        not null,
  events           text[]      not null,
  state            text        not null default 'active',
  paused_by        text,
  paused_reason    text,
  paused_at        timestamptz,
  funnel_id        text,
  filter           jsonb,
  field_map        jsonb,
  headers          text,
  rate_limit       int,
  attempt_schedule text        not null default 'default',
  attempt_delays   int[],
  created_by       int,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  deleted_at       timestamptz,
  purpose          text,
  version          int         not null default 1,
  primary key (workspace_id, id),
  check (attempt_schedule = any (array['default', 'long', 'custom'])),
  check (paused_by = any (array['person', 'gone', 'failing'])),
  check (state = any (array['active', 'paused'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select (workspace_id, id, name, url, events, state) on endpoints to throughline_reader;
grant select, insert, update, delete on endpoints to throughline_app, throughline_system;

create table endpoint_secrets (
  workspace_id int         not null,
  endpoint_id  int         not null,
  id           int         not null generated always as identity,
  secret       text        not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  primary key (workspace_id, endpoint_id, id),
  foreign key (workspace_id, endpoint_id) references endpoints(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on endpoint_secrets to throughline_app, throughline_system;

create table endpoint_turns (
  workspace_id    int         not null,
  endpoint_id     int         not null,
  due_at          timestamptz,
  lease_until     timestamptz,
  lease_token     uuid,
  rate_at         timestamptz,
  failing_since   timestamptz,
  last_success_at timestamptz,
  last_error      text,
  last_error_at   timestamptz,
  primary key (workspace_id, endpoint_id),
  foreign key (workspace_id, endpoint_id) references endpoints(workspace_id, id) on delete cascade
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.01);
create index endpoint_turns_due on endpoint_turns (due_at) where (due_at is not null);
grant select, insert, update, delete on endpoint_turns to throughline_app, throughline_system;

create table webhook_messages (
  workspace_id int         not null,
  id           text        not null,
  origin       text        not null,
  event        text        not null,
  contact_id   int,
  funnel_id    text,
  payload      text        not null,
  occurred_at  timestamptz not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index webhook_messages_of_contact on webhook_messages (workspace_id, contact_id) where (contact_id is not null);
create index webhook_messages_of_event on webhook_messages (workspace_id, event, id);
create unique index webhook_messages_once on webhook_messages (workspace_id, origin, event);
grant select on webhook_messages to throughline_reader;
grant select, insert, update, delete on webhook_messages to throughline_app, throughline_system;

create table deliveries (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  endpoint_id  int         not null,
  message_id   text        not null,
  is_test      boolean     not null default false,
  state        text        not null,
  attempt      int         not null default 0,
  attempts     int         not null default 0,
  run_at       timestamptz not null default now(),
  last_status  int,
  last_error   text,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (workspace_id, id),
  check (state = any (array['queued', 'held', 'delivered', 'failed', 'cancelled'])),
  foreign key (workspace_id, endpoint_id) references endpoints(workspace_id, id) on delete cascade
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02);
create index deliveries_ended on deliveries (workspace_id, state, message_id) where (state = any (array['held', 'failed', 'cancelled']));
create index deliveries_failed on deliveries (workspace_id, endpoint_id, finished_at, id) where ((state = 'failed') and (not is_test));
create index deliveries_held on deliveries (workspace_id, endpoint_id, id) where (state = 'held');
create index deliveries_message on deliveries (workspace_id, message_id);
create unique index deliveries_once on deliveries (workspace_id, endpoint_id, message_id);
create index deliveries_ready on deliveries (workspace_id, endpoint_id, run_at, id) include (attempt) where (state = 'queued');
grant select on deliveries to throughline_reader;
grant select, insert, update, delete on deliveries to throughline_app, throughline_system;

create table delivery_attempts (
  workspace_id     int         not null,
  id               bigint      not null generated always as identity,
  delivery_id      bigint      not null,
  endpoint_id      int         not null,
  number           int         not null,
  at               timestamptz not null,
  ms               int         not null,
  status           int,
  ok               boolean     not null,
  error            text,
  request_headers  jsonb       not null,
  response_headers jsonb,
  response_body    text,
  truncated        boolean     not null default false,
  version          int,
  primary key (workspace_id, delivery_id, id)
);
create index delivery_attempts_by_age on delivery_attempts using brin (at) with (pages_per_range='32');
create index delivery_attempts_of_endpoint on delivery_attempts (workspace_id, endpoint_id, id desc) include (ms, ok);
grant select on delivery_attempts to throughline_reader;
grant select, insert, update, delete on delivery_attempts to throughline_app, throughline_system;

create table endpoint_hours (
  workspace_id int         not null,
  endpoint_id  int         not null,
  hour         timestamptz not null,
  attempts     int         not null default 0,
  successes    int         not null default 0,
  given_up     int         not null default 0,
  primary key (workspace_id, endpoint_id, hour)
);
grant select, insert, update, delete on endpoint_hours to throughline_app, throughline_system;

create table mails (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  to_address   text        not null,
  subject      text        not null,
  body         text        not null,
  about        text,
  state        text        not null default 'queued',
  error        text,
  created_at   timestamptz not null default now(),
  sent_at      timestamptz,
  calendar     text,
  sealed_link  text,
  primary key (workspace_id, id),
  check (state = any (array['queued', 'sent', 'failed', 'kept']))
);
create index mails_by_age on mails (created_at);
create index mails_queued on mails (workspace_id, id) where (state = 'queued');
grant select, insert, update, delete on mails to throughline_app, throughline_system;

-- 0008_leads.sql

create table lead_types (
  workspace_id int         not null,
  key          text        not null,
  name         text        not null,
  fields       jsonb       not null default '[]',
  created_at   timestamptz not null default now(),
  primary key (workspace_id, key),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on lead_types to throughline_app, throughline_system;

create table pipelines (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  is_default   boolean     not null default false,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index pipelines_default on pipelines (workspace_id) where is_default;
grant select, insert, update, delete on pipelines to throughline_app, throughline_system;

create table pipeline_stages (
  workspace_id int  not null,
  pipeline_id  int  not null,
  key          text not null,
  name         text not null,
  position     int  not null,
  kind         text not null default 'open',
  primary key (workspace_id, pipeline_id, key),
  check (kind = any (array['open', 'won', 'lost'])),
  foreign key (workspace_id, pipeline_id) references pipelines(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on pipeline_stages to throughline_app, throughline_system;

create table providers (
  workspace_id     int         not null,
  provider_id      text        not null,
  provider_name    text        not null,
  contact_name     text,
  contact_email    text,
  contact_phone    text,
  key_hash         bytea       not null,
  key_prefix       text        not null,
  active           boolean     not null default true,
  allowed_webhooks int[],
  rate_limit       int,
  last_used_at     timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, provider_id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select (workspace_id, provider_id, provider_name) on providers to throughline_reader;
grant select, insert, update, delete on providers to throughline_app, throughline_system;

create table intake_webhooks (
  workspace_id      int         not null,
  id                int         not null generated always as identity,
  webhook_id        text        not null,
  name              text        not null,
  lead_type         text        not null,
  active            boolean     not null default true,
  format            text        not null default 'auto',
  secrets           text,
  require_provider  boolean     not null default false,
  require_signature boolean     not null default false,
  allowed_ips       text[],
  dedupe_scope      text        not null default 'workspace',
  dedupe_hours      int         not null default 0,
  cap_hour          int,
  cap_day           int,
  cap_month         int,
  mapping           jsonb,
  filters           jsonb       not null default '[]',
  answer            text        not null default 'sync',
  test_mode         boolean     not null default false,
  capture           boolean     not null default false,
  source            text,
  pipeline_id       int,
  default_owner_id  int,
  redirect_url      text,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  deleted_at        timestamptz,
  primary key (workspace_id, id),
  check (answer = any (array['fast', 'sync'])),
  check (dedupe_scope = any (array['workspace', 'source'])),
  foreign key (default_owner_id) references users(id) on delete set null,
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index intake_webhooks_by_address on intake_webhooks (webhook_id);
grant select (workspace_id, id, name) on intake_webhooks to throughline_reader;
grant select, insert, update, delete on intake_webhooks to throughline_app, throughline_system;

create table intake_deliveries (
  workspace_id   int         not null,
  id             bigint      not null generated always as identity,
  webhook_id     int         not null,
  provider_id    text,
  received_at    timestamptz not null default now(),
  method         text        not null default 'POST',
  content_type   text,
  headers        jsonb       not null default '{}',
  ip             inet,
  query          text,
  body           bytea       not null,
  format         text,
  delivery_key   text,
  is_meeting     boolean     not null default false,
  parts          int         not null default 1,
  state          text        not null default 'received',
  reason         text,
  error          text,
  fields         jsonb,
  lead_id        bigint,
  contact_id     int,
  appointment_id bigint,
  results        jsonb,
  fetched        jsonb,
  answered       jsonb,
  tries          int         not null default 0,
  processed_at   timestamptz,
  primary key (workspace_id, id),
  check (state = any (array['received', 'fetching', 'accepted', 'duplicate', 'refused', 'quarantined', 'captured', 'ignored'])),
  foreign key (workspace_id, webhook_id) references intake_webhooks(workspace_id, id) on delete cascade
);
create index intake_deliveries_by_age on intake_deliveries using brin (received_at) with (pages_per_range='32');
create index intake_deliveries_by_state on intake_deliveries (workspace_id, state, id desc) where (state <> all (array['received', 'accepted']));
create index intake_deliveries_of_provider on intake_deliveries (workspace_id, provider_id, id desc) where (provider_id is not null);
create index intake_deliveries_of_webhook on intake_deliveries (workspace_id, webhook_id, id desc);
create unique index intake_deliveries_once on intake_deliveries (workspace_id, webhook_id, delivery_key) where (delivery_key is not null);
create index intake_deliveries_received on intake_deliveries (workspace_id, id) where (state = 'received');
create index intake_deliveries_waiting on intake_deliveries (workspace_id, webhook_id, id) where (state = any (array['quarantined', 'captured']));
grant select, insert, update, delete on intake_deliveries to throughline_app, throughline_system;

create table intake_counters (
  workspace_id int         not null,
  scope        text        not null,
  period       timestamptz not null,
  count        int         not null default 0,
  primary key (workspace_id, scope, period)
);
grant select, insert, update, delete on intake_counters to throughline_app, throughline_system;

create table provider_usage (
  workspace_id int  not null,
  provider_id  text not null,
  webhook_id   int  not null,
  day          date not null,
  received     int  not null default 0,
  accepted     int  not null default 0,
  duplicates   int  not null default 0,
  refused      int  not null default 0,
  limited      int  not null default 0,
  primary key (workspace_id, provider_id, webhook_id, day)
);
create index provider_usage_of_webhook on provider_usage (workspace_id, webhook_id, day);
grant select on provider_usage to throughline_reader;
grant select, insert, update, delete on provider_usage to throughline_app, throughline_system;

create table leads (
  workspace_id         int           not null,
  id                   bigint        not null,
  contact_id           int           not null,
  webhook_id           int,
  provider_id          text,
  delivery_id          bigint,
  lead_type            text          not null,
  pipeline_id          int           not null,
  status               text          not null,
  kind                 text          not null default 'open',
  status_changed_at    timestamptz   not null default now(),
  position             float8        not null default 0,
  priority             smallint      not null default 3,
  assigned_to          int,
  assigned_at          timestamptz,
  follow_up_at         timestamptz,
  contact_attempts     int           not null default 0,
  score                int           not null default 0,
  revenue_potential    numeric(18,2),
  lost_reason          text,
  source               text,
  subsource            text,
  campaign_id          text,
  campaign             text,
  utm_source           text,
  utm_medium           text,
  utm_campaign         text,
  utm_term             text,
  utm_content          text,
  referrer             text,
  landing_page         text,
  product              text,
  street               text,
  city                 text,
  state                text,
  zip_code             text,
  country              text,
  fields               jsonb         not null default '{}',
  consent              boolean,
  consent_text         text,
  tcpa_text            text,
  trustedform_cert_url text,
  jornaya_lead_id      text,
  ip                   inet,
  user_agent           text,
  distinct_id          text,
  external_id          text,
  first_name           text,
  last_name            text,
  email                text,
  phone                text,
  is_test              boolean       not null default false,
  payload              jsonb,
  conversion_id        bigint,
  conversion_count     int           not null default 0,
  conversion_value     numeric(24,2) not null default 0,
  converted_at         timestamptz,
  closed_at            timestamptz,
  created_at           timestamptz   not null default now(),
  updated_at           timestamptz   not null default now(),
  custom               jsonb         not null default '{}',
  primary key (workspace_id, id),
  check (kind = any (array['open', 'won', 'lost'])),
  check ((priority >= 1) and (priority <= 5)),
  foreign key (assigned_to) references users(id) on delete set null,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, pipeline_id, status) references pipeline_stages(workspace_id, pipeline_id, key)
);
create index leads_by_assignee on leads (workspace_id, assigned_to, created_at desc, id desc);
create index leads_by_campaign on leads (workspace_id, ( case when (campaign is null) then campaign_id else campaign end), created_at desc, id desc);
create index leads_by_created on leads (workspace_id, created_at desc, id desc);
create index leads_by_external on leads (workspace_id, external_id, webhook_id) where (external_id is not null);
create index leads_by_follow on leads (workspace_id, kind, follow_up_at, id) where (follow_up_at is not null);
create index leads_by_kind on leads (workspace_id, kind, created_at desc, id desc);
create index leads_by_priority on leads (workspace_id, kind, priority, created_at, id);
create index leads_by_product on leads (workspace_id, product, created_at desc, id desc) where (product is not null);
create index leads_by_provider on leads (workspace_id, provider_id, created_at desc, id desc) where (provider_id is not null);
create index leads_by_score on leads (workspace_id, kind, score desc, id desc);
create index leads_by_source on leads (workspace_id, source, created_at desc, id desc) where (source is not null);
create index leads_by_state on leads (workspace_id, state, created_at desc, id desc) where (state is not null);
create index leads_by_status on leads (workspace_id, status, created_at desc, id desc);
create index leads_by_type on leads (workspace_id, lead_type, created_at desc, id desc);
create index leads_by_updated on leads (workspace_id, kind, updated_at desc, id desc);
create index leads_of_contact on leads (workspace_id, contact_id, created_at desc);
create index leads_of_tests on leads (workspace_id, created_at desc, id desc) where is_test;
create index leads_of_webhook on leads (workspace_id, webhook_id, created_at desc, id desc) where (webhook_id is not null);
create index leads_on_board on leads (workspace_id, pipeline_id, status, "position", id);
create index leads_on_own_board on leads (workspace_id, pipeline_id, status, assigned_to, "position", id);
grant select (workspace_id, id, contact_id, webhook_id, provider_id, delivery_id, lead_type, pipeline_id, status, kind, status_changed_at, priority, assigned_to, assigned_at, follow_up_at, contact_attempts, score, revenue_potential, lost_reason, source, subsource, campaign_id, campaign, utm_source, utm_medium, utm_campaign, utm_term, utm_content, referrer, landing_page, product, street, city, state, zip_code, country, fields, consent, consent_text, tcpa_text, trustedform_cert_url, jornaya_lead_id, ip, user_agent, distinct_id, external_id, first_name, last_name, email, phone, is_test, conversion_id, conversion_count, conversion_value, converted_at, closed_at, created_at, updated_at, custom) on leads to throughline_reader;
grant select, insert, update, delete on leads to throughline_app, throughline_system;

create table stage_counts (
  workspace_id      int           not null,
  pipeline_id       int           not null,
  status            text          not null,
  assigned_to       int           not null,
  leads             int           not null default 0,
  revenue_potential numeric(20,2) not null default 0,
  primary key (workspace_id, pipeline_id, status, assigned_to)
);
grant select, insert, update, delete on stage_counts to throughline_app, throughline_system;

create table tasks (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  contact_id   int,
  lead_id      bigint,
  kind         text        not null,
  title        text        not null,
  body         text,
  outcome      text,
  assigned_to  int,
  due_at       timestamptz,
  done_at      timestamptz,
  created_by   jsonb       not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (kind = any (array['call', 'email', 'meeting', 'note', 'todo'])),
  foreign key (assigned_to) references users(id) on delete set null,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads(workspace_id, id) on delete cascade
);
create index tasks_done on tasks (workspace_id, done_at desc, id desc) where (done_at is not null);
create index tasks_of_contact on tasks (workspace_id, contact_id, created_at desc) where (contact_id is not null);
create index tasks_of_lead on tasks (workspace_id, lead_id, created_at desc) where (lead_id is not null);
create index tasks_of_person on tasks (workspace_id, assigned_to, ( case when (due_at is null) then 'infinity'::timestamptz else due_at end), id) where (done_at is null);
create index tasks_to_do on tasks (workspace_id, ( case when (due_at is null) then 'infinity'::timestamptz else due_at end), id) where (done_at is null);
grant select, insert, update, delete on tasks to throughline_app, throughline_system;

create table assignment_rules (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  position     int         not null,
  active       boolean     not null default true,
  matches      jsonb       not null default '{}',
  strategy     text        not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (strategy = any (array['owner_first', 'weighted', 'least_recent'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on assignment_rules to throughline_app, throughline_system;

create table assignment_members (
  workspace_id   int         not null,
  rule_id        int         not null,
  user_id        int         not null,
  weight         int         not null default 1,
  cap_day        int,
  assigned       bigint      not null default 0,
  turn           int         not null default 0,
  last_at        timestamptz,
  day            date,
  assigned_today int         not null default 0,
  primary key (workspace_id, rule_id, user_id),
  check ((weight >= 1) and (weight <= 100)),
  foreign key (user_id) references users(id) on delete cascade,
  foreign key (workspace_id, rule_id) references assignment_rules(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on assignment_members to throughline_app, throughline_system;

create table conversions (
  workspace_id   int           not null,
  id             bigint        not null generated always as identity,
  contact_id     int,
  visitor_id     bigint,
  lead_id        bigint,
  type           text          not null,
  value          numeric(18,2) not null default 0,
  refunded       numeric(18,2) not null default 0,
  currency       text          not null,
  status         text          not null default 'active',
  source         text          not null,
  order_id       text,
  booking_id     text,
  event_id       bigint,
  is_test        boolean       not null default false,
  converted_by   jsonb         not null,
  converted_at   timestamptz   not null,
  data           jsonb         not null default '{}',
  counts         boolean       generated always as ((status <> 'void') and (not is_test)) stored,
  created_at     timestamptz   not null default now(),
  updated_at     timestamptz   not null default now(),
  appointment_id bigint,
  primary key (workspace_id, id),
  check ((contact_id is not null) or (visitor_id is not null)),
  check ((refunded >= (0)::numeric) and (refunded <= value)),
  check (source = any (array['api', 'event', 'lead', 'appointment', 'import'])),
  check (status = any (array['active', 'refunded', 'void'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads(workspace_id, id) on delete set null (lead_id)
);
create unique index conversions_by_booking on conversions (workspace_id, type, booking_id) where (booking_id is not null);
create unique index conversions_by_event on conversions (workspace_id, event_id) where (event_id is not null);
create unique index conversions_by_order on conversions (workspace_id, order_id) where (order_id is not null);
create index conversions_by_source on conversions (workspace_id, source, converted_at desc, id desc);
create index conversions_by_time on conversions (workspace_id, converted_at desc, id desc);
create index conversions_by_type on conversions (workspace_id, type, converted_at desc, id desc);
create index conversions_not_active on conversions (workspace_id, status, converted_at desc, id desc) where (status <> 'active');
create unique index conversions_of_appointment on conversions (workspace_id, appointment_id, type) where (appointment_id is not null);
create index conversions_of_contact on conversions (workspace_id, contact_id) where (contact_id is not null);
create index conversions_of_lead on conversions (workspace_id, lead_id) where (lead_id is not null);
create index conversions_of_tests on conversions (workspace_id, converted_at desc, id desc) where is_test;
create index conversions_of_visitor on conversions (workspace_id, visitor_id) where (visitor_id is not null);
grant select on conversions to throughline_reader;
grant select, insert, update, delete on conversions to throughline_app, throughline_system;

create table lead_days (
  workspace_id int           not null,
  day          date          not null,
  dimension    text          not null,
  value        text          not null,
  leads        int           not null default 0,
  converted    int           not null default 0,
  revenue      numeric(24,2) not null default 0,
  seconds      bigint        not null default 0,
  primary key (workspace_id, dimension, day, value)
);
grant select on lead_days to throughline_reader;
grant select, insert, update, delete on lead_days to throughline_app, throughline_system;

create table conversion_days (
  workspace_id int           not null,
  day          date          not null,
  type         text          not null,
  currency     text          not null,
  conversions  int           not null default 0,
  revenue      numeric(24,2) not null default 0,
  refunded     numeric(24,2) not null default 0,
  primary key (workspace_id, day, type, currency)
);
grant select on conversion_days to throughline_reader;
grant select, insert, update, delete on conversion_days to throughline_app, throughline_system;

create table forwarding_rules (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  position     int         not null,
  active       boolean     not null default true,
  matches      jsonb       not null default '{}',
  endpoint_ids int[]       not null,
  stop         boolean     not null default false,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on forwarding_rules to throughline_app, throughline_system;

create table lead_forwards (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  lead_id      bigint      not null,
  rule_id      int,
  endpoint_id  int         not null,
  message_id   text        not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads(workspace_id, id) on delete cascade
);
create index lead_forwards_of_rule on lead_forwards (workspace_id, rule_id, id desc);
create unique index lead_forwards_once on lead_forwards (workspace_id, lead_id, endpoint_id);
grant select, insert, update, delete on lead_forwards to throughline_app, throughline_system;

-- 0009_appointments.sql

create table pools (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  strategy     text        not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (strategy = any (array['owner_first', 'weighted', 'least_recent', 'least_loaded'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on pools to throughline_app, throughline_system;

create table pool_members (
  workspace_id  int         not null,
  pool_id       int         not null,
  user_id       int         not null,
  weight        int         not null default 1,
  priority      smallint    not null default 3,
  cap_day       int,
  cap_week      int,
  cap_open      int,
  turn          int         not null default 0,
  assigned      bigint      not null default 0,
  last_at       timestamptz,
  day           date,
  assigned_day  int         not null default 0,
  week          date,
  assigned_week int         not null default 0,
  primary key (workspace_id, pool_id, user_id),
  check ((priority >= 1) and (priority <= 5)),
  check ((weight >= 1) and (weight <= 100)),
  foreign key (user_id) references users(id) on delete cascade,
  foreign key (workspace_id, pool_id) references pools(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on pool_members to throughline_app, throughline_system;

create table appointment_types (
  workspace_id     int         not null,
  key              text        not null,
  name             text        not null,
  description      text,
  duration_minutes int         not null default 60,
  interval_minutes int         not null default 30,
  place            text        not null default 'phone',
  location         text,
  before_minutes   int         not null default 0,
  after_minutes    int         not null default 0,
  notice_minutes   int         not null default 240,
  horizon_days     int         not null default 60,
  confirmation     text        not null default 'automatic',
  hold_minutes     int         not null default 10,
  grace_minutes    int,
  reminders        jsonb       not null default '[{"to": "customer", "before_minutes": 1440}, {"to": "customer", "before_minutes": 60}]',
  pool_id          int,
  address          text,
  is_public        boolean     not null default false,
  position         int         not null default 1,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, key),
  check ((after_minutes >= 0) and (after_minutes <= 1440)),
  check ((before_minutes >= 0) and (before_minutes <= 1440)),
  check (confirmation = any (array['automatic', 'by_hand'])),
  check ((duration_minutes >= 1) and (duration_minutes <= 1440)),
  check ((grace_minutes >= 0) and (grace_minutes <= 10080)),
  check ((hold_minutes >= 1) and (hold_minutes <= 60)),
  check ((horizon_days >= 1) and (horizon_days <= 366)),
  check ((interval_minutes >= 5) and (interval_minutes <= 1440)),
  check ((notice_minutes >= 0) and (notice_minutes <= 525600)),
  check (place = any (array['home', 'office', 'phone', 'video'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade,
  foreign key (workspace_id, pool_id) references pools(workspace_id, id) on delete set null (pool_id)
);
create unique index appointment_types_by_address on appointment_types (address) where (address is not null);
grant select, insert, update, delete on appointment_types to throughline_app, throughline_system;

create table staff (
  workspace_id   int         not null,
  user_id        int         not null,
  time_zone      text        not null,
  bookable       boolean     not null default true,
  before_minutes int         not null default 0,
  after_minutes  int         not null default 0,
  notice_minutes int         not null default 0,
  daily_limit    int,
  feed_hash      bytea,
  busy_url       text,
  busy_host      text,
  busy_read_at   timestamptz,
  busy_tried_at  timestamptz,
  busy_error     text,
  busy_etag      text,
  busy_modified  text,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (workspace_id, user_id),
  check ((after_minutes >= 0) and (after_minutes <= 1440)),
  check ((before_minutes >= 0) and (before_minutes <= 1440)),
  check ((daily_limit >= 1) and (daily_limit <= 1000)),
  check ((notice_minutes >= 0) and (notice_minutes <= 525600)),
  foreign key (user_id) references users(id) on delete cascade,
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index staff_busy_due on staff (busy_tried_at nulls first) where (busy_url is not null);
create unique index staff_by_feed on staff (feed_hash) where (feed_hash is not null);
grant select, insert, update, delete on staff to throughline_app, throughline_system;

create table staff_hours (
  workspace_id int                    not null,
  user_id      int                    not null,
  weekday      smallint               not null,
  opens        time without time zone not null,
  closes       time without time zone not null,
  primary key (workspace_id, user_id, weekday, opens),
  check (opens < closes),
  check ((weekday >= 1) and (weekday <= 7)),
  foreign key (workspace_id, user_id) references staff(workspace_id, user_id) on delete cascade
);
grant select, insert, update, delete on staff_hours to throughline_app, throughline_system;

create table staff_dates (
  workspace_id int                    not null,
  id           bigint                 not null generated always as identity,
  user_id      int                    not null,
  date         date                   not null,
  opens        time without time zone,
  closes       time without time zone,
  primary key (workspace_id, id),
  check (((opens is null) = (closes is null)) and ((opens is null) or (opens < closes))),
  foreign key (workspace_id, user_id) references staff(workspace_id, user_id) on delete cascade
);
create index staff_dates_of_person on staff_dates (workspace_id, user_id, date);
grant select, insert, update, delete on staff_dates to throughline_app, throughline_system;

create table staff_absences (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  user_id      int         not null,
  during       tstzrange   not null,
  reason       text,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, user_id) references staff(workspace_id, user_id) on delete cascade
);
create index staff_absences_of_person on staff_absences using gist (workspace_id, user_id, during);
grant select, insert, update, delete on staff_absences to throughline_app, throughline_system;

create table busy_times (
  workspace_id int       not null,
  id           bigint    not null generated always as identity,
  user_id      int       not null,
  during       tstzrange not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, user_id) references staff(workspace_id, user_id) on delete cascade
);
create index busy_times_of_person on busy_times using gist (workspace_id, user_id, during);
grant select, insert, update, delete on busy_times to throughline_app, throughline_system;

create table appointments (
  workspace_id        int           not null,
  id                  bigint        not null generated always as identity,
  contact_id          int,
  lead_id             bigint,
  type                text          not null default 'consultation',
  scheduled_at        timestamptz   not null,
  duration_minutes    int           not null default 60,
  before_minutes      int           not null default 0,
  after_minutes       int           not null default 0,
  ends_at             timestamptz   not null generated always as (minutes_later(scheduled_at, duration_minutes)) stored,
  during              tstzrange     not null generated always as (tstzrange(minutes_later(scheduled_at, (- before_minutes)), minutes_later(scheduled_at, (duration_minutes + after_minutes)))) stored,
  time_zone           text          not null default 'UTC',
  place               text          not null default 'phone',
  location            text,
  assigned_to         int,
  status              text          not null default 'scheduled',
  notes               text,
  customer_notes      text,
  estimated_value     numeric(18,2),
  outcome             text,
  next_step           text,
  next_step_at        timestamptz,
  blocks              boolean       not null default true,
  held_until          timestamptz,
  uid                 uuid          not null default gen_random_uuid(),
  version             int           not null default 0,
  reschedule_count    int           not null default 0,
  cancel_reason       text,
  booked_by           jsonb         not null default '{"kind": "system"}',
  source              text,
  product             text,
  language            text,
  score               int,
  street              text,
  city                text,
  state               text,
  zip_code            text,
  country             text,
  fields              jsonb         not null default '{}',
  webhook_id          int,
  provider_id         text,
  delivery_id         bigint,
  external_id         text,
  decision_id         bigint,
  origin_workspace_id int,
  origin_id           bigint,
  copy_workspace_id   int,
  copy_id             bigint,
  is_test             boolean       not null default false,
  confirmed_at        timestamptz,
  ended_at            timestamptz,
  created_at          timestamptz   not null default now(),
  updated_at          timestamptz   not null default now(),
  primary key (workspace_id, id),
  exclude using gist (workspace_id with =, assigned_to with =, during with &&) where (blocks and (status = any (array['held', 'pending', 'scheduled', 'confirmed', 'rescheduled']))),
  check ((after_minutes >= 0) and (after_minutes <= 1440)),
  check ((before_minutes >= 0) and (before_minutes <= 1440)),
  check ((contact_id is not null) or (status = 'held')),
  check ((status = 'held') = (held_until is not null)),
  check ((duration_minutes >= 1) and (duration_minutes <= 1440)),
  check (place = any (array['home', 'office', 'phone', 'video'])),
  check (status = any (array['held', 'pending', 'scheduled', 'confirmed', 'completed', 'cancelled', 'no_show', 'rescheduled'])),
  foreign key (assigned_to) references users(id) on delete set null,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id) references workspaces(id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads(workspace_id, id) on delete set null (lead_id)
);
create unique index appointments_by_external on appointments (workspace_id, webhook_id, external_id) where (external_id is not null);
create index appointments_by_status on appointments (workspace_id, status, scheduled_at, id);
create index appointments_by_time on appointments (workspace_id, scheduled_at, id);
create index appointments_by_type on appointments (workspace_id, type, scheduled_at, id);
create index appointments_by_uid on appointments (workspace_id, uid);
create index appointments_held on appointments (held_until) where (status = 'held');
create index appointments_of_contact on appointments (workspace_id, contact_id, scheduled_at desc);
create index appointments_of_lead on appointments (workspace_id, lead_id) where (lead_id is not null);
create unique index appointments_of_origin on appointments (workspace_id, origin_workspace_id, origin_id) where (origin_id is not null);
create index appointments_of_person on appointments (workspace_id, assigned_to, scheduled_at, id);
create index appointments_of_tests on appointments (workspace_id, scheduled_at, id) where is_test;
create index appointments_open_of_person on appointments (workspace_id, assigned_to) where (status = any (array['pending', 'scheduled', 'confirmed', 'rescheduled']));
create index appointments_unended on appointments (workspace_id, type, scheduled_at) where (status = any (array['scheduled', 'confirmed', 'rescheduled']));
grant select on appointments to throughline_reader;
grant select, insert, update, delete on appointments to throughline_app, throughline_system;

create table appointment_reminders (
  workspace_id   int         not null,
  id             bigint      not null generated always as identity,
  appointment_id bigint      not null,
  version        int         not null,
  recipient      text        not null,
  before_minutes int         not null,
  due_at         timestamptz not null,
  state          text        not null default 'waiting',
  reason         text,
  settled_at     timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, appointment_id, recipient, before_minutes, version),
  check (recipient = any (array['customer', 'staff'])),
  check (state = any (array['waiting', 'sent', 'skipped'])),
  foreign key (workspace_id, appointment_id) references appointments(workspace_id, id) on delete cascade
);
create index appointment_reminders_due on appointment_reminders (due_at) where (state = 'waiting');
grant select, insert, update, delete on appointment_reminders to throughline_app, throughline_system;

create table appointment_days (
  workspace_id int           not null,
  day          date          not null,
  dimension    text          not null,
  value        text          not null,
  booked       int           not null default 0,
  completed    int           not null default 0,
  no_show      int           not null default 0,
  cancelled    int           not null default 0,
  won          int           not null default 0,
  won_value    numeric(24,2) not null default 0,
  primary key (workspace_id, dimension, day, value),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on appointment_days to throughline_app, throughline_system;

-- 0011_routing.sql

create table area_lists (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  kind         text        not null,
  entry_count  int         not null default 0,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (kind = any (array['zip', 'zip_prefix', 'state', 'country'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on area_lists to throughline_app, throughline_system;

create table area_list_entries (
  workspace_id int  not null,
  kind         text not null,
  value        text not null,
  list_id      int  not null,
  primary key (workspace_id, kind, value, list_id),
  foreign key (workspace_id, list_id) references area_lists(workspace_id, id) on delete cascade
);
create index area_list_entries_of_list on area_list_entries (workspace_id, list_id, value);
grant select, insert, update, delete on area_list_entries to throughline_app, throughline_system;

create table routing_rules (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  rank         float8      not null,
  name         text        not null,
  active       boolean     not null default true,
  matches      jsonb       not null default '{}',
  target       jsonb       not null,
  fallback     jsonb       not null default '[]',
  needs_free   boolean     not null default true,
  version      int         not null default 1,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (rank > (0)::float8),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index routing_rules_by_rank on routing_rules (workspace_id, rank);
grant select, insert, update, delete on routing_rules to throughline_app, throughline_system;

create table routing_rule_keys (
  workspace_id int    not null,
  dimension    text   not null,
  value        text   not null,
  rank         float8 not null,
  rule_id      int    not null,
  primary key (workspace_id, dimension, value, rank, rule_id),
  foreign key (workspace_id, rule_id) references routing_rules(workspace_id, id) on delete cascade
);
create index routing_rule_keys_of_rule on routing_rule_keys (workspace_id, rule_id);
grant select, insert, update, delete on routing_rule_keys to throughline_app, throughline_system;

create table routing_rule_versions (
  workspace_id int         not null,
  rule_id      int         not null,
  version      int         not null,
  settings     jsonb       not null,
  published_by jsonb       not null,
  published_at timestamptz not null default now(),
  primary key (workspace_id, rule_id, version),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on routing_rule_versions to throughline_app, throughline_system;

create table routing_decisions (
  workspace_id   int         not null,
  id             bigint      not null generated always as identity,
  appointment_id bigint,
  rule_id        int,
  rule_version   int,
  pool_id        int,
  strategy       text,
  step           smallint    not null default 0,
  reason         text        not null,
  target         jsonb       not null,
  candidates     int[]       not null default '{}'::int[],
  excluded       jsonb       not null default '[]',
  inputs         jsonb       not null default '{}',
  actor          jsonb       not null default '{"kind": "system"}',
  at             timestamptz not null default clock_timestamp(),
  primary key (workspace_id, id),
  foreign key (workspace_id, appointment_id) references appointments(workspace_id, id) on delete cascade,
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index routing_decisions_of_appointment on routing_decisions (workspace_id, appointment_id, id);
create index routing_decisions_of_rule on routing_decisions (workspace_id, rule_id, id) where (rule_id is not null);
grant select, insert, update, delete on routing_decisions to throughline_app, throughline_system;

-- 0012_funnels.sql

create table funnels (
  workspace_id  int         not null,
  id            int         not null generated always as identity,
  funnel_id     text        not null,
  name          text        not null,
  goal          text        not null default 'purchase',
  currency      text,
  confirm_email boolean     not null default false,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, id),
  check (goal = any (array['purchase', 'call'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index funnels_by_funnel_id on funnels (workspace_id, funnel_id);
grant select, insert, update, delete on funnels to throughline_app, throughline_system;

create table funnel_pages (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  funnel       int         not null,
  kind         text        not null,
  name         text        not null,
  page_id      text        not null,
  url          text,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (kind = any (array['registration', 'watch', 'enrollment'])),
  foreign key (workspace_id, funnel) references funnels(workspace_id, id) on delete cascade
);
create unique index funnel_pages_by_page_id on funnel_pages (workspace_id, page_id);
create index funnel_pages_of_funnel on funnel_pages (workspace_id, funnel);
grant select, insert, update, delete on funnel_pages to throughline_app, throughline_system;

create table funnel_videos (
  workspace_id     int         not null,
  id               int         not null generated always as identity,
  funnel           int         not null,
  video_id         text        not null,
  title            text        not null,
  duration_seconds int,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  check (duration_seconds > 0),
  foreign key (workspace_id, funnel) references funnels(workspace_id, id) on delete cascade
);
create unique index funnel_videos_by_video_id on funnel_videos (workspace_id, video_id);
create index funnel_videos_of_funnel on funnel_videos (workspace_id, funnel);
grant select, insert, update, delete on funnel_videos to throughline_app, throughline_system;

-- 0013_analytics.sql

create table visitor_funnels (
  workspace_id           int         not null,
  visitor_id             bigint      not null,
  funnel_id              text        not null,
  registration_viewed_at timestamptz,
  registered_at          timestamptz,
  confirmed_at           timestamptz,
  watch_viewed_at        timestamptz,
  started_at             timestamptz,
  watched_25_at          timestamptz,
  watched_50_at          timestamptz,
  watched_75_at          timestamptz,
  watched_100_at         timestamptz,
  offer_viewed_at        timestamptz,
  offer_clicked_at       timestamptz,
  checkout_at            timestamptz,
  watch_percentage       smallint    not null default 0,
  primary key (workspace_id, visitor_id, funnel_id)
);
grant select, insert, update, delete on visitor_funnels to throughline_app, throughline_system;

create table visitor_videos (
  workspace_id     int         not null,
  visitor_id       bigint      not null,
  funnel_id        text        not null,
  video_id         text        not null,
  started_at       timestamptz not null,
  last_at          timestamptz not null,
  watch_percentage smallint    not null default 0,
  seconds_watched  int         not null default 0,
  replays          int         not null default 0,
  primary key (workspace_id, visitor_id, funnel_id, video_id)
);
grant select, insert, update, delete on visitor_videos to throughline_app, throughline_system;

create table person_funnels (
  workspace_id           int         not null,
  funnel_id              text        not null,
  person                 bigint      not null,
  registration_viewed_at timestamptz,
  registered_at          timestamptz,
  confirmed_at           timestamptz,
  viewed_at              timestamptz,
  watched_25_at          timestamptz,
  watched_50_at          timestamptz,
  watched_75_at          timestamptz,
  watched_100_at         timestamptz,
  offer_viewed_at        timestamptz,
  offer_clicked_at       timestamptz,
  checkout_at            timestamptz,
  converted_at           timestamptz,
  watch_percentage       smallint    not null default 0,
  seconds_watched        int         not null default 0,
  replays                int         not null default 0,
  utm_source             text,
  primary key (workspace_id, funnel_id, person)
);
create index person_funnels_by_registration on person_funnels (workspace_id, funnel_id, registered_at, person) where (registered_at is not null);
create index person_funnels_of_person on person_funnels (workspace_id, person);
grant select, insert, update, delete on person_funnels to throughline_app, throughline_system;

create table funnel_analytics (
  workspace_id       int         not null,
  funnel_id          text        not null,
  quarter            timestamptz not null,
  registration_views int         not null default 0,
  registrations      int         not null default 0,
  confirmations      int         not null default 0,
  views              int         not null default 0,
  offer_views        int         not null default 0,
  offer_clicks       int         not null default 0,
  checkouts          int         not null default 0,
  conversions        int         not null default 0,
  of_confirmed       int         not null default 0,
  of_viewed          int         not null default 0,
  of_watched_25      int         not null default 0,
  of_watched_50      int         not null default 0,
  of_watched_75      int         not null default 0,
  of_watched_100     int         not null default 0,
  of_offer_viewed    int         not null default 0,
  of_offer_clicked   int         not null default 0,
  of_checkout        int         not null default 0,
  of_converted       int         not null default 0,
  of_hot_converted   int         not null default 0,
  of_replayed        int         not null default 0,
  percent_0          int         not null default 0,
  percent_1          int         not null default 0,
  percent_10         int         not null default 0,
  percent_20         int         not null default 0,
  percent_25         int         not null default 0,
  percent_30         int         not null default 0,
  percent_40         int         not null default 0,
  percent_50         int         not null default 0,
  percent_60         int         not null default 0,
  percent_70         int         not null default 0,
  percent_75         int         not null default 0,
  percent_80         int         not null default 0,
  percent_90         int         not null default 0,
  percent_100        int         not null default 0,
  sum_percentage     bigint      not null default 0,
  sum_seconds        bigint      not null default 0,
  within_hour        int         not null default 0,
  within_day         int         not null default 0,
  within_week        int         not null default 0,
  within_month       int         not null default 0,
  later              int         not null default 0,
  sum_seconds_to     bigint      not null default 0,
  primary key (workspace_id, funnel_id, quarter)
);
grant select on funnel_analytics to throughline_reader;
grant select, insert, update, delete on funnel_analytics to throughline_app, throughline_system;

create table conversion_quarters (
  workspace_id int           not null,
  funnel_id    text          not null,
  quarter      timestamptz   not null,
  type         text          not null,
  currency     text          not null,
  conversions  int           not null default 0,
  revenue      numeric(24,2) not null default 0,
  refunded     numeric(24,2) not null default 0,
  primary key (workspace_id, funnel_id, quarter, type, currency)
);
grant select on conversion_quarters to throughline_reader;
grant select, insert, update, delete on conversion_quarters to throughline_app, throughline_system;

create table journey_batches (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  first_event  bigint      not null,
  last_event   bigint      not null,
  from_time    timestamptz not null,
  to_time      timestamptz not null,
  primary key (workspace_id, id)
);
grant select, insert, update, delete on journey_batches to throughline_app, throughline_system;

create table moved_people (
  workspace_id int    not null,
  id           bigint not null generated always as identity,
  person       bigint not null,
  primary key (workspace_id, id)
);
grant select, insert, update, delete on moved_people to throughline_app, throughline_system;

-- 0014_segments.sql

create table segments (
  workspace_id  int         not null,
  id            int         not null generated always as identity,
  name          text        not null,
  description   text,
  rule          jsonb       not null,
  contact_count int         not null default 0,
  counted_to    int         default 0,
  uses_time     boolean     not null,
  looked_at     timestamptz not null default now(),
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on segments to throughline_app, throughline_system;

create table segment_members (
  workspace_id int         not null,
  segment_id   int         not null,
  contact_id   int         not null,
  entered_at   timestamptz not null default now(),
  primary key (workspace_id, segment_id, contact_id),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, segment_id) references segments(workspace_id, id) on delete cascade
);
create index segment_members_of_contact on segment_members (workspace_id, contact_id);
grant select, insert, update, delete on segment_members to throughline_app, throughline_system;

create table segment_changes (
  workspace_id int    not null,
  id           bigint not null generated always as identity,
  contact_id   int    not null,
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on segment_changes to throughline_app, throughline_system;

-- 0015_confirmation.sql

create table email_confirmations (
  workspace_id int         not null,
  funnel_id    text        not null,
  email        text        not null,
  contact_id   int         not null,
  asked_at     timestamptz not null default now(),
  mails        smallint    not null default 1,
  confirmed_at timestamptz,
  primary key (workspace_id, funnel_id, email),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);
create index email_confirmations_of_contact on email_confirmations (workspace_id, contact_id);
grant select, insert, update, delete on email_confirmations to throughline_app, throughline_system;

-- 0016_attribution.sql

create table conversion_touches (
  workspace_id   int           not null,
  conversion_id  bigint        not null,
  n              smallint      not null,
  person         bigint        not null,
  funnel_id      text          not null,
  day            date          not null,
  type           text          not null,
  currency       text          not null,
  revenue        numeric(18,2) not null,
  at             timestamptz,
  source         text          not null,
  medium         text          not null,
  campaign       text          not null,
  term           text          not null,
  content        text          not null,
  referrer       text          not null,
  referral_code  text          not null,
  first_touch    numeric(7,6)  not null,
  last_touch     numeric(7,6)  not null,
  linear         numeric(7,6)  not null,
  time_decay     numeric(7,6)  not null,
  position_based numeric(7,6)  not null,
  others         smallint      not null default 0,
  converted_at   timestamptz   not null,
  primary key (workspace_id, conversion_id, n)
);
create index conversion_touches_by_time on conversion_touches (workspace_id, converted_at);
create index conversion_touches_of_person on conversion_touches (workspace_id, person);
grant select, insert, update, delete on conversion_touches to throughline_app, throughline_system;

create table attribution_days (
  workspace_id               int           not null,
  funnel_id                  text          not null,
  dimension                  text          not null,
  day                        date          not null,
  value                      text          not null,
  is_other                   boolean       not null,
  type                       text          not null,
  currency                   text          not null,
  first_touch_conversions    numeric(20,6) not null,
  first_touch_revenue        numeric(30,8) not null,
  last_touch_conversions     numeric(20,6) not null,
  last_touch_revenue         numeric(30,8) not null,
  linear_conversions         numeric(20,6) not null,
  linear_revenue             numeric(30,8) not null,
  time_decay_conversions     numeric(20,6) not null,
  time_decay_revenue         numeric(30,8) not null,
  position_based_conversions numeric(20,6) not null,
  position_based_revenue     numeric(30,8) not null,
  primary key (workspace_id, funnel_id, dimension, day, value, is_other, type, currency)
);
grant select, insert, update, delete on attribution_days to throughline_app, throughline_system;

create table person_sources (
  workspace_id  int         not null,
  person        bigint      not null,
  funnel_id     text        not null,
  day           date        not null,
  viewed        smallint    not null,
  offer_viewed  smallint    not null,
  converted     smallint    not null,
  source        text        not null,
  medium        text        not null,
  campaign      text        not null,
  term          text        not null,
  content       text        not null,
  referrer      text        not null,
  referral_code text        not null,
  others        smallint    not null default 0,
  registered_at timestamptz not null,
  primary key (workspace_id, person, funnel_id)
);
create index person_sources_by_time on person_sources (workspace_id, funnel_id, registered_at desc, person desc);
grant select, insert, update, delete on person_sources to throughline_app, throughline_system;

create table source_days (
  workspace_id int     not null,
  funnel_id    text    not null,
  dimension    text    not null,
  day          date    not null,
  value        text    not null,
  is_other     boolean not null,
  registered   int     not null,
  viewed       int     not null,
  offer_viewed int     not null,
  converted    int     not null,
  primary key (workspace_id, funnel_id, dimension, day, value, is_other)
);
grant select, insert, update, delete on source_days to throughline_app, throughline_system;

-- 0017_dashboards.sql

create table dashboards (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  state        jsonb       not null,
  is_shared    boolean     not null,
  created_by   int,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (created_by) references users(id) on delete set null,
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on dashboards to throughline_app, throughline_system;

-- 0018_reports.sql

create table contact_health (
  workspace_id int         not null,
  counts       jsonb       not null,
  counted_at   timestamptz not null default now(),
  asked_at     timestamptz not null default now(),
  primary key (workspace_id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on contact_health to throughline_app, throughline_system;

create table timings (
  workspace_id int         not null,
  hour         timestamptz not null,
  kind         text        not null,
  bucket       smallint    not null,
  count        bigint      not null,
  primary key (workspace_id, hour, kind, bucket),
  check (kind = any (array['capture', 'latency', 'report', 'load'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on timings to throughline_app, throughline_system;

-- 0019_crm.sql

create table crm_connections (
  workspace_id     int         not null,
  id               int         not null generated always as identity,
  provider         text        not null,
  name             text        not null,
  active           boolean     not null default true,
  adds             text        not null default 'signed_up',
  spam_policy      text        not null default 'review',
  syncs_sustainers boolean     not null default false,
  settings         jsonb       not null default '{}',
  secrets          text,
  token            text,
  token_expires_at timestamptz,
  renewing_until   timestamptz,
  wait_until       timestamptz,
  last_ok_at       timestamptz,
  last_error       text,
  last_error_at    timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  check (adds = any (array['signed_up', 'everybody', 'nobody'])),
  check (provider = any (array['salesforce', 'nationbuilder', 'hubspot', 'activecampaign', 'log', 'none'])),
  check (spam_policy = any (array['review', 'delete'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select (workspace_id, id, provider, name) on crm_connections to throughline_reader;
grant select, insert, update, delete on crm_connections to throughline_app, throughline_system;

create table crm_links (
  workspace_id  int         not null,
  connection_id int         not null,
  contact_id    int         not null,
  external_id   text,
  state         text        not null default 'UserCreated',
  language      text,
  said          jsonb       not null default '{}',
  told          jsonb       not null default '{}',
  due           boolean     not null default true,
  version       int         not null default 1,
  failures      smallint    not null default 0,
  let_go        boolean     not null default false,
  error         text,
  verified_at   timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, connection_id, contact_id),
  unique (workspace_id, connection_id, external_id),
  check (state = any (array['UserCreated', 'RequestAddToSalesforce', 'WroteSalesforceAppUserUid', 'WroteSalesforceErrorToDb', 'LoggedDbFailure'])),
  foreign key (workspace_id, connection_id) references crm_connections(workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);
create index crm_links_by_state on crm_links (workspace_id, connection_id, state, contact_id);
create index crm_links_due on crm_links (workspace_id, connection_id, contact_id) where due;
create index crm_links_of_contact on crm_links (workspace_id, contact_id);
grant select on crm_links to throughline_reader;
grant select, insert, update, delete on crm_links to throughline_app, throughline_system;

create table crm_marks (
  workspace_id int         not null,
  contact_id   int         not null,
  mark         text        not null,
  note         text,
  actor        jsonb       not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, contact_id),
  check (mark = any (array['spam', 'review'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on crm_marks to throughline_app, throughline_system;

create table crm_runs (
  workspace_id       int         not null,
  id                 int         not null generated always as identity,
  kind               text        not null,
  connection_id      int         not null,
  from_connection_id int,
  state              text        not null default 'running',
  settings           jsonb       not null default '{}',
  total              int,
  done               int         not null default 0,
  counts             jsonb       not null default '{}',
  cursor             text,
  error              text,
  actor              jsonb       not null,
  created_at         timestamptz not null default now(),
  started_at         timestamptz,
  started_done       int         not null default 0,
  ended_at           timestamptz,
  seen_at            timestamptz,
  primary key (workspace_id, id),
  check (kind = any (array['validate', 'sustainers', 'load_log'])),
  check (state = any (array['running', 'stopped', 'done', 'failed', 'refused'])),
  foreign key (workspace_id, connection_id) references crm_connections(workspace_id, id) on delete cascade,
  foreign key (workspace_id, from_connection_id) references crm_connections(workspace_id, id) on delete cascade
);
create index crm_runs_from_connection on crm_runs (workspace_id, from_connection_id);
create index crm_runs_of_connection on crm_runs (workspace_id, connection_id, id);
grant select, insert, update, delete on crm_runs to throughline_app, throughline_system;

create table crm_run_members (
  workspace_id int         not null,
  run_id       int         not null,
  contact_id   int         not null,
  old_id       text        not null,
  state        text        not null default 'NotChecked',
  external_id  text,
  message      text,
  checked_at   timestamptz,
  primary key (workspace_id, run_id, contact_id),
  check (state = any (array['NotChecked', 'ScriptFailureLogged', 'RequestedContact', 'OkResponse', 'NotFound', 'UnexpectedResponse', 'WroteSalesforceAppUserUid', 'WroteNotFound', 'WroteUnexpectedResponse', 'DbWriteOkErrorLogged', 'DbWriteNotFoundErrorLogged', 'DbWriteUnexpectedResFailure'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, run_id) references crm_runs(workspace_id, id) on delete cascade
);
create index crm_run_members_by_state on crm_run_members (workspace_id, run_id, state, contact_id);
create index crm_run_members_of_contact on crm_run_members (workspace_id, contact_id);
grant select, insert, update, delete on crm_run_members to throughline_app, throughline_system;

create table crm_log (
  workspace_id  int         not null,
  id            bigint      not null generated always as identity,
  at            timestamptz not null default now(),
  connection_id int,
  provider      text        not null,
  contact_id    int,
  run_id        int,
  operation     text        not null,
  code          text        not null,
  kind          text        not null,
  http_status   int,
  message       text        not null,
  request_id    text,
  fallback_id   text,
  primary key (workspace_id, id),
  unique (workspace_id, fallback_id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index crm_log_by_age on crm_log (at);
create index crm_log_by_time on crm_log (workspace_id, at, id);
create index crm_log_of_connection on crm_log (workspace_id, connection_id, id);
create index crm_log_of_contact on crm_log (workspace_id, contact_id, id);
grant select on crm_log to throughline_reader;
grant select, insert, update, delete on crm_log to throughline_app, throughline_system;

create table crm_sustainers (
  workspace_id  int         not null,
  connection_id int         not null,
  contact_id    int         not null,
  since         timestamptz not null default now(),
  ended_at      timestamptz,
  primary key (workspace_id, connection_id, contact_id),
  foreign key (workspace_id, connection_id) references crm_connections(workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);
create index crm_sustainers_ended on crm_sustainers (workspace_id, connection_id, ended_at, contact_id) where (ended_at is not null);
create index crm_sustainers_now on crm_sustainers (workspace_id, connection_id, since, contact_id) where (ended_at is null);
create index crm_sustainers_of_contact on crm_sustainers (workspace_id, contact_id);
grant select on crm_sustainers to throughline_reader;
grant select, insert, update, delete on crm_sustainers to throughline_app, throughline_system;

create table crm_sustainer_reads (
  workspace_id int     not null,
  run_id       int     not null,
  external_id  text    not null,
  sustains     boolean not null,
  primary key (workspace_id, run_id, external_id),
  foreign key (workspace_id, run_id) references crm_runs(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on crm_sustainer_reads to throughline_app, throughline_system;

create table mailing_lists (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  on_sign_up   boolean     not null default true,
  languages    text[],
  property     text,
  value        text,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index mailing_lists_by_name on mailing_lists (workspace_id, lower(name));
grant select on mailing_lists to throughline_reader;
grant select, insert, update, delete on mailing_lists to throughline_app, throughline_system;

create table mailing_list_members (
  workspace_id int         not null,
  list_id      int         not null,
  email        text        not null,
  contact_id   int,
  source       text        not null,
  joined_at    timestamptz not null default now(),
  left_at      timestamptz,
  primary key (workspace_id, list_id, email),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, list_id) references mailing_lists(workspace_id, id) on delete cascade
);
create index mailing_list_members_by_email on mailing_list_members (workspace_id, email);
create index mailing_list_members_of_contact on mailing_list_members (workspace_id, contact_id);
grant select on mailing_list_members to throughline_reader;
grant select, insert, update, delete on mailing_list_members to throughline_app, throughline_system;

create table crm_subscriptions (
  workspace_id  int         not null,
  connection_id int         not null,
  email         text        not null,
  told_lists    text[]      not null default '{}',
  first_name    text,
  last_name     text,
  due           boolean     not null default true,
  version       int         not null default 1,
  failures      smallint    not null default 0,
  error         text,
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, connection_id, email),
  foreign key (workspace_id, connection_id) references crm_connections(workspace_id, id) on delete cascade
);
create index crm_subscriptions_due on crm_subscriptions (workspace_id, connection_id, email) where due;
grant select, insert, update, delete on crm_subscriptions to throughline_app, throughline_system;

-- 0020_tags.sql

create table tags (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  color        text,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index tags_by_name on tags (workspace_id, lower(name));
grant select on tags to throughline_reader;
grant select, insert, update, delete on tags to throughline_app, throughline_system;

create table contact_tags (
  workspace_id int         not null,
  contact_id   int         not null,
  tag_id       int         not null,
  added_at     timestamptz not null default now(),
  source       text        not null,
  primary key (workspace_id, contact_id, tag_id),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, tag_id) references tags(workspace_id, id) on delete cascade
);
create index contact_tags_of_tag on contact_tags (workspace_id, tag_id, contact_id);
grant select on contact_tags to throughline_reader;
grant select, insert, update, delete on contact_tags to throughline_app, throughline_system;

-- 0021_transfers.sql

create table transfers (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  kind         text        not null,
  name         text        not null,
  step         text        not null,
  state        text        not null,
  settings     jsonb       not null default '{}',
  total        int,
  done         int         not null default 0,
  started_done int         not null default 0,
  counts       jsonb       not null default '{}',
  cursor       text,
  error        text,
  actor        jsonb       not null,
  user_id      int,
  created_at   timestamptz not null default now(),
  started_at   timestamptz,
  ended_at     timestamptz,
  seen_at      timestamptz,
  primary key (workspace_id, id),
  check (kind = any (array['import', 'export', 'bulk', 'hand_over'])),
  check (state = any (array['waiting', 'running', 'done', 'failed', 'refused', 'stopped'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index transfers_by_kind on transfers (workspace_id, kind, id);
create index transfers_unseen on transfers (workspace_id, user_id, id) where ((user_id is not null) and (seen_at is null));
grant select, insert, update, delete on transfers to throughline_app, throughline_system;

-- 0022_sign_in.sql

create table recovery_codes (
  user_id   int   not null,
  code_hash bytea not null,
  primary key (user_id, code_hash),
  foreign key (user_id) references users(id) on delete cascade
);
grant select, insert, delete on recovery_codes to throughline_system;

create table sign_in_tries (
  key         text        not null,
  tries       int         not null default 0,
  tried_at    timestamptz not null default now(),
  waits_until timestamptz,
  primary key (key)
);
create index sign_in_tries_by_age on sign_in_tries (tried_at);
grant select, insert, update, delete on sign_in_tries to throughline_system;

create table user_identities (
  issuer     text        not null,
  subject    text        not null,
  user_id    int         not null,
  created_at timestamptz not null default now(),
  primary key (issuer, subject),
  foreign key (user_id) references users(id) on delete cascade
);
create unique index user_identities_of_user on user_identities (user_id, issuer);
grant select, insert, delete on user_identities to throughline_system;

-- 0023_people.sql

create table roles (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  permissions  jsonb       not null,
  masks        text[]      not null default '{}',
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index roles_by_name on roles (workspace_id, lower(name));
grant select, insert, update, delete on roles to throughline_app, throughline_system;

create table invitations (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  email        text        not null,
  role         text        not null,
  role_id      int,
  token_hash   bytea       not null,
  invited_by   jsonb       not null,
  created_at   timestamptz not null default now(),
  sent_at      timestamptz not null default now(),
  expires_at   timestamptz not null,
  accepted_at  timestamptz,
  withdrawn_at timestamptz,
  primary key (workspace_id, id),
  check ((role = 'custom') = (role_id is not null)),
  foreign key (workspace_id) references workspaces(id) on delete cascade,
  foreign key (workspace_id, role_id) references roles(workspace_id, id)
);
create unique index invitations_by_token on invitations (token_hash);
create index invitations_of_email on invitations (email) where ((accepted_at is null) and (withdrawn_at is null));
create unique index invitations_open on invitations (workspace_id, email) where ((accepted_at is null) and (withdrawn_at is null));
grant select, insert, update, delete on invitations to throughline_app, throughline_system;

create table teams (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index teams_by_name on teams (workspace_id, lower(name));
grant select, insert, update, delete on teams to throughline_app, throughline_system;

create table team_members (
  workspace_id int not null,
  team_id      int not null,
  user_id      int not null,
  primary key (workspace_id, team_id, user_id),
  foreign key (workspace_id, team_id) references teams(workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id) references memberships(workspace_id, user_id) on delete cascade
);
create index team_members_of_user on team_members (workspace_id, user_id);
grant select, insert, update, delete on team_members to throughline_app, throughline_system;

-- 0024_keys_and_audit.sql

create table key_minutes (
  workspace_id int         not null,
  key_id       int         not null,
  minute       timestamptz not null,
  taken        int         not null,
  given        int         not null,
  primary key (workspace_id, key_id),
  foreign key (workspace_id, key_id) references keys(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on key_minutes to throughline_app, throughline_system;

create table audit_chain (
  workspace_id int    not null,
  position     bigint not null,
  activity_id  bigint not null,
  salt         bytea,
  digest       bytea  not null,
  hash         bytea  not null,
  redacted_for int,
  primary key (workspace_id, "position")
);
create unique index audit_chain_of_activity on audit_chain (workspace_id, activity_id);
grant select on audit_chain to throughline_app;
grant select, insert, update, delete on audit_chain to throughline_system;

create table audit_heads (
  workspace_id  int         not null,
  position      bigint      not null default 0,
  hash          bytea       not null default '\x'::bytea,
  earlier_after bigint,
  earlier_until bigint,
  checked_at    timestamptz,
  problem       text,
  primary key (workspace_id)
);
grant select on audit_heads to throughline_app;
grant select, insert, update, delete on audit_heads to throughline_system;

create table audit_checkpoints (
  workspace_id int         not null,
  position     bigint      not null,
  at           timestamptz not null,
  hash         bytea       not null,
  signer       text        not null,
  signature    text        not null,
  primary key (workspace_id, "position")
);
grant select on audit_checkpoints to throughline_app;
grant select, insert, update, delete on audit_checkpoints to throughline_system;

-- 0025_privacy.sql

create table erasures (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  state        text        not null default 'running',
  contact_ids  int[]       not null,
  subject      jsonb,
  total        int,
  done         int         not null default 0,
  started_done int         not null default 0,
  counts       jsonb       not null default '{}',
  cursor       text,
  warning      text,
  error        text,
  reason       text,
  actor        jsonb       not null,
  created_at   timestamptz not null default now(),
  started_at   timestamptz,
  ended_at     timestamptz,
  primary key (workspace_id, id),
  check (state = any (array['running', 'done', 'failed'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index erasures_unfinished on erasures (workspace_id, id) where (state <> 'done');
grant select, insert, update, delete on erasures to throughline_app, throughline_system;

create table erased_values (
  workspace_id int         not null,
  digest       bytea       not null,
  erasure_id   int         not null,
  erased_at    timestamptz not null default now(),
  primary key (workspace_id, digest),
  foreign key (workspace_id, erasure_id) references erasures(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on erased_values to throughline_app, throughline_system;

create table retention_rules (
  workspace_id     int         not null,
  unengaged_months int,
  updated_at       timestamptz not null default now(),
  event_months     int,
  events_before    timestamptz,
  archive_months   int,
  primary key (workspace_id),
  check ((archive_months >= 1) and (archive_months <= 240)),
  check ((event_months >= 1) and (event_months <= 240)),
  check ((unengaged_months >= 1) and (unengaged_months <= 240)),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on retention_rules to throughline_app, throughline_system;

-- 0026_custom_data.sql

create table custom_fields (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  noun         text        not null,
  key          text        not null,
  label        text        not null,
  type         text        not null,
  options      jsonb       not null default '[]',
  is_required  boolean     not null default false,
  position     int         not null,
  archived_at  timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (noun = any (array['contact', 'lead'])),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index custom_fields_by_key on custom_fields (workspace_id, noun, key);
grant select, insert, update, delete on custom_fields to throughline_app, throughline_system;

create table contact_values (
  workspace_id int    not null,
  field_id     int    not null,
  contact_id   int    not null,
  n            int    not null,
  word         text,
  number       float8,
  primary key (workspace_id, field_id, contact_id, n),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, field_id) references custom_fields(workspace_id, id) on delete cascade
);
create index contact_values_by_number on contact_values (workspace_id, field_id, number, contact_id) where (number is not null);
create index contact_values_by_word on contact_values (workspace_id, field_id, word, contact_id) where (word is not null);
create index contact_values_of on contact_values (workspace_id, contact_id);
grant select, insert, update, delete on contact_values to throughline_app, throughline_system;

create table lead_values (
  workspace_id int    not null,
  field_id     int    not null,
  lead_id      bigint not null,
  n            int    not null,
  word         text,
  number       float8,
  primary key (workspace_id, field_id, lead_id, n),
  foreign key (workspace_id, field_id) references custom_fields(workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads(workspace_id, id) on delete cascade
);
create index lead_values_by_number on lead_values (workspace_id, field_id, number, lead_id) where (number is not null);
create index lead_values_by_word on lead_values (workspace_id, field_id, word, lead_id) where (word is not null);
create index lead_values_of on lead_values (workspace_id, lead_id);
grant select, insert, update, delete on lead_values to throughline_app, throughline_system;

create table notes (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  contact_id   int         not null,
  lead_id      bigint,
  body         text        not null,
  words        text        generated always as (lower(body)) stored,
  author       jsonb       not null,
  pinned_at    timestamptz,
  edited_at    timestamptz,
  deleted_at   timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads(workspace_id, id) on delete cascade
);
create index notes_of_contact on notes (workspace_id, contact_id, id desc);
create index notes_of_lead on notes (workspace_id, lead_id, id desc) where (lead_id is not null);
create index notes_words on notes using gin (workspace_id, words gin_trgm_ops) where (deleted_at is null);
grant select, insert, update, delete on notes to throughline_app, throughline_system;

create table views (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  screen       text        not null,
  name         text        not null,
  state        jsonb       not null,
  is_shared    boolean     not null,
  created_by   int,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (screen = any (array['contacts', 'leads', 'appointments'])),
  foreign key (created_by) references users(id) on delete set null,
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
grant select, insert, update, delete on views to throughline_app, throughline_system;

create table view_defaults (
  workspace_id int  not null,
  user_id      int  not null,
  screen       text not null,
  view_id      int  not null,
  primary key (workspace_id, user_id, screen),
  foreign key (user_id) references users(id) on delete cascade,
  foreign key (workspace_id, view_id) references views(workspace_id, id) on delete cascade
);
create index view_defaults_of_view on view_defaults (workspace_id, view_id);
grant select, insert, update, delete on view_defaults to throughline_app, throughline_system;

-- 0027_imports.sql

create table import_rows (
  workspace_id int   not null,
  transfer_id  int   not null,
  row          int   not null,
  cells        jsonb not null,
  problem      text,
  primary key (workspace_id, transfer_id, "row"),
  foreign key (workspace_id, transfer_id) references transfers(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on import_rows to throughline_app, throughline_system;

create table import_results (
  workspace_id int    not null,
  transfer_id  int    not null,
  row          int    not null,
  outcome      text   not null,
  contact_id   int,
  reason       text,
  person       text,
  changes      jsonb,
  reverted     text,
  lead_id      bigint,
  primary key (workspace_id, transfer_id, "row"),
  check (outcome = any (array['created', 'updated', 'unchanged', 'skipped', 'ambiguous', 'failed'])),
  foreign key (workspace_id, transfer_id) references transfers(workspace_id, id) on delete cascade
);
create index import_results_by_outcome on import_results (workspace_id, transfer_id, outcome, "row");
create index import_results_of_contact on import_results (workspace_id, contact_id) where (contact_id is not null);
grant select, insert, update, delete on import_results to throughline_app, throughline_system;

-- 0028_exports_and_bulk.sql

create table export_parts (
  workspace_id int         not null,
  transfer_id  int         not null,
  part         int         not null,
  begins_at    bigint      not null,
  bytes        bytea       not null,
  created_at   timestamptz not null default now(),
  size         int,
  primary key (workspace_id, transfer_id, part),
  foreign key (workspace_id, transfer_id) references transfers(workspace_id, id) on delete cascade
);
create index export_parts_by_age on export_parts (created_at);
grant select, insert, update, delete on export_parts to throughline_app, throughline_system;

create table bulk_rows (
  workspace_id int    not null,
  transfer_id  int    not null,
  position     int    not null,
  record_id    bigint not null,
  state        text   not null default 'waiting',
  reason       text,
  before       jsonb,
  primary key (workspace_id, transfer_id, "position"),
  check (state = any (array['waiting', 'done', 'unchanged', 'refused'])),
  foreign key (workspace_id, transfer_id) references transfers(workspace_id, id) on delete cascade
);
create index bulk_rows_by_state on bulk_rows (workspace_id, transfer_id, state, "position");
grant select, insert, update, delete on bulk_rows to throughline_app, throughline_system;

-- 0029_consents.sql

create table consent_purposes (
  workspace_id int         not null,
  id           int         not null generated always as identity,
  name         text        not null,
  label        text        not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index consent_purposes_by_name on consent_purposes (workspace_id, name);
grant select on consent_purposes to throughline_reader;
grant select, insert, update, delete on consent_purposes to throughline_app, throughline_system;

create table consent_texts (
  workspace_id int         not null,
  purpose_id   int         not null,
  version      text        not null,
  text         text        not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, purpose_id, version),
  foreign key (workspace_id, purpose_id) references consent_purposes(workspace_id, id) on delete cascade
);
grant select, insert, update, delete on consent_texts to throughline_app, throughline_system;

create table consents (
  workspace_id int         not null,
  id           bigint      not null generated always as identity,
  purpose_id   int         not null,
  contact_id   int,
  visitor_id   bigint,
  granted      boolean     not null,
  source       text        not null,
  text_version text,
  said_at      timestamptz not null,
  created_at   timestamptz not null default now(),
  text         text,
  primary key (workspace_id, id),
  check (num_nonnulls(contact_id, visitor_id) = 1),
  check (source = any (array['tracker', 'form', 'api', 'import', 'person'])),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade,
  foreign key (workspace_id, purpose_id) references consent_purposes(workspace_id, id) on delete cascade
);
create index consents_of_contact on consents (workspace_id, contact_id, purpose_id, said_at desc, id desc) where (contact_id is not null);
create index consents_of_visitor on consents (workspace_id, visitor_id, purpose_id, said_at desc, id desc) where (visitor_id is not null);
grant select on consents to throughline_reader;
grant select, insert, update, delete on consents to throughline_app, throughline_system;

-- 0031_sealing.sql

create table sealing (
  is_on      boolean     not null default true,
  key        text        not null,
  created_at timestamptz not null default now(),
  primary key (is_on),
  check (is_on)
);
grant select, insert, update on sealing to throughline_system;

-- 0036_reports.sql

create table filtered_analytics (
  filter             text        not null,
  workspace_id       int         not null,
  funnel_id          text        not null,
  quarter            timestamptz not null,
  registration_views int         not null default 0,
  registrations      int         not null default 0,
  confirmations      int         not null default 0,
  views              int         not null default 0,
  offer_views        int         not null default 0,
  offer_clicks       int         not null default 0,
  checkouts          int         not null default 0,
  conversions        int         not null default 0,
  of_confirmed       int         not null default 0,
  of_viewed          int         not null default 0,
  of_watched_25      int         not null default 0,
  of_watched_50      int         not null default 0,
  of_watched_75      int         not null default 0,
  of_watched_100     int         not null default 0,
  of_offer_viewed    int         not null default 0,
  of_offer_clicked   int         not null default 0,
  of_checkout        int         not null default 0,
  of_converted       int         not null default 0,
  of_hot_converted   int         not null default 0,
  of_replayed        int         not null default 0,
  percent_0          int         not null default 0,
  percent_1          int         not null default 0,
  percent_10         int         not null default 0,
  percent_20         int         not null default 0,
  percent_25         int         not null default 0,
  percent_30         int         not null default 0,
  percent_40         int         not null default 0,
  percent_50         int         not null default 0,
  percent_60         int         not null default 0,
  percent_70         int         not null default 0,
  percent_75         int         not null default 0,
  percent_80         int         not null default 0,
  percent_90         int         not null default 0,
  percent_100        int         not null default 0,
  sum_percentage     bigint      not null default 0,
  sum_seconds        bigint      not null default 0,
  within_hour        int         not null default 0,
  within_day         int         not null default 0,
  within_week        int         not null default 0,
  within_month       int         not null default 0,
  later              int         not null default 0,
  sum_seconds_to     bigint      not null default 0,
  primary key (workspace_id, funnel_id, filter, quarter)
);
grant select, insert, update, delete on filtered_analytics to throughline_app, throughline_system;

-- 0045_endpoint_versions.sql

create table endpoint_versions (
  workspace_id int         not null,
  endpoint_id  int         not null,
  version      int         not null,
  url          text        not null,
  field_map    jsonb,
  replaced_at  timestamptz not null default now(),
  primary key (workspace_id, endpoint_id, version),
  foreign key (workspace_id, endpoint_id) references endpoints(workspace_id, id) on delete cascade
);
grant select (workspace_id, endpoint_id, version, url) on endpoint_versions to throughline_reader;
grant select, insert, update, delete on endpoint_versions to throughline_app, throughline_system;

-- 0003_people.sql

create view contacts_visitors (
  workspace_id int,
  contact_id   int,
  visitor_id   bigint,
  distinct_id  text
) with (security_invoker=true);
grant select on contacts_visitors to throughline_app, throughline_system;

-- 0006_reporting.sql

create view reporting.contacts (
  id                int,
  workspace_id      int,
  email             text,
  phone             text,
  user_id           text,
  is_member         boolean,
  owner_id          int,
  name              text,
  first_name        text,
  last_name         text,
  age               int,
  gender            text,
  address           jsonb,
  properties        jsonb,
  stage             text,
  segment           text,
  watch_percentage  smallint,
  engagement_score  int,
  visit_count       int,
  event_count       bigint,
  first_seen        timestamptz,
  last_visit        timestamptz,
  last_seen         timestamptz,
  country_code      text,
  region            text,
  city              text,
  referring_domain  text,
  utm_source        text,
  utm_medium        text,
  utm_campaign      text,
  utm_term          text,
  utm_content       text,
  utm_source_last   text,
  utm_medium_last   text,
  utm_campaign_last text,
  utm_term_last     text,
  utm_content_last  text,
  referral_code     text,
  registered_at     timestamptz,
  engaged_at        timestamptz,
  offer_viewed_at   timestamptz,
  converted_at      timestamptz,
  converted         boolean,
  lifetime_value    numeric(18,2),
  created_at        timestamptz,
  updated_at        timestamptz,
  conversion_count  int,
  custom            jsonb,
  archived_at       timestamptz
) with (security_invoker=true);
grant select on reporting.contacts to throughline_reader;

create view reporting.visitors (
  id               bigint,
  workspace_id     int,
  distinct_id      text,
  kind             text,
  name             text,
  contact_id       int,
  person_id        bigint,
  owner_id         int,
  first_seen       timestamptz,
  last_visit       timestamptz,
  visit_count      int,
  event_count      bigint,
  country_code     text,
  region           text,
  city             text,
  referring_domain text,
  utm_source       text,
  utm_medium       text,
  utm_campaign     text,
  engagement_score int,
  is_bot           boolean
) with (security_invoker=true);
grant select on reporting.visitors to throughline_reader;

create view reporting.contacts_visitors (
  workspace_id int,
  contact_id   int,
  visitor_id   bigint,
  distinct_id  text
) with (security_invoker=true);
grant select on reporting.contacts_visitors to throughline_reader;

create view reporting.events (
  id           bigint,
  workspace_id int,
  event        text,
  message_id   text,
  distinct_id  text,
  visitor_id   bigint,
  contact_id   int,
  session_id   uuid,
  occurred_at  timestamptz,
  received_at  timestamptz,
  is_bot       boolean,
  properties   jsonb,
  context      jsonb
) with (security_invoker=true);
grant select on reporting.events to throughline_reader;

create view reporting.contact_events (
  id                bigint,
  workspace_id      int,
  contact_id        int,
  event_type        text,
  funnel_project_id text,
  page_id           text,
  metadata          jsonb,
  timestamp         timestamptz
) with (security_invoker=true);
grant select on reporting.contact_events to throughline_reader;

-- 0007_webhooks.sql

create view reporting.webhook_logs (
  id              bigint,
  workspace_id    int,
  endpoint_id     int,
  webhook_url     text,
  event_type      text,
  contact_id      int,
  message_id      text,
  delivery_id     bigint,
  attempt         int,
  response_status int,
  response_ms     int,
  success         boolean,
  error_message   text,
  response_body   text,
  created_at      timestamptz
) with (security_invoker=true);
grant select on reporting.webhook_logs to throughline_reader;

-- 0006_reporting.sql

create view reporting.workspaces (
  id                int,
  name              text,
  country           text,
  time_zone         text,
  currency          text,
  total_conversions bigint,
  total_revenue     numeric(24,2),
  created_at        timestamptz
) with (security_invoker=true);
grant select on reporting.workspaces to throughline_reader;

-- 0008_leads.sql

create view reporting.leads (
  id                   bigint,
  workspace_id         int,
  contact_id           int,
  webhook_id           int,
  webhook              text,
  provider_id          text,
  lead_type            text,
  pipeline_id          int,
  status               text,
  kind                 text,
  status_changed_at    timestamptz,
  priority             smallint,
  assigned_to          int,
  assigned_at          timestamptz,
  follow_up_at         timestamptz,
  contact_attempts     int,
  score                int,
  revenue_potential    numeric(18,2),
  lost_reason          text,
  source               text,
  subsource            text,
  campaign_id          text,
  campaign             text,
  utm_source           text,
  utm_medium           text,
  utm_campaign         text,
  utm_term             text,
  utm_content          text,
  referrer             text,
  landing_page         text,
  product              text,
  street               text,
  city                 text,
  state                text,
  zip_code             text,
  country              text,
  fields               jsonb,
  consent              boolean,
  consent_text         text,
  tcpa_text            text,
  trustedform_cert_url text,
  jornaya_lead_id      text,
  ip                   inet,
  user_agent           text,
  distinct_id          text,
  external_id          text,
  first_name           text,
  last_name            text,
  email                text,
  phone                text,
  conversion_id        bigint,
  conversion_count     int,
  conversion_value     numeric(24,2),
  converted_at         timestamptz,
  closed_at            timestamptz,
  created_at           timestamptz,
  updated_at           timestamptz,
  custom               jsonb
) with (security_invoker=true);
grant select on reporting.leads to throughline_reader;

create view reporting.conversions (
  id               bigint,
  workspace_id     int,
  contact_id       int,
  visitor_id       bigint,
  lead_id          bigint,
  type             text,
  value            numeric(18,2),
  conversion_value numeric(18,2),
  refunded         numeric(18,2),
  revenue          numeric,
  currency         text,
  status           text,
  source           text,
  order_id         text,
  booking_id       text,
  event_id         bigint,
  converted_by     jsonb,
  converted_at     timestamptz,
  data             jsonb,
  created_at       timestamptz,
  updated_at       timestamptz,
  appointment_id   bigint
) with (security_invoker=true);
grant select on reporting.conversions to throughline_reader;

create view reporting.lead_events (
  id           bigint,
  workspace_id int,
  lead_id      bigint,
  contact_id   int,
  event_type   text,
  actor        jsonb,
  before       jsonb,
  after        jsonb,
  timestamp    timestamptz
) with (security_invoker=true);
grant select on reporting.lead_events to throughline_reader;

create view reporting.conversion_events (
  id            bigint,
  workspace_id  int,
  conversion_id bigint,
  lead_id       bigint,
  contact_id    int,
  event_type    text,
  actor         jsonb,
  before        jsonb,
  after         jsonb,
  timestamp     timestamptz
) with (security_invoker=true);
grant select on reporting.conversion_events to throughline_reader;

create view reporting.lead_analytics (
  workspace_id          int,
  day                   date,
  webhook_id            int,
  webhook               text,
  leads                 int,
  converted             int,
  conversion_rate       numeric,
  revenue               numeric(24,2),
  seconds_to_conversion numeric
) with (security_invoker=true);
grant select on reporting.lead_analytics to throughline_reader;

create view reporting.conversion_analytics (
  workspace_id    int,
  day             date,
  type            text,
  currency        text,
  conversions     int,
  revenue         numeric(24,2),
  refunded        numeric(24,2),
  average_revenue numeric
) with (security_invoker=true);
grant select on reporting.conversion_analytics to throughline_reader;

create view reporting.provider_usage_log (
  workspace_id  int,
  day           date,
  provider_id   text,
  provider_name text,
  webhook_id    int,
  webhook       text,
  received      int,
  accepted      int,
  duplicates    int,
  refused       int,
  limited       int
) with (security_invoker=true);
grant select on reporting.provider_usage_log to throughline_reader;

-- 0009_appointments.sql

create view reporting.appointments (
  id               bigint,
  workspace_id     int,
  contact_id       int,
  lead_id          bigint,
  type             text,
  scheduled_at     timestamptz,
  duration_minutes int,
  ends_at          timestamptz,
  time_zone        text,
  place            text,
  location         text,
  assigned_to      int,
  status           text,
  notes            text,
  customer_notes   text,
  estimated_value  numeric(18,2),
  outcome          text,
  next_step        text,
  next_step_at     timestamptz,
  source           text,
  product          text,
  reschedule_count int,
  cancel_reason    text,
  confirmed_at     timestamptz,
  ended_at         timestamptz,
  created_at       timestamptz,
  updated_at       timestamptz
) with (security_invoker=true);
grant select on reporting.appointments to throughline_reader;

create view reporting.appointment_events (
  id             bigint,
  workspace_id   int,
  appointment_id bigint,
  lead_id        bigint,
  contact_id     int,
  event_type     text,
  actor          jsonb,
  before         jsonb,
  after          jsonb,
  timestamp      timestamptz
) with (security_invoker=true);
grant select on reporting.appointment_events to throughline_reader;

-- 0013_analytics.sql

create view reporting.funnel_analytics (
  workspace_id    int,
  project_id      text,
  funnel_id       text,
  date            date,
  registrations   bigint,
  views           bigint,
  offer_views     bigint,
  conversions     bigint,
  conversion_rate numeric,
  revenue         numeric
) with (security_invoker=true);
grant select on reporting.funnel_analytics to throughline_reader;

-- 0019_crm.sql

create view reporting.crm_links (
  workspace_id int,
  connection   text,
  provider     text,
  contact_id   int,
  external_id  text,
  state        text,
  due          boolean,
  error        text,
  verified_at  timestamptz,
  created_at   timestamptz,
  updated_at   timestamptz
) with (security_invoker=true);
grant select on reporting.crm_links to throughline_reader;

create view reporting.crm_log (
  workspace_id int,
  id           bigint,
  at           timestamptz,
  provider     text,
  contact_id   int,
  run_id       int,
  operation    text,
  code         text,
  kind         text,
  http_status  int,
  message      text,
  request_id   text
) with (security_invoker=true);
grant select on reporting.crm_log to throughline_reader;

create view reporting.crm_sustainers (
  workspace_id int,
  connection   text,
  contact_id   int,
  since        timestamptz,
  ended_at     timestamptz
) with (security_invoker=true);
grant select on reporting.crm_sustainers to throughline_reader;

create view reporting.mailing_list_members (
  workspace_id int,
  list         text,
  email        text,
  contact_id   int,
  source       text,
  joined_at    timestamptz,
  left_at      timestamptz
) with (security_invoker=true);
grant select on reporting.mailing_list_members to throughline_reader;

-- 0020_tags.sql

create view reporting.contact_tags (
  workspace_id int,
  contact_id   int,
  tag_id       int,
  tag          text,
  added_at     timestamptz
) with (security_invoker=true);
grant select on reporting.contact_tags to throughline_reader;

-- 0029_consents.sql

create view reporting.consents (
  workspace_id int,
  consent_id   bigint,
  contact_id   int,
  visitor_id   bigint,
  purpose      text,
  granted      boolean,
  source       text,
  text_version text,
  said_at      timestamptz
) with (security_invoker=true);
grant select on reporting.consents to throughline_reader;

-- Row level security, on and forced upon the owner, with these rules:
--   policy everything for all to throughline_system using true
--     activities, appointment_days, appointment_reminders, appointment_types, appointments, area_list_entries,
--     area_lists, assignment_members, assignment_rules, attribution_days, audit_chain, audit_checkpoints,
--     audit_heads, bulk_rows, busy_times, consent_purposes, consent_texts, consents, contact_health, contact_keys,
--     contact_merges, contact_search, contact_tags, contact_values, contacts, conversion_days, conversion_quarters,
--     conversion_touches, conversions, crm_connections, crm_links, crm_log, crm_marks, crm_run_members, crm_runs,
--     crm_subscriptions, crm_sustainer_reads, crm_sustainers, custom_fields, dashboards, deliveries,
--     delivery_attempts, email_confirmations, endpoint_hours, endpoint_secrets, endpoint_turns, endpoint_versions,
--     endpoints, erased_values, erasures, event_batches, event_counts, event_refusals, events, export_parts,
--     filtered_analytics, forwarding_rules, funnel_analytics, funnel_pages, funnel_videos, funnels,
--     idempotency_keys, identity_links, import_results, import_rows, intake_counters, intake_deliveries,
--     intake_webhooks, invitations, jobs, journey_batches, key_minutes, keys, lead_days, lead_forwards, lead_types,
--     lead_values, leads, mailing_list_members, mailing_lists, mails, memberships, merge_suggestions, message_ids,
--     moved_people, notes, person_funnels, person_sources, pipeline_stages, pipelines, pool_members, pools,
--     provider_usage, providers, retention_rules, roles, routing_decisions, routing_rule_keys,
--     routing_rule_versions, routing_rules, segment_changes, segment_members, segments, sessions, source_days,
--     staff, staff_absences, staff_dates, staff_hours, stage_counts, tags, tasks, team_members, teams, timings,
--     transfers, view_defaults, views, visitor_funnels, visitor_videos, visitors, webhook_messages, workspaces
--   policy reader for all to throughline_reader using (id = (nullif(current_setting('app.workspace_id', true), ''))::int)
--     workspaces
--   policy reader for all to throughline_reader using (workspace_id = (nullif(current_setting('app.workspace_id', true), ''))::int)
--     activities, appointment_days, appointment_reminders, appointment_types, appointments, area_list_entries,
--     area_lists, assignment_members, assignment_rules, attribution_days, busy_times, contact_health, contact_keys,
--     contact_merges, contact_search, contact_tags, contacts, conversion_days, conversion_quarters,
--     conversion_touches, conversions, crm_connections, crm_links, crm_log, crm_marks, crm_run_members, crm_runs,
--     crm_subscriptions, crm_sustainer_reads, crm_sustainers, dashboards, deliveries, delivery_attempts,
--     email_confirmations, endpoint_hours, endpoint_secrets, endpoint_turns, endpoints, event_batches, event_counts,
--     event_refusals, events, forwarding_rules, funnel_analytics, funnel_pages, funnel_videos, funnels,
--     idempotency_keys, identity_links, intake_counters, intake_deliveries, intake_webhooks, invitations, jobs,
--     journey_batches, keys, lead_days, lead_forwards, lead_types, leads, mailing_list_members, mailing_lists,
--     mails, memberships, merge_suggestions, message_ids, moved_people, person_funnels, person_sources,
--     pipeline_stages, pipelines, pool_members, pools, provider_usage, providers, roles, routing_decisions,
--     routing_rule_keys, routing_rule_versions, routing_rules, segment_changes, segment_members, segments, sessions,
--     source_days, staff, staff_absences, staff_dates, staff_hours, stage_counts, tags, tasks, team_members, teams,
--     timings, transfers, visitor_funnels, visitor_videos, visitors, webhook_messages
--   policy tenant for all to throughline_app using ((id = (nullif(current_setting('app.workspace_id', true), ''))::int) or ((id)::text = any (string_to_array(current_setting('app.workspaces', true), ','))))
--     workspaces
--   policy tenant for all to throughline_app using ((workspace_id = (nullif(current_setting('app.workspace_id', true), ''))::int) or ((workspace_id)::text = any (string_to_array(current_setting('app.workspaces', true), ','))))
--     activities, appointment_days, appointment_reminders, appointment_types, appointments, area_list_entries,
--     area_lists, assignment_members, assignment_rules, attribution_days, busy_times, contact_health, contact_keys,
--     contact_merges, contact_search, contact_tags, contacts, conversion_days, conversion_quarters,
--     conversion_touches, conversions, crm_connections, crm_links, crm_log, crm_marks, crm_run_members, crm_runs,
--     crm_subscriptions, crm_sustainer_reads, crm_sustainers, dashboards, deliveries, delivery_attempts,
--     email_confirmations, endpoint_hours, endpoint_secrets, endpoint_turns, endpoints, event_batches, event_counts,
--     event_refusals, events, forwarding_rules, funnel_analytics, funnel_pages, funnel_videos, funnels,
--     idempotency_keys, identity_links, intake_counters, intake_deliveries, intake_webhooks, invitations, jobs,
--     journey_batches, keys, lead_days, lead_forwards, lead_types, leads, mailing_list_members, mailing_lists,
--     mails, memberships, merge_suggestions, message_ids, moved_people, person_funnels, person_sources,
--     pipeline_stages, pipelines, pool_members, pools, provider_usage, providers, roles, routing_decisions,
--     routing_rule_keys, routing_rule_versions, routing_rules, segment_changes, segment_members, segments, sessions,
--     source_days, staff, staff_absences, staff_dates, staff_hours, stage_counts, tags, tasks, team_members, teams,
--     timings, transfers, visitor_funnels, visitor_videos, visitors, webhook_messages
--   policy tenant for all to throughline_app, throughline_reader using ((workspace_id = (nullif(current_setting('app.workspace_id', true), ''))::int) or ((workspace_id)::text = any (string_to_array(current_setting('app.workspaces', true), ','))))
--     audit_chain, audit_checkpoints, audit_heads, bulk_rows, consent_purposes, consent_texts, consents,
--     contact_values, custom_fields, endpoint_versions, erased_values, erasures, export_parts, filtered_analytics,
--     import_results, import_rows, key_minutes, lead_values, notes, retention_rules, view_defaults, views
--   policy theirs for r to throughline_limited using case when (contact_id is null) then is_theirs(current_setting('app.visitors_of', true), owner_id) else ((owner_id = any ((string_to_array(nullif(current_setting('app.visitors_of', true), '*'), ','))::int[])) or (exists ( select from contacts c where ((c.workspace_id = visitors.workspace_id) and (c.id = visitors.contact_id))))) end
--     visitors
--   policy theirs for r to throughline_limited using ((exists ( select from contacts c where ((c.workspace_id = activities.workspace_id) and (c.id = activities.contact_id)))) or (exists ( select from visitors v where ((v.workspace_id = activities.workspace_id) and (v.id = activities.visitor_id)))))
--     activities
--   policy theirs for r to throughline_limited using ((exists ( select from contacts c where ((c.workspace_id = consents.workspace_id) and (c.id = consents.contact_id)))) or (exists ( select from visitors v where ((v.workspace_id = consents.workspace_id) and (v.id = consents.visitor_id)))))
--     consents
--   policy theirs for r to throughline_limited using ((exists ( select from contacts c where ((c.workspace_id = contact_merges.workspace_id) and (c.id = contact_merges.winner_id)))) and (exists ( select from contacts c where ((c.workspace_id = contact_merges.workspace_id) and (c.id = contact_merges.loser_id)))))
--     contact_merges
--   policy theirs for r to throughline_limited using ((exists ( select from contacts c where ((c.workspace_id = merge_suggestions.workspace_id) and (c.id = merge_suggestions.contact_id)))) and (exists ( select from contacts c where ((c.workspace_id = merge_suggestions.workspace_id) and (c.id = merge_suggestions.other_contact_id)))))
--     merge_suggestions
--   policy theirs for r to throughline_limited using (exists ( select from appointments p where ((p.workspace_id = appointment_reminders.workspace_id) and (p.id = appointment_reminders.appointment_id))))
--     appointment_reminders
--   policy theirs for r to throughline_limited using (exists ( select from appointments p where ((p.workspace_id = routing_decisions.workspace_id) and (p.id = routing_decisions.appointment_id))))
--     routing_decisions
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = contact_keys.workspace_id) and (p.id = contact_keys.contact_id))))
--     contact_keys
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = contact_search.workspace_id) and (p.id = contact_search.contact_id))))
--     contact_search
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = contact_tags.workspace_id) and (p.id = contact_tags.contact_id))))
--     contact_tags
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = contact_values.workspace_id) and (p.id = contact_values.contact_id))))
--     contact_values
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = conversions.workspace_id) and (p.id = conversions.contact_id))))
--     conversions
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = crm_links.workspace_id) and (p.id = crm_links.contact_id))))
--     crm_links
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = crm_marks.workspace_id) and (p.id = crm_marks.contact_id))))
--     crm_marks
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = crm_run_members.workspace_id) and (p.id = crm_run_members.contact_id))))
--     crm_run_members
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = crm_sustainers.workspace_id) and (p.id = crm_sustainers.contact_id))))
--     crm_sustainers
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = email_confirmations.workspace_id) and (p.id = email_confirmations.contact_id))))
--     email_confirmations
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = identity_links.workspace_id) and (p.id = identity_links.contact_id))))
--     identity_links
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = mailing_list_members.workspace_id) and (p.id = mailing_list_members.contact_id))))
--     mailing_list_members
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = notes.workspace_id) and (p.id = notes.contact_id))))
--     notes
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = segment_changes.workspace_id) and (p.id = segment_changes.contact_id))))
--     segment_changes
--   policy theirs for r to throughline_limited using (exists ( select from contacts p where ((p.workspace_id = segment_members.workspace_id) and (p.id = segment_members.contact_id))))
--     segment_members
--   policy theirs for r to throughline_limited using (exists ( select from conversions p where ((p.workspace_id = conversion_touches.workspace_id) and (p.id = conversion_touches.conversion_id))))
--     conversion_touches
--   policy theirs for r to throughline_limited using (exists ( select from leads p where ((p.workspace_id = lead_forwards.workspace_id) and (p.id = lead_forwards.lead_id))))
--     lead_forwards
--   policy theirs for r to throughline_limited using (exists ( select from leads p where ((p.workspace_id = lead_values.workspace_id) and (p.id = lead_values.lead_id))))
--     lead_values
--   policy theirs for r to throughline_limited using (exists ( select from transfers t where ((t.workspace_id = bulk_rows.workspace_id) and (t.id = bulk_rows.transfer_id))))
--     bulk_rows
--   policy theirs for r to throughline_limited using (exists ( select from transfers t where ((t.workspace_id = export_parts.workspace_id) and (t.id = export_parts.transfer_id))))
--     export_parts
--   policy theirs for r to throughline_limited using (exists ( select from transfers t where ((t.workspace_id = import_results.workspace_id) and (t.id = import_results.transfer_id))))
--     import_results
--   policy theirs for r to throughline_limited using (exists ( select from transfers t where ((t.workspace_id = import_rows.workspace_id) and (t.id = import_rows.transfer_id))))
--     import_rows
--   policy theirs for r to throughline_limited using (exists ( select from visitors p where ((p.workspace_id = events.workspace_id) and (p.id = events.visitor_id))))
--     events
--   policy theirs for r to throughline_limited using (exists ( select from visitors p where ((p.workspace_id = sessions.workspace_id) and (p.id = sessions.visitor_id))))
--     sessions
--   policy theirs for r to throughline_limited using (exists ( select from visitors p where ((p.workspace_id = visitor_funnels.workspace_id) and (p.id = visitor_funnels.visitor_id))))
--     visitor_funnels
--   policy theirs for r to throughline_limited using (exists ( select from visitors p where ((p.workspace_id = visitor_videos.workspace_id) and (p.id = visitor_videos.visitor_id))))
--     visitor_videos
--   policy theirs for r to throughline_limited using (is_theirs(current_setting('app.contacts_of', true), owner_id) or (exists ( select from leads l where ((l.workspace_id = contacts.workspace_id) and (l.contact_id = contacts.id) and is_theirs(current_setting('app.contacts_of', true), l.assigned_to)))) or (exists ( select from appointments a where ((a.workspace_id = contacts.workspace_id) and (a.contact_id = contacts.id) and is_theirs(current_setting('app.contacts_of', true), a.assigned_to)))))
--     contacts
--   policy theirs for r to throughline_limited using (is_theirs(current_setting('app.tasks_of', true), assigned_to) or (exists ( select from leads l where ((l.workspace_id = tasks.workspace_id) and (l.id = tasks.lead_id) and is_theirs(current_setting('app.tasks_of', true), l.assigned_to)))))
--     tasks
--   policy theirs for r to throughline_limited using false
--     crm_log, deliveries, delivery_attempts, event_batches, event_refusals, idempotency_keys, intake_deliveries,
--     jobs, mails, webhook_messages
--   policy theirs for r to throughline_limited using is_theirs(current_setting('app.appointments_of', true), assigned_to)
--     appointments
--   policy theirs for r to throughline_limited using is_theirs(current_setting('app.leads_of', true), assigned_to)
--     leads
--   policy theirs for r to throughline_limited using is_theirs(current_setting('app.transfers_of', true), user_id)
--     transfers

create function protect(table_name regclass, tenant text DEFAULT 'workspace_id'::text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('alter table %s force row level security', table_name);
  execute format(
    'create policy tenant on %s to throughline_app, throughline_reader using ('
    '%2$I = nullif(current_setting(''app.workspace_id'', true), '''')::int '
    'or %2$I::text = any(string_to_array(current_setting(''app.workspaces'', true), '','')))', table_name, tenant);
  execute format('create policy everything on %s to throughline_system using (true)', table_name);
  execute format('grant select, insert, update, delete on %s to throughline_app, throughline_system', table_name);
  perform limit_to_parent(table_name::text);
end
$$;

create function ensure_event_partitions(from_time timestamptz, to_time timestamptz) returns int language plpgsql security definer set search_path=public, pg_temp as $$
declare
  month  date := date_trunc('month', from_time at time zone 'UTC')::date;
  last   date := date_trunc('month', to_time at time zone 'UTC')::date;
  part   text;
  made   int := 0;
begin
  while month <= last loop
    part := 'events_' || to_char(month, 'YYYY_MM');
    if to_regclass(part) is null then
      perform pg_advisory_xact_lock(hashtext('throughline.partitions'));
      if to_regclass(part) is null then
        execute format('create table %I partition of events for values from (%L) to (%L)',
          part, month::text || ' 00:00+00', (month + interval '1 month')::date::text || ' 00:00+00');
        -- A partition read by its own name must stand behind the same wall.
        perform protect(part::regclass);
        execute format('revoke all on %I from throughline_app', part);
        made := made + 1;
      end if;
    end if;
    month := (month + interval '1 month')::date;
  end loop;
  return made;
end
$$;
-- may be called by throughline_app, throughline_system

create function segment_of(watch_percentage smallint, registered_at timestamptz) returns text language sql stable as $$
  select case
           when watch_percentage >= 75 then 'hot'
           when watch_percentage >= 50 then 'engaged'
           when watch_percentage >= 25 then 'sampler'
           when watch_percentage >= 1  then 'skimmer'
           when registered_at < now() - interval '24 hours' then 'no_show'
         end
$$;

create function properties_of(traits jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, value->0), '{}')
    from jsonb_each(traits)
   where value->0 <> 'null'
     and key not in ('email', 'phone', 'user_id', 'name', 'first_name', 'last_name', 'age', 'gender', 'address')
$$;

create function reporting.date(moment text, VARIADIC modifiers text[]) returns date language plpgsql stable as $$
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

create function add_first_appointment_type(workspace int) returns void language sql as $$
  insert into appointment_types (workspace_id, key, name) values (workspace, 'consultation', 'Consultation')
$$;

create function minutes_later(moment timestamptz, minutes int) returns timestamptz language sql immutable as $$
  select moment + make_interval(mins => minutes)
$$;

create function members_by_email(emails text[]) returns TABLE(workspace_id int, user_id int, email text) language sql stable security definer set search_path=public, pg_temp as $$
  select m.workspace_id, m.user_id, u.email
    from users u
    join memberships m on m.user_id = u.id
   where u.email = any(emails)
     and (m.workspace_id = nullif(current_setting('app.workspace_id', true), '')::int
       or m.workspace_id::text = any(string_to_array(current_setting('app.workspaces', true), ',')))
$$;
-- may be called by throughline_app, throughline_system

create function funnel_counts(p person_funnels) returns SETOF funnel_analytics language sql stable as $$
  with at as (
    select quarter, step
      from (values (p.registration_viewed_at, 'registration_view'), (p.registered_at, 'registration'), (p.confirmed_at, 'confirmation'),
                   (p.viewed_at, 'view'), (p.offer_viewed_at, 'offer_view'), (p.offer_clicked_at, 'offer_click'),
                   (p.checkout_at, 'checkout'), (p.converted_at, 'conversion')) as s(at, step)
     cross join lateral (select date_bin('15 minutes', s.at, timestamptz '2000-01-01 00:00:00Z') as quarter) q
     where s.at is not null
  ), took as (
    select p.converted_at - p.registered_at as time_to
  )
  select p.workspace_id, p.funnel_id, at.quarter,
         (at.step = 'registration_view')::int, (at.step = 'registration')::int, (at.step = 'confirmation')::int, (at.step = 'view')::int,
         (at.step = 'offer_view')::int, (at.step = 'offer_click')::int, (at.step = 'checkout')::int, (at.step = 'conversion')::int,
         (r and p.confirmed_at is not null)::int, (r and p.viewed_at is not null)::int, (r and p.watched_25_at is not null)::int,
         (r and p.watched_50_at is not null)::int, (r and p.watched_75_at is not null)::int, (r and p.watched_100_at is not null)::int,
         (r and p.offer_viewed_at is not null)::int, (r and p.offer_clicked_at is not null)::int, (r and p.checkout_at is not null)::int,
         (r and p.converted_at is not null)::int, (r and p.converted_at is not null and p.watched_75_at is not null)::int,
         (r and p.replays > 0)::int,
         (r and w = 0)::int, (r and w between 1 and 9)::int, (r and w between 10 and 19)::int, (r and w between 20 and 24)::int,
         (r and w between 25 and 29)::int, (r and w between 30 and 39)::int, (r and w between 40 and 49)::int,
         (r and w between 50 and 59)::int, (r and w between 60 and 69)::int, (r and w between 70 and 74)::int,
         (r and w between 75 and 79)::int, (r and w between 80 and 89)::int, (r and w between 90 and 99)::int, (r and w = 100)::int,
         case when r then w::bigint else 0 end, case when r then p.seconds_watched::bigint else 0 end,
         (r and (time_to <= '1 hour') is true)::int, (r and (time_to > '1 hour' and time_to <= '1 day') is true)::int,
         (r and (time_to > '1 day' and time_to <= '7 days') is true)::int, (r and (time_to > '7 days' and time_to <= '30 days') is true)::int,
         (r and (time_to > '30 days') is true)::int,
         case when r and time_to > '0' then extract(epoch from time_to)::bigint else 0 end
    from at
   cross join took
   cross join lateral (select at.step = 'registration' as r, p.watch_percentage as w) one
$$;

create function funnel_of(data jsonb) returns text language sql immutable as $$
  select case when length(data->>'funnel_id') <= 200 then data->>'funnel_id' end collate "C"
$$;

create function walk_funnel(steps_of int[], times timestamptz[], steps int, span interval) returns timestamptz[] language plpgsql immutable as $$
declare
  can_be  int;
  place   int := 0;
  step    int := 0;
  ends    timestamptz;
  reached timestamptz[];
begin
  foreach can_be in array steps_of loop
    place := place + 1;
    if (can_be >> step) & 1 = 1 then
      if step = 0 then
        ends := times[place] + span;
      elsif times[place] > ends then
        exit;
      end if;
      reached := reached || times[place];
      step := step + 1;
      exit when step = steps;
    end if;
  end loop;
  return reached;
end
$$;

create function language_of(locale text) returns text language sql immutable as $$
  select lower(substring(locale from '^\s*([A-Za-z]{2,3})([-_].*)?\s*$'))
$$;

create function limit_to(table_name regclass, condition text) returns void language plpgsql as $$
begin
  execute format('create policy theirs on %s as restrictive for select to throughline_limited using (%s)', table_name, condition);
end
$$;

create function is_theirs(users text, owner int) returns boolean language sql stable as $$
  select case when users = '*' then true else owner = any(string_to_array(users, ',')::int[]) end
$$;

create function limit_to_parent(name text) returns void language plpgsql as $$
declare
  parent record;
begin
  if exists (select from pg_policies where tablename = name and policyname = 'theirs') then return; end if;
  for parent in
    select p.parent, p.own
      from (values (1, 'contact_id', 'contacts'), (2, 'lead_id', 'leads'), (3, 'appointment_id', 'appointments'),
                   (4, 'conversion_id', 'conversions'), (5, 'visitor_id', 'visitors')) as p(rank, own, parent)
      join pg_attribute a on a.attrelid = name::regclass and a.attname = p.own and not a.attisdropped
     where p.parent <> name
     order by p.rank
     limit 1
  loop
    perform limit_to(name::regclass, format(
      'exists (select from %1$I p where p.workspace_id = %2$I.workspace_id and p.id = %2$I.%3$I)', parent.parent, name, parent.own));
  end loop;
end
$$;

create function consent_of(workspace int, contact int, purpose int) returns SETOF consents language sql stable as $$
  select k.*
    from (select o.*
            from contacts c
           cross join lateral (
             select * from consents k
              where k.workspace_id = workspace and k.contact_id = c.id and k.purpose_id = purpose
              order by k.said_at desc, k.id desc
              limit 1) o
           where c.workspace_id = workspace and c.whole_id = contact
          union all
          select o.*
            from visitors v
           cross join lateral (
             select * from consents k
              where k.workspace_id = workspace and k.visitor_id = v.id and k.purpose_id = purpose
              order by k.said_at desc, k.id desc
              limit 1) o
           where v.workspace_id = workspace and v.contact_id = contact) k
   order by k.said_at desc, k.id desc
   limit 1
$$;

create function denies(workspace int, contact int, purpose text) returns boolean language sql stable as $$
  select exists (
    select
      from consent_purposes p
     cross join lateral consent_of(workspace, contact, p.id) k
     where p.workspace_id = workspace and p.name = purpose and not k.granted)
$$;

create function add_first_purposes(workspace int) returns void language sql as $$
  insert into consent_purposes (workspace_id, name, label)
  values (workspace, 'analytics', 'Analytics'), (workspace, 'marketing', 'Marketing'), (workspace, 'personalisation', 'Personalisation')
$$;

create function filters_of(p person_funnels) returns text[] language sql immutable as $$
  select array_remove(array[
           case
             when p.watch_percentage >= 75 then 'segment hot'
             when p.watch_percentage >= 50 then 'segment engaged'
             when p.watch_percentage >= 25 then 'segment sampler'
             when p.watch_percentage >= 1  then 'segment skimmer'
             when p.registered_at is not null then 'segment no_show'
           end,
           'utm_source ' || p.utm_source], null)
$$;
