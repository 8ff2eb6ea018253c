-- Privacy: erasures and what they leave behind, so that nobody comes back by a restore or an import that was under way.

-- A run (server/queue/runs.ts).
create table erasures (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  state        text not null default 'running' check (state in ('running', 'done', 'failed')), -- failed: tried again every hour
  contact_ids  int[] not null,                      -- numbers only
  subject      jsonb,                               -- who, while it runs (server/privacy/who.ts); null afterwards
  total        int,                                 -- steps
  done         int not null default 0,
  started_done int not null default 0,
  counts       jsonb not null default '{}',         -- rows by table
  cursor       text,                                -- the step that was done last
  warning      text,                                -- what could not be done elsewhere, as a CRM that was not told
  error        text,
  reason       text,                                -- why, in the words of who asked for it
  actor        jsonb not null,
  created_at   timestamptz not null default now(),
  started_at   timestamptz,
  ended_at     timestamptz,
  primary key (workspace_id, id)
);
create index erasures_unfinished on erasures (workspace_id, id) where state <> 'done';
select protect('erasures');

-- The tombstones. HMACs with a key that is not in the database: nobody can be read from them, but who is asked about can be known again.
create table erased_values (
  workspace_id int not null,
  digest       bytea not null,
  erasure_id   int not null,
  erased_at    timestamptz not null default now(),
  primary key (workspace_id, digest),
  foreign key (workspace_id, erasure_id) references erasures (workspace_id, id) on delete cascade
);
select protect('erased_values');

-- How long a workspace keeps people who do nothing.
create table retention_rules (
  workspace_id     int primary key references workspaces on delete cascade,
  unengaged_months int check (unengaged_months between 1 and 240), -- null: for ever
  updated_at       timestamptz not null default now()
);
select protect('retention_rules');
