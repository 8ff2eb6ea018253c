-- Meetings with customers.

create extension if not exists btree_gist;

create table appointments (
  workspace_id     int not null references workspaces on delete cascade,
  id               bigint generated always as identity,
  contact_id       int not null,
  lead_id          bigint,
  type             text not null default 'consultation',
  scheduled_at     timestamptz not null,
  duration_minutes int not null default 60 check (duration_minutes between 1 and 1440),
  ends_at          timestamptz not null,          -- kept by the verb that books: scheduled_at and the duration
  time_zone        text not null default 'UTC',   -- the customer's
  place            text not null default 'phone' check (place in ('home', 'office', 'phone', 'video')),
  location         text,
  assigned_to      int references users on delete set null,
  status           text not null default 'scheduled'
                   check (status in ('pending', 'scheduled', 'confirmed', 'completed', 'cancelled', 'no_show', 'rescheduled')),
  notes            text,
  customer_notes   text,
  estimated_value  numeric(18, 2),
  outcome          text,
  next_step        text,
  next_step_at     timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete set null (lead_id)
);
create index appointments_of_contact on appointments (workspace_id, contact_id, scheduled_at desc);
create index appointments_of_lead    on appointments (workspace_id, lead_id) where lead_id is not null;
create index appointments_by_time    on appointments (workspace_id, scheduled_at, id);
select protect('appointments');

grant select on appointments to throughline_reader;

create view reporting.appointments with (security_invoker = true) as
  select a.id, a.workspace_id, coalesce(c.merged_into, a.contact_id) as contact_id, a.lead_id, a.type, a.scheduled_at, a.duration_minutes,
         a.ends_at, a.time_zone, a.place, a.location, a.assigned_to, a.status, a.notes, a.customer_notes, a.estimated_value, a.outcome,
         a.next_step, a.next_step_at, a.created_at, a.updated_at
    from public.appointments a
    left join public.contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id;

create view reporting.appointment_events with (security_invoker = true) as
  select e.id, e.workspace_id, a.id as appointment_id, a.lead_id, coalesce(c.merged_into, a.contact_id) as contact_id,
         e.action as event_type, e.actor, e.before, e.after, e.at as "timestamp"
    from public.appointments a
    join public.activities e on e.workspace_id = a.workspace_id and e.subject_id = a.id::text and e.action like 'appointment.%'
    left join public.contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id;

grant select on reporting.appointments, reporting.appointment_events to throughline_reader;
