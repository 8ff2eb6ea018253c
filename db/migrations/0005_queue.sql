-- Work to be done outside the transaction that asked for it. Leased, fenced by a token, fair between tenants and keys.
-- On Citus this table stays local to the coordinator: a claim locks rows of many tenants at once, which no distributed table
-- allows, and a local table shares a transaction with distributed ones.
create table jobs (
  workspace_id int not null references workspaces on delete cascade,
  id           bigint generated always as identity,
  queue        text not null,                     -- which worker: 'rebuild', 'delivery', ...
  key          text not null,                     -- fairness: one key never holds more than its share of the worker
  payload      jsonb not null default '{}',
  state        text not null default 'queued' check (state in ('queued', 'leased', 'done', 'failed', 'cancelled')),
  attempt      int not null default 0,            -- of those that ended: a lease that ran out or was given back is none
  lost         int not null default 0,            -- leases that ran out: the process died, or the work outlived it
  run_at       timestamptz not null default now(),
  lease_until  timestamptz,
  lease_token  uuid,
  progress     jsonb,
  error        text,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (workspace_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
-- `id` matters: without it every probe sorts the key's backlog (7.1 against 2.7 ms in a trial with 30,000 rows).
create index jobs_ready on jobs (queue, workspace_id, key, run_at, id) where state = 'queued';
-- Without lease_until, so that a renewal touches no index. Few rows are leased; the reaper reads them all.
create index jobs_leased   on jobs (queue, workspace_id, key) where state = 'leased';
create index jobs_finished on jobs (finished_at) where finished_at is not null;
select protect('jobs');

-- Periodic work: one row a task, so that of several processes one does it.
create table periodic_work (
  name        text primary key,
  next_run_at timestamptz not null default now(),
  lease_until timestamptz,
  lease_token uuid,
  last_run_at timestamptz,
  last_ms     int,
  last_error  text
);
grant select, insert, update on periodic_work to throughline_system;
