-- People who operate a workspace: how they come in, what their role lets them do, whom they work beside.

-- Roles of a workspace's own, beside the five that every workspace has. Their permissions are of the shape in shared/permissions.ts.
create table roles (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  permissions  jsonb not null,                      -- scope -> action -> all | team | own; what is not named is none
  masks        text[] not null default '{}',        -- fields that are left out of every answer
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index roles_by_name on roles (workspace_id, lower(name));
select protect('roles');

alter table memberships drop constraint memberships_role_check;
alter table memberships
  add column role_id int,
  add check (role in ('owner', 'admin', 'manager', 'agent', 'analyst', 'custom')),
  add check ((role = 'custom') = (role_id is not null)),
  add foreign key (workspace_id, role_id) references roles (workspace_id, id);
create index memberships_of_role on memberships (workspace_id, role_id) where role_id is not null;

-- Only the hash of a link is kept; asking again makes a new one.
create table invitations (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  email        text not null,
  role         text not null,
  role_id      int,
  token_hash   bytea not null,
  invited_by   jsonb not null,                      -- an actor
  created_at   timestamptz not null default now(),
  sent_at      timestamptz not null default now(),
  expires_at   timestamptz not null,
  accepted_at  timestamptz,
  withdrawn_at timestamptz,
  primary key (workspace_id, id),
  check ((role = 'custom') = (role_id is not null)),
  foreign key (workspace_id, role_id) references roles (workspace_id, id)
);
create unique index invitations_open on invitations (workspace_id, email) where accepted_at is null and withdrawn_at is null;
-- Unique without its tenant, as keys are: a link is looked up before the tenant is known. On Citus it is a reference table.
create unique index invitations_by_token on invitations (token_hash);
create index invitations_of_email on invitations (email) where accepted_at is null and withdrawn_at is null;
select protect('invitations');

create table teams (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index teams_by_name on teams (workspace_id, lower(name));
select protect('teams');

create table team_members (
  workspace_id int not null,
  team_id      int not null,
  user_id      int not null,
  primary key (workspace_id, team_id, user_id),
  foreign key (workspace_id, team_id) references teams (workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
create index team_members_of_user on team_members (workspace_id, user_id);
select protect('team_members');

create index contacts_by_owner on contacts (workspace_id, owner_id) where owner_id is not null;
create index visitors_by_owner on visitors (workspace_id, owner_id) where owner_id is not null;

-- Who sees only some records reads as this role: everything that throughline_app sees, held to what is theirs by the policies below,
-- which are nobody else's. app.contacts_of, app.leads_of and so on name the users whose records they are; '*' is everybody.
do $$
begin
  begin
    if not exists (select from pg_roles where rolname = 'throughline_limited') then
      create role throughline_limited nologin;
    end if;
    if not pg_has_role('throughline_limited', 'throughline_app', 'member') then
      grant throughline_app to throughline_limited;
    end if;
    if not pg_has_role(current_user, 'throughline_limited', case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end) then
      grant throughline_limited to current_user;
    end if;
  exception
    when duplicate_object or unique_violation then null; -- another database of this cluster migrates at the same moment
  end;
end
$$;

create function limit_to(table_name regclass, condition text) returns void language plpgsql as $$
begin
  execute format('create policy theirs on %s as restrictive for select to throughline_limited using (%s)', table_name, condition);
end
$$;

-- For the policies alone: whether it is a record of one of those whose records are seen.
create function is_theirs(users text, owner int) returns boolean language sql stable parallel safe as $$
  select case when users = '*' then true else owner = any(string_to_array(users, ',')::int[]) end
$$;

-- Of a contact: whoever owns it, and whoever has a lead or an appointment of it.
select limit_to('leads', 'is_theirs(current_setting(''app.leads_of'', true), assigned_to)');
select limit_to('appointments', 'is_theirs(current_setting(''app.appointments_of'', true), assigned_to)');
select limit_to('contacts', 'is_theirs(current_setting(''app.contacts_of'', true), owner_id)
  or exists (select from leads l where l.workspace_id = contacts.workspace_id and l.contact_id = contacts.id
                and is_theirs(current_setting(''app.contacts_of'', true), l.assigned_to))
  or exists (select from appointments a where a.workspace_id = contacts.workspace_id and a.contact_id = contacts.id
                and is_theirs(current_setting(''app.contacts_of'', true), a.assigned_to))');
select limit_to('visitors', 'case when contact_id is null then is_theirs(current_setting(''app.visitors_of'', true), owner_id)
  else owner_id = any(string_to_array(nullif(current_setting(''app.visitors_of'', true), ''*''), '','')::int[])
       or exists (select from contacts c where c.workspace_id = visitors.workspace_id and c.id = visitors.contact_id) end');
select limit_to('tasks', 'is_theirs(current_setting(''app.tasks_of'', true), assigned_to)
  or exists (select from leads l where l.workspace_id = tasks.workspace_id and l.id = tasks.lead_id
                and is_theirs(current_setting(''app.tasks_of'', true), l.assigned_to))');
select limit_to('activities', '
     exists (select from contacts c where c.workspace_id = activities.workspace_id and c.id = activities.contact_id)
  or exists (select from visitors v where v.workspace_id = activities.workspace_id and v.id = activities.visitor_id)');
select limit_to('contact_merges', '
      exists (select from contacts c where c.workspace_id = contact_merges.workspace_id and c.id = contact_merges.winner_id)
  and exists (select from contacts c where c.workspace_id = contact_merges.workspace_id and c.id = contact_merges.loser_id)');
select limit_to('merge_suggestions', '
      exists (select from contacts c where c.workspace_id = merge_suggestions.workspace_id and c.id = merge_suggestions.contact_id)
  and exists (select from contacts c where c.workspace_id = merge_suggestions.workspace_id and c.id = merge_suggestions.other_contact_id)');

-- What says of nobody whose it is, and holds what was sent byte for byte.
select limit_to(name, 'false')
  from unnest(array['webhook_messages', 'deliveries', 'delivery_attempts', 'event_batches', 'intake_deliveries', 'mails', 'event_refusals',
                    'jobs', 'idempotency_keys', 'crm_log', 'transfers']) as name;

-- Everything else follows the contact, visitor, lead, appointment or conversion that it belongs to.
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

select limit_to_parent(c.relname::text)
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition;

-- From here on a new table that names a contact is held to theirs with the rest of its walls.
create or replace function protect(table_name regclass, tenant text default 'workspace_id') returns void language plpgsql as $$
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
