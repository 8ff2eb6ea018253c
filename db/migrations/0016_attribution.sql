-- Who sent those who register and convert. Kept by server/attribution/, which hears of every person who changed (server/journeys/).

-- What led to each conversion that counts: the visits that somebody sent, oldest first, each with its share of the conversion by each
-- model. The shares of a model add up to exactly 1. Nobody sent: one row without values.
create table conversion_touches (
  workspace_id   int not null,
  conversion_id  bigint not null,
  n              smallint not null,
  person         bigint not null,                  -- as in person_funnels
  funnel_id      text collate "C" not null,        -- '' where the conversion names none
  day            date not null,                    -- of the conversion, in UTC
  type           text collate "C" not null,
  currency       text collate "C" not null,
  revenue        numeric(18, 2) not null,          -- less refunds
  at             timestamptz,                      -- of the visit
  source         text collate "C" not null,
  medium         text collate "C" not null,
  campaign       text collate "C" not null,
  term           text collate "C" not null,
  content        text collate "C" not null,
  referrer       text collate "C" not null,
  referral_code  text collate "C" not null,
  first_touch    numeric(7, 6) not null,
  last_touch     numeric(7, 6) not null,
  linear         numeric(7, 6) not null,
  time_decay     numeric(7, 6) not null,
  position_based numeric(7, 6) not null,
  others         smallint not null default 0,      -- a bit for each of the seven values that is summed up under "others"
  primary key (workspace_id, conversion_id, n)
);
create index conversion_touches_of_person on conversion_touches (workspace_id, person);
create index conversion_touches_by_day on conversion_touches (workspace_id, day);
select protect('conversion_touches');

-- Their sums, of each funnel and of '', which is all.
create table attribution_days (
  workspace_id               int not null,
  funnel_id                  text collate "C" not null,
  dimension                  text collate "C" not null,
  day                        date not null,
  value                      text collate "C" not null, -- '' where a touch says none, and of is_other
  is_other                   boolean not null,          -- all that came after the day had its most values (server/attribution/)
  type                       text collate "C" not null,
  currency                   text collate "C" not null,
  first_touch_conversions    numeric(20, 6) not null,
  first_touch_revenue        numeric(30, 8) not null,
  last_touch_conversions     numeric(20, 6) not null,
  last_touch_revenue         numeric(30, 8) not null,
  linear_conversions         numeric(20, 6) not null,
  linear_revenue             numeric(30, 8) not null,
  time_decay_conversions     numeric(20, 6) not null,
  time_decay_revenue         numeric(30, 8) not null,
  position_based_conversions numeric(20, 6) not null,
  position_based_revenue     numeric(30, 8) not null,
  primary key (workspace_id, funnel_id, dimension, day, value, is_other, type, currency)
);
select protect('attribution_days');

-- What brought each person who registered in a funnel, and how far they came.
create table person_sources (
  workspace_id  int not null,
  person        bigint not null,
  funnel_id     text collate "C" not null,
  day           date not null,                     -- of the registration, in UTC
  viewed        smallint not null,                 -- 1: they did
  offer_viewed  smallint not null,
  converted     smallint not null,
  source        text collate "C" not null,         -- of their first touch
  medium        text collate "C" not null,
  campaign      text collate "C" not null,
  term          text collate "C" not null,
  content       text collate "C" not null,
  referrer      text collate "C" not null,
  referral_code text collate "C" not null,
  others        smallint not null default 0,       -- as above
  primary key (workspace_id, person, funnel_id)
);
create index person_sources_by_day on person_sources (workspace_id, funnel_id, day desc, person desc);
select protect('person_sources');

create table source_days (
  workspace_id int not null,
  funnel_id    text collate "C" not null,
  dimension    text collate "C" not null,
  day          date not null,
  value        text collate "C" not null,
  is_other     boolean not null,
  registered   int not null,
  viewed       int not null,
  offer_viewed int not null,
  converted    int not null,
  primary key (workspace_id, funnel_id, dimension, day, value, is_other)
);
select protect('source_days');

-- Whoever converted before this release is looked at once, in the background.
insert into moved_people (workspace_id, person)
select distinct n.workspace_id, coalesce(-c.whole_id, -v.contact_id, v.person_id, v.id)
  from conversions n
  left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
  left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
 where n.counts and (c.id is not null or v.id is not null);
