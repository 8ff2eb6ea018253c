-- Consent: what people allowed, purpose by purpose, in the words that they were asked with.

create table consent_purposes (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,                       -- as sites and programs call it: analytics
  label        text not null,                       -- as people read it
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index consent_purposes_by_name on consent_purposes (workspace_id, name);
select protect('consent_purposes');

-- What people were asked. A version that was shown is never changed.
create table consent_texts (
  workspace_id int not null,
  purpose_id   int not null,
  version      text not null,
  text         text not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, purpose_id, version),
  foreign key (workspace_id, purpose_id) references consent_purposes (workspace_id, id) on delete cascade
);
select protect('consent_texts');

-- Rows are added and never changed; what holds is the newest of a person (consent_of).
create table consents (
  workspace_id int not null,
  id           bigint generated always as identity,
  purpose_id   int not null,
  contact_id   int,                                 -- of a contact, or
  visitor_id   bigint,                              -- of a device
  granted      boolean not null,
  source       text not null check (source in ('tracker', 'form', 'api', 'import', 'person')),
  text_version text,
  said_at      timestamptz not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  check (num_nonnulls(contact_id, visitor_id) = 1),
  foreign key (workspace_id, purpose_id) references consent_purposes (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index consents_of_contact on consents (workspace_id, contact_id, purpose_id, said_at desc, id desc) where contact_id is not null;
create index consents_of_visitor on consents (workspace_id, visitor_id, purpose_id, said_at desc, id desc) where visitor_id is not null;
select limit_to('consents', '
     exists (select from contacts c where c.workspace_id = consents.workspace_id and c.id = consents.contact_id)
  or exists (select from visitors v where v.workspace_id = consents.workspace_id and v.id = consents.visitor_id)');
select protect('consents');

-- What a contact said last about a purpose: itself, those who are part of it, or one of its devices.
create function consent_of(workspace int, contact int, purpose int) returns setof consents language sql stable as $$
  select k.*
    from (select o.*
            from contacts c
           cross join lateral (
             select * from consents k
              where k.workspace_id = workspace and k.contact_id = c.id and k.purpose_id = purpose
              order by k.said_at desc, k.id desc
              limit 1) o
           where c.workspace_id = workspace and c.whole_id = contact
          union all
          select o.*
            from visitors v
           cross join lateral (
             select * from consents k
              where k.workspace_id = workspace and k.visitor_id = v.id and k.purpose_id = purpose
              order by k.said_at desc, k.id desc
              limit 1) o
           where v.workspace_id = workspace and v.contact_id = contact) k
   order by k.said_at desc, k.id desc
   limit 1
$$;

-- Whether a contact said no.
create function denies(workspace int, contact int, purpose text) returns boolean language sql stable as $$
  select exists (
    select
      from consent_purposes p
     cross join lateral consent_of(workspace, contact, p.id) k
     where p.workspace_id = workspace and p.name = purpose and not k.granted)
$$;

create function add_first_purposes(workspace int) returns void language sql as $$
  insert into consent_purposes (workspace_id, name, label)
  values (workspace, 'analytics', 'Analytics'), (workspace, 'marketing', 'Marketing'), (workspace, 'personalisation', 'Personalisation')
$$;
select add_first_purposes(id) from workspaces;

-- Where nobody ever denied analytics, collection asks nobody.
alter table workspaces add column analytics_denied boolean not null default false;

-- Of this purpose, nothing is told of contacts who denied it.
alter table endpoints add column purpose text;

grant select on consent_purposes, consents to throughline_reader;
create view reporting.consents with (security_invoker = true) as
  select k.workspace_id, k.id as consent_id, coalesce(c.whole_id, v.contact_id) as contact_id, k.visitor_id, p.name as purpose, k.granted,
         k.source, k.text_version, k.said_at
    from public.consents k
    join public.consent_purposes p on p.workspace_id = k.workspace_id and p.id = k.purpose_id
    left join public.contacts c on c.workspace_id = k.workspace_id and c.id = k.contact_id
    left join public.visitors v on v.workspace_id = k.workspace_id and v.id = k.visitor_id;
grant select on reporting.consents to throughline_reader;
