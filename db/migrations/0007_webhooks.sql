-- What happened is told to the customer's systems. Nobody who writes knows of it: the relay (server/activities/relay.ts) finds what
-- is committed and not yet told, and hands it to the readers in the transaction that marks it. So a late commit is found when
-- it commits, and a process that dies in between leaves everything as it was.

-- Each activity is told once. By default it is not: no writer can forget it. (What stood here before there was anybody to tell is told.)
alter table activities add column told boolean not null default true;
alter table activities alter column told set default false;
create index activities_untold on activities (id) where not told;

-- One row for each transaction that stored events in a workspace: which ones. Deleted when they were told.
create table event_batches (
  workspace_id int not null,
  id           bigint generated always as identity,
  first_event  bigint not null,                   -- the transaction held the workspace's lock: every id between is its own
  last_event   bigint not null,
  from_time    timestamptz not null,              -- of occurred_at, so that only their partitions are read
  to_time      timestamptz not null,
  primary key (workspace_id, id)
) with (autovacuum_vacuum_scale_factor = 0.01);
create index event_batches_in_turn on event_batches (id);
select protect('event_batches');

-- Where webhooks go out.
create table endpoints (
  workspace_id     int not null references workspaces on delete cascade,
  id               int generated always as identity,
  name             text not null,
  url              text not null,
  events           text[] not null,               -- types, groups ('lead.*'), '*', or the names of events of one's own
  state            text not null default 'active' check (state in ('active', 'paused')),
  paused_by        text check (paused_by in ('person', 'gone', 'failing')),
  paused_reason    text,
  paused_at        timestamptz,
  funnel_id        text,                          -- hears this funnel alone; null hears all of them
  filter           jsonb,
  field_map        jsonb,
  headers          text,                          -- [{name, value}], sealed (server/secrets.ts)
  rate_limit       int,                           -- deliveries a minute
  attempt_schedule text not null default 'default' check (attempt_schedule in ('default', 'long', 'custom')),
  attempt_delays   int[],                         -- seconds before the second, the third ... attempt, of 'custom'
  created_by       int,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  deleted_at       timestamptz,                   -- its log stays until it is old
  primary key (workspace_id, id)
);
select protect('endpoints');

-- Every one that has not run out signs, so a receiver can change over without missing anything.
create table endpoint_secrets (
  workspace_id int not null,
  endpoint_id  int not null,
  id           int generated always as identity,
  secret       text not null,                     -- whsec_..., sealed
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  primary key (workspace_id, endpoint_id, id),
  foreign key (workspace_id, endpoint_id) references endpoints (workspace_id, id) on delete cascade
);
select protect('endpoint_secrets');

-- Whose turn it is, and how each fares: what changes with every delivery, apart from what people set. A process works for one
-- endpoint at a time by a lease on this row, so fairness, the rate limit and the number in flight are exact, and a claim reads
-- only endpoints that have something due, however many there are. On Citus this table stays local, as `jobs`.
create table endpoint_turns (
  workspace_id    int not null,
  endpoint_id     int not null,
  due_at          timestamptz,                    -- of the delivery that is due first; null: nothing waits
  lease_until     timestamptz,
  lease_token     uuid,
  rate_at         timestamptz,                    -- nothing is sent before, by its rate limit; kept when a turn is given back
  failing_since   timestamptz,                    -- the first delivery that was given up since the last success
  last_success_at timestamptz,
  last_error      text,
  last_error_at   timestamptz,
  primary key (workspace_id, endpoint_id),
  foreign key (workspace_id, endpoint_id) references endpoints (workspace_id, id) on delete cascade
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
create index endpoint_turns_due on endpoint_turns (due_at) where due_at is not null;
select protect('endpoint_turns');

-- What is told: one for each event or activity that at least one endpoint wants. Its id is the `webhook-id`.
create table webhook_messages (
  workspace_id int not null,
  id           text collate "C" not null,         -- 'msg_', the time, chance: in the order of time
  origin       text collate "C" not null,         -- 'event 123', 'activity 45', 'test ...': each is told once
  event        text not null,                     -- its type
  contact_id   int,
  funnel_id    text,
  payload      text not null,                     -- {event, contact, data, timestamp}
  occurred_at  timestamptz not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index webhook_messages_once on webhook_messages (workspace_id, origin, event);
create index webhook_messages_of_contact  on webhook_messages (workspace_id, contact_id) where contact_id is not null;
create index webhook_messages_of_event    on webhook_messages (workspace_id, event, id);
select protect('webhook_messages');

create table deliveries (
  workspace_id int not null,
  id           bigint generated always as identity,
  endpoint_id  int not null,
  message_id   text collate "C" not null,
  is_test      boolean not null default false,    -- of the test button: counts neither as failed nor as something to replay
  state        text not null check (state in ('queued', 'held', 'delivered', 'failed', 'cancelled')), -- held: its endpoint is paused
  attempt      int not null default 0,            -- of this round; a replay begins a new one
  attempts     int not null default 0,            -- of all rounds
  run_at       timestamptz not null default now(),
  last_status  int,
  last_error   text,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, endpoint_id) references endpoints (workspace_id, id) on delete cascade
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create unique index deliveries_once    on deliveries (workspace_id, endpoint_id, message_id); -- also the list of one endpoint, by time
create index        deliveries_message on deliveries (workspace_id, message_id);
create index        deliveries_ready   on deliveries (workspace_id, endpoint_id, run_at, id) include (attempt) where state = 'queued';
create index        deliveries_failed  on deliveries (workspace_id, endpoint_id, finished_at, id) where state = 'failed' and not is_test;
create index        deliveries_held    on deliveries (workspace_id, endpoint_id, id) where state = 'held';
-- Of the whole workspace. None for those that were delivered: they are what a list finds first, and nearly all writes.
create index        deliveries_ended   on deliveries (workspace_id, state, message_id) where state in ('held', 'failed', 'cancelled');
select protect('deliveries');

-- Every request that was made, and what came back. Append-only.
create table delivery_attempts (
  workspace_id     int not null,
  id               bigint generated always as identity,
  delivery_id      bigint not null,
  endpoint_id      int not null,
  number           int not null,                  -- 1 for the first of the delivery, over all rounds
  at               timestamptz not null,
  ms               int not null,
  status           int,                           -- null: no answer came
  ok               boolean not null,
  error            text,                          -- in words
  request_headers  jsonb not null,                -- values that the endpoint's owner set are not shown
  response_headers jsonb,
  response_body    text,                          -- its first 16 KB
  truncated        boolean not null default false,
  primary key (workspace_id, id)
);
create index delivery_attempts_of_delivery on delivery_attempts (workspace_id, delivery_id, id);
create index delivery_attempts_of_endpoint on delivery_attempts (workspace_id, endpoint_id, id desc) include (ms, ok);
create index delivery_attempts_by_age      on delivery_attempts using brin (at) with (pages_per_range = 32);
select protect('delivery_attempts');

create table endpoint_hours (
  workspace_id int not null,
  endpoint_id  int not null,
  hour         timestamptz not null,
  attempts     int not null default 0,
  successes    int not null default 0,
  given_up     int not null default 0,            -- deliveries whose last attempt failed
  primary key (workspace_id, endpoint_id, hour)
);
select protect('endpoint_hours');

-- How long messages, deliveries and attempts are kept after they ended.
alter table workspaces add column webhook_log_days int not null default 30 check (webhook_log_days between 1 and 400);

-- Mail of ours to people. Sent over SMTP when there is one; kept and shown in any case.
create table mails (
  workspace_id int not null,
  id           bigint generated always as identity,
  to_address   text not null,
  subject      text not null,
  body         text not null,                     -- plain text
  about        text,                              -- 'endpoint 12': what it is about
  state        text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'kept')), -- kept: there is no SMTP
  error        text,
  created_at   timestamptz not null default now(),
  sent_at      timestamptz,
  primary key (workspace_id, id)
);
create index mails_by_age on mails (created_at);
create index mails_queued on mails (workspace_id, id) where state = 'queued';
select protect('mails');

-- By time: what is due when that is little, and when the next job will be. It is worded otherwise than `jobs_ready`, so that the
-- planner cannot take it for a probe by key, which it does while statistics are old (5 s instead of 20 ms for a claim).
create index jobs_due on jobs (queue, run_at) where finished_at is null and lease_token is null;

create view reporting.webhook_logs with (security_invoker = true) as
  select a.id, a.workspace_id, a.endpoint_id, e.url as webhook_url, m.event as event_type, m.contact_id, m.id as message_id, a.delivery_id,
         a.number as attempt, a.status as response_status, a.ms as response_ms, a.ok as success, a.error as error_message,
         a.response_body, a.at as created_at
    from public.delivery_attempts a
    join public.deliveries d on d.workspace_id = a.workspace_id and d.id = a.delivery_id
    join public.webhook_messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
    join public.endpoints e on e.workspace_id = a.workspace_id and e.id = a.endpoint_id;
grant select on delivery_attempts, deliveries, webhook_messages to throughline_reader;
grant select (workspace_id, id, name, url, events, state) on endpoints to throughline_reader;
grant select on reporting.webhook_logs to throughline_reader;
