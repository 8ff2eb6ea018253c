-- Segments: entering and leaving one is told, and a workspace has segments of its own.

-- The built-in one of a contact is right at every read (segment_of). These say which was told last and since when it is that one; written
-- by the fold, and by the clock when somebody becomes a no-show. Writes every contact anew: some ten seconds for a million.
alter table contacts
  add column told_segment  text,
  add column segment_since timestamptz;
update contacts
   set told_segment  = segment_of(watch_percentage, registered_at),
       segment_since = case when watch_percentage = 0 then registered_at + interval '24 hours' else coalesce(last_visit, created_at) end
 where merged_into is null and segment_of(watch_percentage, registered_at) is not null;

-- Who will be a no-show, in the order in which they become one: only those of the last day, and who did not watch.
create index contacts_soon_no_show on contacts (registered_at)
  where told_segment is null and watch_percentage = 0 and registered_at is not null and merged_into is null;
create index contacts_by_segment on contacts (workspace_id, told_segment, segment_since)
  include (id) where merged_into is null;

-- Segments of one's own: a rule, and who is in it. Members are kept by what changed (server/segments/): who something happened to is looked at
-- again, and so is whose answer time alone has turned.
create table segments (
  workspace_id  int not null references workspaces on delete cascade,
  id            int generated always as identity,
  name          text not null,
  description   text,
  rule          jsonb not null,
  contact_count int not null default 0,
  counted_to    int default 0,                       -- while a new rule is counted: the last contact that was looked at; null: complete
  uses_time     boolean not null,                    -- who fits changes as time passes
  looked_at     timestamptz not null default now(),  -- until when that was followed
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('segments');

create table segment_members (
  workspace_id int not null,
  segment_id   int not null,
  contact_id   int not null,
  entered_at   timestamptz not null default now(),
  primary key (workspace_id, segment_id, contact_id),
  foreign key (workspace_id, segment_id) references segments (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index segment_members_of_contact on segment_members (workspace_id, contact_id);
select protect('segment_members');

-- Whom something happened to since they were looked at; only in workspaces with segments of their own. Appended to, so nobody waits for anybody.
create table segment_changes (
  workspace_id int not null references workspaces on delete cascade,
  id           bigint generated always as identity,
  contact_id   int not null,
  primary key (workspace_id, id)
);
select protect('segment_changes');
