-- What people did. Append-only: no merge, undo or edit ever touches a row, so an event keeps the visitor it came with.
-- No foreign key from here to `visitors`: it would cost a look-up a row, and the one writer (server/events/record.ts) has
-- just read or made the visitor in the same transaction, under the workspace's lock.
create table events (
  workspace_id int not null,
  id           bigint generated always as identity, -- in the order of commits within a workspace (the lock sees to it)
  visitor_id   bigint not null,
  session_id   uuid,
  occurred_at  timestamptz not null,              -- the client's time, corrected by its own clock's skew
  received_at  timestamptz not null default now(),
  event        text collate "C" not null,
  message_id   text not null,
  key_id       int,
  is_bot       boolean not null default false,
  properties   jsonb not null default '{}',
  context      jsonb not null default '{}',
  primary key (workspace_id, id, occurred_at)
) partition by range (occurred_at);
create index events_of_visitor on events (workspace_id, visitor_id, occurred_at desc, id desc);
create index events_by_name    on events (workspace_id, event, occurred_at desc);
select protect('events');
revoke update on events from throughline_app;

-- Makes the partitions of the months between two times. The server's role may not create tables; this function may.
create function ensure_event_partitions(from_time timestamptz, to_time timestamptz) returns int
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  month  date := date_trunc('month', from_time at time zone 'UTC')::date;
  last   date := date_trunc('month', to_time at time zone 'UTC')::date;
  part   text;
  made   int := 0;
begin
  while month <= last loop
    part := 'events_' || to_char(month, 'YYYY_MM');
    if to_regclass(part) is null then
      perform pg_advisory_xact_lock(hashtext('throughline.partitions'));
      if to_regclass(part) is null then
        execute format('create table %I partition of events for values from (%L) to (%L)',
          part, month::text || ' 00:00+00', (month + interval '1 month')::date::text || ' 00:00+00');
        -- A partition read by its own name must stand behind the same wall.
        perform protect(part::regclass);
        execute format('revoke all on %I from throughline_app', part);
        made := made + 1;
      end if;
    end if;
    month := (month + interval '1 month')::date;
  end loop;
  return made;
end
$$;
revoke execute on function ensure_event_partitions from public;
grant execute on function ensure_event_partitions to throughline_app, throughline_system;

-- One message id counts once within 30 days. Hashed to 16 bytes; older rows are deleted by the schedule.
create table message_ids (
  workspace_id int not null,
  message      uuid not null,                     -- the first 16 bytes of SHA-256 of the message id
  received_at  timestamptz not null default now(),
  primary key (workspace_id, message)
);
create index message_ids_by_age on message_ids using brin (received_at) with (pages_per_range = 32);
select protect('message_ids');

-- Visits: events with at most 30 idle minutes between them.
create table sessions (
  workspace_id     int not null,
  id               uuid not null,
  visitor_id       bigint not null,
  started_at       timestamptz not null,
  last_at          timestamptz not null,
  event_count      int not null default 0,
  page_count       int not null default 0,
  entry_url        text,
  exit_url         text,
  referring_domain text,
  touch            jsonb not null default '{}',
  ip               inet,
  user_agent       text,
  browser          text,
  os               text,
  device_type      text,
  country_code     text,
  region           text,
  city             text,
  primary key (workspace_id, id)
) with (fillfactor = 85);
create index sessions_of_visitor on sessions (workspace_id, visitor_id, started_at desc) include (id);
select protect('sessions');

-- Kept where the write happens: what came in, by day and name, and what was refused and why.
create table event_counts (
  workspace_id int not null,
  day          date not null,
  event        text collate "C" not null,
  events       bigint not null default 0,
  bots         bigint not null default 0,
  first_at     timestamptz not null,
  last_at      timestamptz not null,
  primary key (workspace_id, day, event)
);
select protect('event_counts');

create table event_refusals (
  workspace_id int not null,
  id           bigint generated always as identity,
  received_at  timestamptz not null default now(),
  key_id       int,
  code         text not null,
  message      text not null,
  body         text,                              -- as it came, at most 32 KB
  primary key (workspace_id, id)
);
select protect('event_refusals');

-- A salt a day, for visitors who consented to counting but not to storing: kept two days, then nobody can link them again.
create table daily_salts (
  day  date primary key,
  salt bytea not null
);
grant select, insert, delete on daily_salts to throughline_system;
