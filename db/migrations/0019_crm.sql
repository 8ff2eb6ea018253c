-- CRM connectors: which CRMs a workspace writes to, who is known there by which id, and what went wrong.

create table crm_connections (
  workspace_id     int not null references workspaces on delete cascade,
  id               int generated always as identity,
  provider         text not null check (provider in ('salesforce', 'nationbuilder', 'hubspot', 'activecampaign', 'log', 'none')),
  name             text not null,
  active           boolean not null default true,   -- not: what would be told waits in the links
  adds             text not null default 'signed_up' check (adds in ('signed_up', 'everybody', 'nobody')),
  spam_policy      text not null default 'review' check (spam_policy in ('review', 'delete')),
  syncs_sustainers boolean not null default false,  -- every week
  settings         jsonb not null default '{}',
  secrets          text,                            -- {name: value} of the provider, sealed (server/secrets.ts)
  token            text,                            -- {token, instance_url, ...}, sealed; shared by all processes
  token_expires_at timestamptz,                     -- null: until it is refused
  renewing_until   timestamptz,                     -- somebody signs in again; others wait for what they get
  wait_until       timestamptz,                     -- the CRM's limit was reached: nothing is asked before
  last_ok_at       timestamptz,
  last_error       text,
  last_error_at    timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('crm_connections');

-- A contact in a CRM: the id of the CRM's app user, never of its contact, which the CRM may choose anew. `due`: the CRM may not
-- know yet what is true here; the version tells whether that changed while it was told.
create table crm_links (
  workspace_id  int not null,
  connection_id int not null,
  contact_id    int not null,
  external_id   text collate "C",
  state         text not null default 'UserCreated' check (state in (
                  'UserCreated', 'RequestAddToSalesforce', 'WroteSalesforceAppUserUid', 'WroteSalesforceErrorToDb', 'LoggedDbFailure')),
  language      text,                               -- of the page where they signed up, 'en'
  said          jsonb not null default '{}',        -- properties of their registration
  told          jsonb not null default '{}',        -- what the CRM was told last: email, mark
  due           boolean not null default true,
  version       int not null default 1,
  failures      smallint not null default 0,        -- one after the other, of those that pass by themselves
  let_go        boolean not null default false,     -- somebody let go of the id: gone for all but for being added again
  error         text,
  verified_at   timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, connection_id, contact_id),
  unique (workspace_id, connection_id, external_id),
  foreign key (workspace_id, connection_id) references crm_connections (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index crm_links_of_contact on crm_links (workspace_id, contact_id);
create index crm_links_due on crm_links (workspace_id, connection_id, contact_id) where due;
create index crm_links_by_state on crm_links (workspace_id, connection_id, state, contact_id);
select protect('crm_links');

-- Marked by a person; told to every CRM that the contact is linked with.
create table crm_marks (
  workspace_id int not null,
  contact_id   int not null,
  mark         text not null check (mark in ('spam', 'review')),
  note         text,
  actor        jsonb not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, contact_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
select protect('crm_marks');

-- The migration's walk over members (validate), the weekly read of sustainers, the loading of what the log connector wrote.
create table crm_runs (
  workspace_id       int not null,
  id                 int generated always as identity,
  kind               text not null check (kind in ('validate', 'sustainers', 'load_log')),
  connection_id      int not null,                  -- which CRM is asked, or written to
  from_connection_id int,                           -- whose ids the members have
  state              text not null default 'running' check (state in ('running', 'stopped', 'done', 'failed', 'refused')),
  settings           jsonb not null default '{}',
  total              int,
  done               int not null default 0,
  counts             jsonb not null default '{}',   -- by state, or what was found and changed
  cursor             text,                          -- where it goes on
  error              text,
  actor              jsonb not null,
  created_at         timestamptz not null default now(),
  started_at         timestamptz,                   -- the last time that it was begun or resumed, for its rate
  started_done       int not null default 0,        -- how many were done then
  ended_at           timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, connection_id) references crm_connections (workspace_id, id) on delete cascade,
  foreign key (workspace_id, from_connection_id) references crm_connections (workspace_id, id) on delete cascade
);
create index crm_runs_of_connection on crm_runs (workspace_id, connection_id, id);
create index crm_runs_from_connection on crm_runs (workspace_id, from_connection_id);
select protect('crm_runs');

create table crm_run_members (
  workspace_id int not null,
  run_id       int not null,
  contact_id   int not null,
  old_id       text not null collate "C",
  state        text not null default 'NotChecked' check (state in (
                 'NotChecked', 'ScriptFailureLogged', 'RequestedContact', 'OkResponse', 'NotFound', 'UnexpectedResponse',
                 'WroteSalesforceAppUserUid', 'WroteNotFound', 'WroteUnexpectedResponse',
                 'DbWriteOkErrorLogged', 'DbWriteNotFoundErrorLogged', 'DbWriteUnexpectedResFailure')),
  external_id  text collate "C",
  message      text,
  checked_at   timestamptz,
  primary key (workspace_id, run_id, contact_id),
  foreign key (workspace_id, run_id) references crm_runs (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index crm_run_members_by_state on crm_run_members (workspace_id, run_id, state, contact_id);
create index crm_run_members_of_contact on crm_run_members (workspace_id, contact_id);
select protect('crm_run_members');

-- Every failure, as the one who reads it afterwards needs it.
create table crm_log (
  workspace_id  int not null references workspaces on delete cascade,
  id            bigint generated always as identity,
  at            timestamptz not null default now(),
  connection_id int,                                -- not a key: the log outlives its connection
  provider      text not null,
  contact_id    int,
  run_id        int,
  operation     text not null,                      -- add_user, change_email, subscribe, mark, validate, sustainers, test
  code          text not null,                      -- NewUserSalesforceWriteError-<time>
  kind          text not null,                      -- auth, rate_limited, timeout, ...
  http_status   int,
  message       text not null,
  request_id    text,
  fallback_id   text,                               -- of the line of the fallback file that it came from
  primary key (workspace_id, id),
  unique (workspace_id, fallback_id)
);
create index crm_log_by_time on crm_log (workspace_id, at, id);
create index crm_log_of_contact on crm_log (workspace_id, contact_id, id);
create index crm_log_of_connection on crm_log (workspace_id, connection_id, id);
create index crm_log_by_age on crm_log (at);
select protect('crm_log');

-- Who sustains, as a CRM says. A read is staged whole before anything is compared.
create table crm_sustainers (
  workspace_id  int not null,
  connection_id int not null,
  contact_id    int not null,
  since         timestamptz not null default now(),
  ended_at      timestamptz,
  primary key (workspace_id, connection_id, contact_id),
  foreign key (workspace_id, connection_id) references crm_connections (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index crm_sustainers_of_contact on crm_sustainers (workspace_id, contact_id);
create index crm_sustainers_now on crm_sustainers (workspace_id, connection_id, since, contact_id) where ended_at is null;
create index crm_sustainers_ended on crm_sustainers (workspace_id, connection_id, ended_at, contact_id) where ended_at is not null;
select protect('crm_sustainers');

create table crm_sustainer_reads (
  workspace_id int not null,
  run_id       int not null,
  external_id  text not null collate "C",
  sustains     boolean not null,                    -- not: named, and said not to
  primary key (workspace_id, run_id, external_id),
  foreign key (workspace_id, run_id) references crm_runs (workspace_id, id) on delete cascade
);
select protect('crm_sustainer_reads');

-- Mailing lists. Who signs up joins those of their language and of what they told; anybody may join one by e-mail alone.
create table mailing_lists (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,                       -- as the CRM calls it
  on_sign_up   boolean not null default true,
  languages    text[],                              -- null: of every language
  property     text,                                -- joins only who told this at sign-up ...
  value        text,                                -- ... with this value; null: with any that is not false
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index mailing_lists_by_name on mailing_lists (workspace_id, lower(name));
select protect('mailing_lists');

create table mailing_list_members (
  workspace_id int not null,
  list_id      int not null,
  email        text not null collate "C",           -- as it is compared
  contact_id   int,
  source       text not null,                       -- sign_up, event, api, person
  joined_at    timestamptz not null default now(),
  left_at      timestamptz,
  primary key (workspace_id, list_id, email),
  foreign key (workspace_id, list_id) references mailing_lists (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index mailing_list_members_of_contact on mailing_list_members (workspace_id, contact_id);
create index mailing_list_members_by_email on mailing_list_members (workspace_id, email);
select protect('mailing_list_members');

-- An e-mail whose lists a CRM is told of, apart from a sign-up.
create table crm_subscriptions (
  workspace_id  int not null,
  connection_id int not null,
  email         text not null collate "C",
  told_lists    text[] not null default '{}',
  first_name    text,
  last_name     text,
  due           boolean not null default true,
  version       int not null default 1,
  failures      smallint not null default 0,
  error         text,
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, connection_id, email),
  foreign key (workspace_id, connection_id) references crm_connections (workspace_id, id) on delete cascade
);
create index crm_subscriptions_due on crm_subscriptions (workspace_id, connection_id, email) where due;
select protect('crm_subscriptions');

-- 'he' of 'he-IL' and of 'HE_il'; null of what is none.
create function language_of(locale text) returns text language sql immutable as $$
  select lower(substring(locale from '^\s*([A-Za-z]{2,3})([-_].*)?\s*$'))
$$;

-- For people who ask with SQL: who is known in which CRM, what went wrong there, who sustains, who is on which list.
create view reporting.crm_links with (security_invoker = true) as
select l.workspace_id, k.name as connection, k.provider, c.whole_id as contact_id, l.external_id, l.state, l.due, l.error, l.verified_at,
       l.created_at, l.updated_at
  from crm_links l
  join crm_connections k on k.workspace_id = l.workspace_id and k.id = l.connection_id
  join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
 where not l.let_go;

create view reporting.crm_log with (security_invoker = true) as
select l.workspace_id, l.id, l.at, l.provider, c.whole_id as contact_id, l.run_id, l.operation, l.code, l.kind, l.http_status, l.message,
       l.request_id
  from crm_log l
  left join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id;

create view reporting.crm_sustainers with (security_invoker = true) as
select s.workspace_id, k.name as connection, c.whole_id as contact_id, s.since, s.ended_at
  from crm_sustainers s
  join crm_connections k on k.workspace_id = s.workspace_id and k.id = s.connection_id
  join contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id;

create view reporting.mailing_list_members with (security_invoker = true) as
select m.workspace_id, l.name as list, m.email, c.whole_id as contact_id, m.source, m.joined_at, m.left_at
  from mailing_list_members m
  join mailing_lists l on l.workspace_id = m.workspace_id and l.id = m.list_id
  left join contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id;

grant select on crm_links, crm_log, crm_sustainers, mailing_lists, mailing_list_members to throughline_reader;
grant select (workspace_id, id, name, provider) on crm_connections to throughline_reader;
grant select on reporting.crm_links, reporting.crm_log, reporting.crm_sustainers, reporting.mailing_list_members to throughline_reader;
