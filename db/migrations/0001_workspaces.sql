-- The tenants, the people who operate them, and the two walls every later table stands behind.
--
-- throughline_app     the server answers requests as this role: row level security holds it to the workspaces named by
--                     app.workspace_id (one) or app.workspaces (a list, for a batch of events from many tenants).
-- throughline_system  signs people in, leases work, rebuilds: sees every workspace, so every statement names its own.
-- throughline_reader  runs the queries of people (`throughline sql`): reads the schema `reporting`, one workspace.

do $$
declare
  role_name text;
begin
  foreach role_name in array array['throughline_app', 'throughline_system', 'throughline_reader'] loop
    begin
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I nologin', role_name);
      end if;
      -- From PostgreSQL 16 on, whoever makes a role is its member and may still not act as it.
      if not pg_has_role(current_user, role_name, case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end) then
        execute format('grant %I to current_user', role_name);
      end if;
    exception
      when duplicate_object or unique_violation then null; -- another database of this cluster migrates at the same moment
    end;
  end loop;
end
$$;

-- Puts a table behind the wall. The app policy compares plainly first (25 ns a row; an array containment test costs 400).
create function protect(table_name regclass, tenant text default 'workspace_id') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('alter table %s force row level security', table_name);
  execute format(
    'create policy tenant on %s to throughline_app, throughline_reader using ('
    '%2$I = nullif(current_setting(''app.workspace_id'', true), '''')::int '
    'or %2$I::text = any(string_to_array(current_setting(''app.workspaces'', true), '','')))', table_name, tenant);
  execute format('create policy everything on %s to throughline_system using (true)', table_name);
  execute format('grant select, insert, update, delete on %s to throughline_app, throughline_system', table_name);
end
$$;

create table organizations (
  id         int generated always as identity primary key,
  name       text not null,
  created_at timestamptz not null default now()
);
grant select, insert, update on organizations to throughline_system;

create table workspaces (
  id              int generated always as identity primary key,
  organization_id int not null references organizations,
  name            text not null,
  country         text not null default 'US',                          -- of phone numbers written without one (ISO 3166)
  time_zone       text not null default 'UTC',                         -- of reports (IANA)
  currency        text not null default 'USD',                         -- ISO 4217
  match_keys      text[] not null default '{user_id,email,phone}',     -- tried in this order; the first hit wins
  allowed_hosts   text[] not null default '{}',                        -- where links in e-mails may lead
  contact_salt    bigint not null default (random() * 2147483647)::bigint, -- makes contact ids unguessable
  contacts_issued bigint not null default 0,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);
select protect('workspaces', 'id');

-- People who operate the CRM. Not behind the tenant wall (one person works in many workspaces), so the app role has no
-- right to this table at all; sign-in and membership are read by the system role.
create table users (
  id            int generated always as identity primary key,
  email         text not null unique,
  name          text not null,
  password_hash text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
grant select, insert, update, delete on users to throughline_system;

create table memberships (
  workspace_id int not null references workspaces on delete cascade,
  user_id      int not null references users on delete cascade,
  role         text not null check (role in ('owner', 'admin', 'manager', 'agent', 'analyst')),
  created_at   timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index memberships_of_user on memberships (user_id);
select protect('memberships');

-- Signed-in browsers. Only the hash of the token is kept.
create table user_sessions (
  token_hash bytea primary key,
  user_id    int not null references users on delete cascade,
  user_agent text,
  ip         inet,
  created_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  expires_at timestamptz not null
);
create index user_sessions_of_user on user_sessions (user_id);
grant select, insert, update, delete on user_sessions to throughline_system;

-- One-time links: the first owner's, printed by the first start.
create table sign_in_links (
  token_hash bytea primary key,
  purpose    text not null check (purpose in ('first_owner')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
grant select, insert, delete on sign_in_links to throughline_system;

-- Write keys are public (they stand in the page); of secret keys only the hash is kept.
create table keys (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  kind         text not null check (kind in ('write', 'secret')),
  name         text not null,
  prefix       text not null,                     -- shown in lists: the whole of a write key, the beginning of a secret one
  key_hash     bytea not null,
  scopes       text[] not null default '{}',
  created_by   int,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (workspace_id, id)
);
-- The one unique key without its tenant: a key is looked up before the tenant is known. On Citus `keys` is a reference table.
create unique index keys_by_hash on keys (key_hash);
select protect('keys');

create table idempotency_keys (
  workspace_id int not null references workspaces on delete cascade,
  key          text not null,
  request_hash bytea not null,                    -- method, path and body: the same key with another request is a mistake
  status       int,                               -- null while the first request is still running
  response     text,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
select protect('idempotency_keys');
