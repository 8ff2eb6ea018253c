-- Who is who. A visitor is one distinct_id; a person is a cluster of visitors; a contact is a person who gave an e-mail or a
-- phone. `person_id` and `contact_id` are a cache of the log `identity_links`: `throughline rebuild` makes them again.

create table contacts (
  workspace_id     int not null references workspaces on delete cascade,
  id               int not null,                  -- six digits, not in sequence (server/contacts/number.ts)
  email            text,
  phone            text,                          -- E.164
  user_id          text,                          -- the id in the customer's own application; makes a member
  owner_id         int references users on delete set null,
  own_traits       jsonb not null default '{}',   -- {key: [value, ms]}: said about the contact itself, by hand or by the API
  traits           jsonb not null default '{}',   -- {key: [value, ms]}: own and the visitors', the newest of each key
  first_name       text generated always as (traits->'first_name'->>0) stored,
  last_name        text generated always as (traits->'last_name'->>0) stored,
  name             text generated always as (coalesce(
                     nullif(trim(coalesce(traits->'first_name'->>0, '') || ' ' || coalesce(traits->'last_name'->>0, '')), ''),
                     traits->'name'->>0)) stored,
  gender           text generated always as (traits->'gender'->>0) stored,
  age              int generated always as (case when jsonb_typeof(traits->'age'->0) = 'number' then (traits->'age'->>0)::numeric::int end) stored,
  address          jsonb generated always as (traits->'address'->0) stored,
  -- Folded from the visitors (server/contacts/fold.ts), never counted on their own.
  first_seen       timestamptz,
  last_visit       timestamptz,
  visit_count      int not null default 0,
  event_count      bigint not null default 0,
  country_code     text,
  region           text,
  city             text,
  referring_domain text,
  first_touch      jsonb not null default '{}',
  last_touch       jsonb not null default '{}',
  watch_percentage smallint not null default 0,
  registered_at    timestamptz,
  engaged_at       timestamptz,
  offer_viewed_at  timestamptz,
  converted_at     timestamptz,
  stage            text generated always as (case
                     when converted_at is not null then 'converted'
                     when offer_viewed_at is not null then 'offer_viewed'
                     when engaged_at is not null then 'engaged'
                     else 'lead' end) stored,
  lifetime_value   numeric(18, 2) not null default 0,
  engagement_score int not null default 0,
  merged_into      int,                           -- the contact that this one is part of; null for one that stands by itself
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, merged_into) references contacts (workspace_id, id)
);
create index contacts_by_created    on contacts (workspace_id, created_at desc, id desc) where merged_into is null;
create index contacts_by_last_visit on contacts (workspace_id, last_visit desc nulls last, id desc) where merged_into is null;
create index contacts_by_name       on contacts (workspace_id, name, id) where merged_into is null;
create index contacts_by_email      on contacts (workspace_id, email, id) where merged_into is null;
create index contacts_merged        on contacts (workspace_id, merged_into) where merged_into is not null;
select protect('contacts');

-- What finds a contact again: one value of one kind belongs to one contact within a dedupe scope ('' is the workspace's own).
create table contact_keys (
  workspace_id int not null,
  scope        text not null default '',
  kind         text not null check (kind in ('user_id', 'email', 'phone')),
  value        text collate "C" not null,
  contact_id   int not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, scope, kind, value),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_keys_of_contact on contact_keys (workspace_id, contact_id);
select protect('contact_keys');

-- Apart from `contacts`, because those change with every visit and this index is dear to write.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create table contact_search (
  workspace_id int not null,
  contact_id   int not null,
  words        text not null,                     -- name, e-mail, phone, user_id, in lower case
  primary key (workspace_id, contact_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_search_words on contact_search using gin (workspace_id, words gin_trgm_ops);
select protect('contact_search');

create sequence visitor_ids increment by 1000;    -- a process takes a thousand at a time (server/visitors/number.ts)
grant usage on sequence visitor_ids to throughline_app, throughline_system;

-- No foreign key to `workspaces` here and on `activities`: it would cost a look-up a row in the hottest writes.
create table visitors (
  workspace_id     int not null,
  id               bigint not null,
  distinct_id      text collate "C" not null,
  kind             text not null check (kind in ('anonymous', 'user', 'email', 'blocked')),
  person_id        bigint,                        -- the visitor that stands for the whole cluster; null: this one, alone or as the root
  contact_id       int,
  owner_id         int references users on delete set null,
  first_seen       timestamptz not null,
  last_visit       timestamptz not null,
  event_count      bigint not null default 0,
  visit_count      int not null default 0,
  country_code     text,
  region           text,
  city             text,
  referring_domain text,
  first_touch      jsonb not null default '{}',   -- {at, source, medium, campaign, term, content, referring_domain, ...}
  last_touch       jsonb not null default '{}',
  traits           jsonb not null default '{}',   -- {key: [value, ms]}
  watch_percentage smallint not null default 0,
  registered_at    timestamptz,
  engaged_at       timestamptz,
  offer_viewed_at  timestamptz,
  converted_at     timestamptz,
  engagement_score int not null default 0,
  is_bot           boolean not null default false,
  created_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete set null (contact_id)
) with (fillfactor = 85);
create unique index visitors_by_distinct_id on visitors (workspace_id, distinct_id);
create index visitors_of_person  on visitors (workspace_id, person_id) where person_id is not null;
create index visitors_of_contact on visitors (workspace_id, contact_id) where contact_id is not null;
select protect('visitors');

-- The join of the first seed. A visitor belongs to at most one contact, so it is a view and cannot disagree with `visitors`.
create view contacts_visitors with (security_invoker = true) as
  select workspace_id, contact_id, id as visitor_id, distinct_id
    from visitors
   where contact_id is not null;
grant select on contacts_visitors to throughline_app, throughline_system;

-- The truth about identity: every claim that two are one, and what became of it.
create table identity_links (
  workspace_id     int not null,
  id               bigint generated always as identity,
  reason           text not null check (reason in ('alias', 'identify', 'event', 'form', 'email_link', 'import', 'manual')),
  outcome          text not null check (outcome in ('linked', 'noop', 'refused_two_identified', 'refused_blocked', 'refused_limit')),
  visitor_id       bigint not null,
  other_visitor_id bigint,                        -- the same person as this visitor ...
  contact_id       int,                           -- ... or as this contact
  forced           boolean not null default false,
  actor            jsonb not null,
  message_id       text,
  occurred_at      timestamptz not null,
  repeats          int not null default 0,        -- how often the same claim came again with the same outcome
  last_at          timestamptz not null,
  created_at       timestamptz not null default now(),
  revoked_at       timestamptz,
  revoked_by       jsonb,
  reviewed_at      timestamptz,                   -- a refused claim that somebody looked at and let be
  primary key (workspace_id, id),
  check ((other_visitor_id is null) <> (contact_id is null)),
  foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_visitor_id) references visitors (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create unique index identity_links_once on identity_links
  (workspace_id, visitor_id, other_visitor_id, contact_id, reason, outcome) nulls not distinct where revoked_at is null;
create index identity_links_of_other   on identity_links (workspace_id, other_visitor_id) where other_visitor_id is not null;
create index identity_links_of_contact on identity_links (workspace_id, contact_id) where contact_id is not null;
create index identity_links_of_visitor on identity_links (workspace_id, visitor_id);
create index identity_links_to_review  on identity_links (workspace_id, last_at desc, id desc)
  where outcome like 'refused%' and revoked_at is null and reviewed_at is null;
select protect('identity_links');

-- Two contacts made one by a person's decision. `loser_id` goes into `winner_id`; undone_at takes it back.
create table contact_merges (
  workspace_id int not null,
  id           bigint generated always as identity,
  winner_id    int not null,
  loser_id     int not null,
  forced       boolean not null default false,
  actor        jsonb not null,
  before       jsonb not null,                    -- both contacts as they were
  created_at   timestamptz not null default now(),
  undone_at    timestamptz,
  undone_by    jsonb,
  primary key (workspace_id, id),
  foreign key (workspace_id, winner_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, loser_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_merges_of_winner on contact_merges (workspace_id, winner_id);
create index contact_merges_of_loser  on contact_merges (workspace_id, loser_id);
select protect('contact_merges');

-- Two contacts that look like one: for a person to decide.
create table merge_suggestions (
  workspace_id     int not null,
  id               bigint generated always as identity,
  contact_id       int not null,
  other_contact_id int not null,
  reason           text not null check (reason in ('two_keys', 'phone_other_name', 'two_identified')),
  evidence         jsonb not null default '{}',
  created_at       timestamptz not null default now(),
  decided_at       timestamptz,
  decision         text check (decision in ('merged', 'dismissed')),
  primary key (workspace_id, id),
  check (contact_id < other_contact_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_contact_id) references contacts (workspace_id, id) on delete cascade
);
create unique index merge_suggestions_once on merge_suggestions (workspace_id, contact_id, other_contact_id);
create index merge_suggestions_open on merge_suggestions (workspace_id, created_at desc, id desc) where decided_at is null;
select protect('merge_suggestions');
