-- What somebody looks at again and again: the search of the report screens under a name.

create table dashboards (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  state        jsonb not null,                        -- as it stands in the address of the screen
  is_shared    boolean not null,                      -- with everybody in the workspace; otherwise only its maker sees it
  created_by   int references users on delete set null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('dashboards');
