-- Who gets an appointment for which nobody chose a person.

-- ZIP codes, beginnings of them, states or countries, uploaded as a whole.
create table area_lists (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  kind         text not null check (kind in ('zip', 'zip_prefix', 'state', 'country')),
  entry_count  int not null default 0,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('area_lists');

-- As they are compared (server/appointments/routing/bare.ts). Asked from a value to its lists, so that is the order of the key.
create table area_list_entries (
  workspace_id int not null,
  kind         text not null,
  value        text collate "C" not null,
  list_id      int not null,
  primary key (workspace_id, kind, value, list_id),
  foreign key (workspace_id, list_id) references area_lists (workspace_id, id) on delete cascade
);
create index area_list_entries_of_list on area_list_entries (workspace_id, list_id, value);
select protect('area_list_entries');

create table routing_rules (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  rank         float8 not null check (rank > 0),  -- the lowest is asked first; between two there is room for others (ranks.ts)
  name         text not null,
  active       boolean not null default true,
  matches      jsonb not null default '{}',       -- RoutingMatches of shared/routing.ts
  target       jsonb not null,                    -- a person, a pool, another workspace of the organization, or nobody
  fallback     jsonb not null default '[]',       -- who is asked when nobody of the target can, in this order
  needs_free   boolean not null default true,
  version      int not null default 1,            -- that counts; the others are in routing_rule_versions
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index routing_rules_by_rank on routing_rules (workspace_id, rank);
select protect('routing_rules');

-- The inverted table: each active rule stands at the values of one of its conditions, or at the pairs of two: those that the fewest rules
-- share (server/appointments/routing/keys.ts). An appointment asks for its own values, in the order of the rules, and reads no others.
create table routing_rule_keys (
  workspace_id int not null,
  dimension    text not null,                     -- 'any' for rules that ask for no value
  value        text collate "C" not null,
  rank         float8 not null,                   -- a type whose comparison is known not to leak: else no index is used for it
  rule_id      int not null,
  primary key (workspace_id, dimension, value, rank, rule_id),
  foreign key (workspace_id, rule_id) references routing_rules (workspace_id, id) on delete cascade
);
create index routing_rule_keys_of_rule on routing_rule_keys (workspace_id, rule_id);
select protect('routing_rule_keys');

-- Each publishing of a rule. They stay when the rule is deleted: decisions name them.
create table routing_rule_versions (
  workspace_id int not null references workspaces on delete cascade,
  rule_id      int not null,
  version      int not null,
  settings     jsonb not null,                    -- name, active, matches, target, fallback, needs_free
  published_by jsonb not null,                    -- actor
  published_at timestamptz not null default now(),
  primary key (workspace_id, rule_id, version)
);
select protect('routing_rule_versions');

-- Why an appointment is whose it is. Never changed but for the appointment, which may be booked a moment later in the same transaction.
create table routing_decisions (
  workspace_id   int not null references workspaces on delete cascade,
  id             bigint generated always as identity,
  appointment_id bigint,
  rule_id        int,
  rule_version   int,
  pool_id        int,                             -- that chose
  strategy       text,
  step           smallint not null default 0,     -- 0: the rule's target, 1: its first fallback, ...
  reason         text not null,                   -- DECISION_REASONS of shared/routing.ts
  target         jsonb not null,                  -- {kind: person | workspace | nobody, ...}
  candidates     int[] not null default '{}',
  excluded       jsonb not null default '[]',     -- [{user_id, pool_id, reason}]
  inputs         jsonb not null default '{}',     -- what was asked about
  actor          jsonb not null default '{"kind": "system"}',
  at             timestamptz not null default clock_timestamp(),
  primary key (workspace_id, id),
  foreign key (workspace_id, appointment_id) references appointments (workspace_id, id) on delete cascade
);
create index routing_decisions_of_appointment on routing_decisions (workspace_id, appointment_id, id);
create index routing_decisions_of_rule on routing_decisions (workspace_id, rule_id, id) where rule_id is not null;
select protect('routing_decisions');

-- How many somebody has at a time: what caps and the least loaded ask for, answered from the index alone.
create index appointments_open_of_person on appointments (workspace_id, assigned_to)
  where status in ('pending', 'scheduled', 'confirmed', 'rescheduled');
