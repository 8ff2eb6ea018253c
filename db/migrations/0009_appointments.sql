-- Meetings with customers: who has time, what is booked, who gets what nobody chose.

create extension if not exists btree_gist;

-- Who shares what comes in: a booking page or a routing rule gives to one of its members.
create table pools (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  strategy     text not null check (strategy in ('owner_first', 'weighted', 'least_recent', 'least_loaded')),
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
select protect('pools');

-- Counted by whoever chooses, under the workspace's lock of routing.
create table pool_members (
  workspace_id  int not null,
  pool_id       int not null,
  user_id       int not null references users on delete cascade,
  weight        int not null default 1 check (weight between 1 and 100),
  priority      smallint not null default 3 check (priority between 1 and 5), -- only the most urgent that is free is looked at; 1 is first
  cap_day       int,                              -- at most so many a day, a week, and open at a time
  cap_week      int,
  cap_open      int,
  turn          int not null default 0,           -- of the smooth weighted round robin (server/leads/choose.ts)
  assigned      bigint not null default 0,
  last_at       timestamptz,
  day           date,                             -- of assigned_day, in the workspace's zone
  assigned_day  int not null default 0,
  week          date,                             -- its Monday
  assigned_week int not null default 0,
  primary key (workspace_id, pool_id, user_id),
  foreign key (workspace_id, pool_id) references pools (workspace_id, id) on delete cascade
);
select protect('pool_members');

-- What can be booked, and where customers book it.
create table appointment_types (
  workspace_id     int not null references workspaces on delete cascade,
  key              text not null,                 -- 'consultation': what an appointment's `type` says
  name             text not null,
  description      text,
  duration_minutes int not null default 60 check (duration_minutes between 1 and 1440),
  interval_minutes int not null default 30 check (interval_minutes between 5 and 1440), -- slots begin so far apart
  place            text not null default 'phone' check (place in ('home', 'office', 'phone', 'video')),
  location         text,                          -- an address, a number or a link, as people read it
  before_minutes   int not null default 0 check (before_minutes between 0 and 1440),    -- kept free around it
  after_minutes    int not null default 0 check (after_minutes between 0 and 1440),
  notice_minutes   int not null default 240 check (notice_minutes between 0 and 525600), -- not booked later than so long before
  horizon_days     int not null default 60 check (horizon_days between 1 and 366),
  confirmation     text not null default 'automatic' check (confirmation in ('automatic', 'by_hand')),
  hold_minutes     int not null default 10 check (hold_minutes between 1 and 60),
  grace_minutes    int check (grace_minutes between 0 and 10080), -- so long after its end it is a no-show by itself; null: by hand only
  reminders        jsonb not null default '[{"before_minutes": 1440, "to": "customer"}, {"before_minutes": 60, "to": "customer"}]',
  pool_id          int,                           -- whose time is offered
  address          text collate "C",              -- of the booking page: /book/{address}
  is_public        boolean not null default false,
  position         int not null default 1,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, key),
  foreign key (workspace_id, pool_id) references pools (workspace_id, id) on delete set null (pool_id)
);
-- Looked up before the tenant is known, as `keys`.
create unique index appointment_types_by_address on appointment_types (address) where address is not null;
select protect('appointment_types');

create function add_first_appointment_type(workspace int) returns void language sql as $$
  insert into appointment_types (workspace_id, key, name) values (workspace, 'consultation', 'Consultation')
$$;
select add_first_appointment_type(id) from workspaces;

-- Who can be booked, and when. Hours are what a clock on the wall shows in the person's zone.
create table staff (
  workspace_id    int not null references workspaces on delete cascade,
  user_id         int not null references users on delete cascade,
  time_zone       text not null,                  -- IANA
  bookable        boolean not null default true,
  before_minutes  int not null default 0 check (before_minutes between 0 and 1440),     -- the larger of this and the type's counts
  after_minutes   int not null default 0 check (after_minutes between 0 and 1440),
  notice_minutes  int not null default 0 check (notice_minutes between 0 and 525600),
  daily_limit     int check (daily_limit between 1 and 1000),
  -- Their own calendar, as they read it elsewhere: of the token in its address. The token itself is shown once and kept nowhere.
  feed_hash       bytea,
  -- What they have elsewhere, read from an address of theirs.
  busy_url        text,                           -- sealed
  busy_host       text,                           -- of it, and all that is shown of it
  busy_read_at    timestamptz,                    -- the last time that it could be read
  busy_tried_at   timestamptz,
  busy_error      text,                           -- in words; null: it could be read
  busy_etag       text,                           -- both as the last good answer had them
  busy_modified   text,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create unique index staff_by_feed on staff (feed_hash) where feed_hash is not null;
create index staff_busy_due on staff (busy_tried_at nulls first) where busy_url is not null;
select protect('staff');

create table staff_hours (
  workspace_id int not null,
  user_id      int not null,
  weekday      smallint not null check (weekday between 1 and 7), -- 1 is Monday
  opens        time not null,
  closes       time not null,                     -- 24:00 is the end of the day; a night shift is two rows
  check (opens < closes),
  primary key (workspace_id, user_id, weekday, opens),
  foreign key (workspace_id, user_id) references staff (workspace_id, user_id) on delete cascade
);
select protect('staff_hours');

-- A date on which the hours are others: those of its rows, or none at all (one row without hours).
create table staff_dates (
  workspace_id int not null,
  id           bigint generated always as identity,
  user_id      int not null,
  date         date not null,
  opens        time,
  closes       time,
  check ((opens is null) = (closes is null) and (opens is null or opens < closes)),
  primary key (workspace_id, id),
  foreign key (workspace_id, user_id) references staff (workspace_id, user_id) on delete cascade
);
create index staff_dates_of_person on staff_dates (workspace_id, user_id, date);
select protect('staff_dates');

create table staff_absences (
  workspace_id int not null,
  id           bigint generated always as identity,
  user_id      int not null,
  during       tstzrange not null,
  reason       text,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, user_id) references staff (workspace_id, user_id) on delete cascade
);
create index staff_absences_of_person on staff_absences using gist (workspace_id, user_id, during);
select protect('staff_absences');

-- What the calendar at `busy_url` says: no titles, only when. Replaced as a whole whenever it is read.
create table busy_times (
  workspace_id int not null,
  id           bigint generated always as identity,
  user_id      int not null,
  during       tstzrange not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, user_id) references staff (workspace_id, user_id) on delete cascade
);
create index busy_times_of_person on busy_times using gist (workspace_id, user_id, during);
select protect('busy_times');

-- Which workspaces of the same organization may hand appointments on to this one. Nobody else can put anything here: a tenant is a wall.
alter table workspaces add column accepts_from int[] not null default '{}';

-- Adding an interval is not immutable because of days and months; minutes are the same everywhere.
create function minutes_later(moment timestamptz, minutes int) returns timestamptz language sql immutable parallel safe as $$
  select moment + make_interval(mins => minutes)
$$;

create table appointments (
  workspace_id     int not null references workspaces on delete cascade,
  id               bigint generated always as identity,
  contact_id       int,                           -- null while a slot is only held
  lead_id          bigint,
  type             text not null default 'consultation', -- the key of an appointment type, or what a provider called it
  scheduled_at     timestamptz not null,
  duration_minutes int not null default 60 check (duration_minutes between 1 and 1440),
  before_minutes   int not null default 0 check (before_minutes between 0 and 1440), -- kept free around it
  after_minutes    int not null default 0 check (after_minutes between 0 and 1440),
  ends_at          timestamptz not null generated always as (minutes_later(scheduled_at, duration_minutes)) stored,
  during           tstzrange not null generated always as (                          -- what it takes of the person's time
                     tstzrange(minutes_later(scheduled_at, -before_minutes), minutes_later(scheduled_at, duration_minutes + after_minutes))) stored,
  time_zone        text not null default 'UTC',   -- the customer's
  place            text not null default 'phone' check (place in ('home', 'office', 'phone', 'video')),
  location         text,
  assigned_to      int references users on delete set null,
  status           text not null default 'scheduled'
                   check (status in ('held', 'pending', 'scheduled', 'confirmed', 'completed', 'cancelled', 'no_show', 'rescheduled')),
  notes            text,                          -- inside
  customer_notes   text,
  estimated_value  numeric(18, 2),
  outcome          text,                          -- 'won', 'lost', 'follow_up', or one's own word
  next_step        text,
  next_step_at     timestamptz,
  blocks           boolean not null default true, -- false: somebody wanted it beside another one
  held_until       timestamptz,
  uid              uuid not null default gen_random_uuid(), -- in every .ics, forever
  version          int not null default 0,        -- rises with time, place, person and end: SEQUENCE of .ics, and of which version a reminder is
  reschedule_count int not null default 0,
  cancel_reason    text,
  booked_by        jsonb not null default '{"kind": "system"}', -- actor
  source           text,
  product          text,
  language         text,
  score            int,
  street           text,
  city             text,
  state            text,
  zip_code         text,
  country          text,
  fields           jsonb not null default '{}',   -- answers of the booking page, and what else came with it
  webhook_id       int,
  provider_id      text,
  delivery_id      bigint,
  external_id      text collate "C",              -- the sender's own id of it
  decision_id      bigint,                        -- the routing decision that counts
  origin_workspace_id int,                        -- of a copy: whose it is a copy of
  origin_id        bigint,
  copy_workspace_id int,                          -- of what was handed on: where its copy is
  copy_id          bigint,
  is_test          boolean not null default false,
  confirmed_at     timestamptz,
  ended_at         timestamptz,                   -- completed, cancelled or no_show since
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete set null (lead_id),
  check (contact_id is not null or status = 'held'),
  check ((status = 'held') = (held_until is not null)),
  -- Nobody is booked twice. What is held counts, so a hold and a booking exclude each other.
  constraint appointments_once exclude using gist (workspace_id with =, assigned_to with =, during with &&)
    where (blocks and status in ('held', 'pending', 'scheduled', 'confirmed', 'rescheduled'))
);
create index appointments_of_contact on appointments (workspace_id, contact_id, scheduled_at desc);
create index appointments_of_lead    on appointments (workspace_id, lead_id) where lead_id is not null;
create index appointments_by_time    on appointments (workspace_id, scheduled_at, id);
create index appointments_of_person  on appointments (workspace_id, assigned_to, scheduled_at, id);
create index appointments_by_status  on appointments (workspace_id, status, scheduled_at, id);
create index appointments_by_uid     on appointments (workspace_id, uid); -- of ours that come back in somebody's calendar
create index appointments_by_type    on appointments (workspace_id, type, scheduled_at, id);
create index appointments_of_tests   on appointments (workspace_id, scheduled_at, id) where is_test;
create index appointments_held       on appointments (held_until) where status = 'held';
-- What may have been missed, where nobody says what came of it.
create index appointments_unended    on appointments (workspace_id, type, scheduled_at) where status in ('scheduled', 'confirmed', 'rescheduled');
create unique index appointments_by_external on appointments (workspace_id, webhook_id, external_id) where external_id is not null;
create unique index appointments_of_origin   on appointments (workspace_id, origin_workspace_id, origin_id) where origin_id is not null;
select protect('appointments');

-- What will be sent, each of one version of its appointment: a later version has its own.
create table appointment_reminders (
  workspace_id   int not null,
  id             bigint generated always as identity,
  appointment_id bigint not null,
  version        int not null,
  recipient      text not null check (recipient in ('customer', 'staff')),
  before_minutes int not null,
  due_at         timestamptz not null,
  state          text not null default 'waiting' check (state in ('waiting', 'sent', 'skipped')),
  reason         text,                            -- why it was skipped
  settled_at     timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, appointment_id, recipient, before_minutes, version),
  foreign key (workspace_id, appointment_id) references appointments (workspace_id, id) on delete cascade
);
create index appointment_reminders_due on appointment_reminders (due_at) where state = 'waiting';
select protect('appointment_reminders');

-- An invitation, as an .ics file: it goes with the mail.
alter table mails add column calendar text;

-- Kept by whoever writes an appointment, in the same transaction; `throughline rebuild` makes it again. Tests do not count.
create table appointment_days (
  workspace_id int not null references workspaces on delete cascade,
  day          date not null,                     -- on which it begins, in UTC
  dimension    text collate "C" not null,         -- type, assignee, source, product, webhook
  value        text collate "C" not null,         -- '' when it is not known
  booked       int not null default 0,            -- all of them
  completed    int not null default 0,
  no_show      int not null default 0,
  cancelled    int not null default 0,
  won          int not null default 0,            -- completed, with that outcome
  won_value    numeric(24, 2) not null default 0, -- their estimated value
  primary key (workspace_id, dimension, day, value)
);
select protect('appointment_days');

-- Who of the people who work here has which e-mail: senders name them so. Only of the workspaces that the transaction names, so that it is
-- no hole in the wall.
create function members_by_email(emails text[]) returns table (workspace_id int, user_id int, email text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select m.workspace_id, m.user_id, u.email
    from users u
    join memberships m on m.user_id = u.id
   where u.email = any(emails)
     and (m.workspace_id = nullif(current_setting('app.workspace_id', true), '')::int
       or m.workspace_id::text = any(string_to_array(current_setting('app.workspaces', true), ',')))
$$;
revoke execute on function members_by_email from public;
grant execute on function members_by_email to throughline_app, throughline_system;

-- An appointment that was won makes one conversion of each type.
alter table conversions add column appointment_id bigint;
create unique index conversions_of_appointment on conversions (workspace_id, appointment_id, type) where appointment_id is not null;

grant select on appointments to throughline_reader;

-- What is only held is nobody's appointment yet, and tests count nowhere.
create view reporting.appointments with (security_invoker = true) as
  select a.id, a.workspace_id, coalesce(c.merged_into, a.contact_id) as contact_id, a.lead_id, a.type, a.scheduled_at, a.duration_minutes,
         a.ends_at, a.time_zone, a.place, a.location, a.assigned_to, a.status, a.notes, a.customer_notes, a.estimated_value, a.outcome,
         a.next_step, a.next_step_at, a.source, a.product, a.reschedule_count, a.cancel_reason, a.confirmed_at, a.ended_at,
         a.created_at, a.updated_at
    from public.appointments a
    left join public.contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
   where a.status <> 'held' and not a.is_test;

create view reporting.appointment_events with (security_invoker = true) as
  select e.id, e.workspace_id, a.id as appointment_id, a.lead_id, coalesce(c.merged_into, a.contact_id) as contact_id,
         e.action as event_type, e.actor, e.before, e.after, e.at as "timestamp"
    from public.appointments a
    join public.activities e on e.workspace_id = a.workspace_id and e.subject_id = a.id::text and e.action like 'appointment.%'
    left join public.contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
   where not a.is_test;

-- As before, and of which appointment it came.
create or replace view reporting.conversions with (security_invoker = true) as
  select n.id, n.workspace_id, coalesce(c.merged_into, n.contact_id, v.contact_id) as contact_id, n.visitor_id, n.lead_id, n.type,
         n.value, n.value as conversion_value, n.refunded, n.value - n.refunded as revenue, n.currency, n.status, n.source,
         n.order_id, n.booking_id, n.event_id, n.converted_by, n.converted_at, n.data, n.created_at, n.updated_at, n.appointment_id
    from public.conversions n
    left join public.contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
    left join public.visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
   where n.counts;

grant select on reporting.appointments, reporting.appointment_events to throughline_reader;
