-- Transfers: imports, exports and actions on many records. Each is a run with progress that somebody asked for and may look at afterwards.

create table transfers (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  kind         text not null check (kind in ('import', 'export', 'bulk')),
  name         text not null,                       -- for people: the file, or what is done
  step         text not null,                       -- what is done now or was done last: 'read', 'check', 'write', 'revert' ...
  state        text not null check (state in ('waiting', 'running', 'done', 'failed', 'refused', 'stopped')), -- waiting: for a person
  settings     jsonb not null default '{}',
  total        int,
  done         int not null default 0,
  started_done int not null default 0,
  counts       jsonb not null default '{}',
  cursor       text,
  error        text,
  actor        jsonb not null,
  user_id      int,                                 -- who is told when it ends; none for a key
  created_at   timestamptz not null default now(),
  started_at   timestamptz,
  ended_at     timestamptz,
  seen_at      timestamptz,                         -- when that user looked at how it ended
  primary key (workspace_id, id)
);
create index transfers_by_kind on transfers (workspace_id, kind, id);
create index transfers_unseen on transfers (workspace_id, user_id, id) where user_id is not null and seen_at is null;
select protect('transfers');
