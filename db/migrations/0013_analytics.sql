-- What every visitor did in every funnel, folded to people and summed up by quarter hour: any day of any zone is a sum of quarter hours.
-- Kept by server/journeys/, which follows the log; the funnel '' is everything that happens in the workspace.

-- The earliest time of each step. Rows only for those who took one.
create table visitor_funnels (
  workspace_id           int not null,
  visitor_id             bigint not null,
  funnel_id              text collate "C" not null,
  registration_viewed_at timestamptz,
  registered_at          timestamptz,
  confirmed_at           timestamptz,
  watch_viewed_at        timestamptz,
  started_at             timestamptz,   -- a video, by any event that tells of one
  watched_25_at          timestamptz,
  watched_50_at          timestamptz,
  watched_75_at          timestamptz,
  watched_100_at         timestamptz,
  offer_viewed_at        timestamptz,
  offer_clicked_at       timestamptz,
  checkout_at            timestamptz,
  watch_percentage       smallint not null default 0,
  primary key (workspace_id, visitor_id, funnel_id)
);
select protect('visitor_funnels');

-- The same for each video.
create table visitor_videos (
  workspace_id     int not null,
  visitor_id       bigint not null,
  funnel_id        text collate "C" not null,   -- as the events say; '' where they say none
  video_id         text collate "C" not null,   -- likewise
  started_at       timestamptz not null,
  last_at          timestamptz not null,
  watch_percentage smallint not null default 0, -- the highest
  seconds_watched  int not null default 0,      -- the most that one event told of
  replays          int not null default 0,
  primary key (workspace_id, visitor_id, funnel_id, video_id)
);
select protect('visitor_videos');

-- One row for each person and funnel: the fold over their visitors, and what they converted to. A contact has its id negated, a person
-- without one that of the visitor who stands for them.
create table person_funnels (
  workspace_id           int not null,
  funnel_id              text collate "C" not null,
  person                 bigint not null,
  registration_viewed_at timestamptz,
  registered_at          timestamptz,
  confirmed_at           timestamptz,
  viewed_at              timestamptz,           -- the watch page or a video, whichever came first
  watched_25_at          timestamptz,
  watched_50_at          timestamptz,
  watched_75_at          timestamptz,
  watched_100_at         timestamptz,
  offer_viewed_at        timestamptz,
  offer_clicked_at       timestamptz,
  checkout_at            timestamptz,
  converted_at           timestamptz,           -- to what the funnel's goal is; of '' to anything
  watch_percentage       smallint not null default 0,
  seconds_watched        int not null default 0,
  replays                int not null default 0,
  primary key (workspace_id, funnel_id, person)
);
create index person_funnels_by_registration on person_funnels (workspace_id, funnel_id, registered_at, person)
  where registered_at is not null;
create index person_funnels_of_person on person_funnels (workspace_id, person);
select protect('person_funnels');

-- Sums of person_funnels. First: how many people took a step in this quarter hour. Then, of those who registered in it: how far they came,
-- whenever that was.
create table funnel_analytics (
  workspace_id         int not null,
  funnel_id            text collate "C" not null,
  quarter              timestamptz not null,
  registration_views   int not null default 0,
  registrations        int not null default 0,
  confirmations        int not null default 0,
  views                int not null default 0,
  offer_views          int not null default 0,
  offer_clicks         int not null default 0,
  checkouts            int not null default 0,
  conversions          int not null default 0,   -- people who converted for the first time
  of_confirmed         int not null default 0,
  of_viewed            int not null default 0,
  of_watched_25        int not null default 0,
  of_watched_50        int not null default 0,
  of_watched_75        int not null default 0,
  of_watched_100       int not null default 0,
  of_offer_viewed      int not null default 0,
  of_offer_clicked     int not null default 0,
  of_checkout          int not null default 0,
  of_converted         int not null default 0,
  of_hot_converted     int not null default 0,   -- watched 75 percent and converted
  of_replayed          int not null default 0,
  percent_0            int not null default 0,   -- how much they watched: nothing,
  percent_1            int not null default 0,   -- 1 to 9 percent,
  percent_10           int not null default 0,   -- and so on
  percent_20           int not null default 0,
  percent_25           int not null default 0,   -- 20 to 29 is cut where sampler begins,
  percent_30           int not null default 0,
  percent_40           int not null default 0,
  percent_50           int not null default 0,
  percent_60           int not null default 0,
  percent_70           int not null default 0,
  percent_75           int not null default 0,   -- and 70 to 79 where hot does
  percent_80           int not null default 0,
  percent_90           int not null default 0,
  percent_100          int not null default 0,
  sum_percentage       bigint not null default 0,
  sum_seconds          bigint not null default 0,
  within_hour          int not null default 0,   -- from registration to conversion
  within_day           int not null default 0,
  within_week          int not null default 0,
  within_month         int not null default 0,
  later                int not null default 0,
  sum_seconds_to       bigint not null default 0,
  primary key (workspace_id, funnel_id, quarter)
);
select protect('funnel_analytics');

-- What one row of person_funnels counts for, and when. The one place that says so: keeping, rebuilding and filtering all sum this.
create function funnel_counts(p person_funnels) returns setof funnel_analytics language sql stable as $$
  with at as (
    select quarter, step
      from (values (p.registration_viewed_at, 'registration_view'), (p.registered_at, 'registration'), (p.confirmed_at, 'confirmation'),
                   (p.viewed_at, 'view'), (p.offer_viewed_at, 'offer_view'), (p.offer_clicked_at, 'offer_click'),
                   (p.checkout_at, 'checkout'), (p.converted_at, 'conversion')) as s(at, step)
     cross join lateral (select date_bin('15 minutes', s.at, timestamptz '2000-01-01 00:00:00Z') as quarter) q
     where s.at is not null
  ), took as (
    select p.converted_at - p.registered_at as time_to
  )
  select p.workspace_id, p.funnel_id, at.quarter,
         (at.step = 'registration_view')::int, (at.step = 'registration')::int, (at.step = 'confirmation')::int, (at.step = 'view')::int,
         (at.step = 'offer_view')::int, (at.step = 'offer_click')::int, (at.step = 'checkout')::int, (at.step = 'conversion')::int,
         (r and p.confirmed_at is not null)::int, (r and p.viewed_at is not null)::int, (r and p.watched_25_at is not null)::int,
         (r and p.watched_50_at is not null)::int, (r and p.watched_75_at is not null)::int, (r and p.watched_100_at is not null)::int,
         (r and p.offer_viewed_at is not null)::int, (r and p.offer_clicked_at is not null)::int, (r and p.checkout_at is not null)::int,
         (r and p.converted_at is not null)::int, (r and p.converted_at is not null and p.watched_75_at is not null)::int,
         (r and p.replays > 0)::int,
         (r and w = 0)::int, (r and w between 1 and 9)::int, (r and w between 10 and 19)::int, (r and w between 20 and 24)::int,
         (r and w between 25 and 29)::int, (r and w between 30 and 39)::int, (r and w between 40 and 49)::int,
         (r and w between 50 and 59)::int, (r and w between 60 and 69)::int, (r and w between 70 and 74)::int,
         (r and w between 75 and 79)::int, (r and w between 80 and 89)::int, (r and w between 90 and 99)::int, (r and w = 100)::int,
         case when r then w::bigint else 0 end, case when r then p.seconds_watched::bigint else 0 end,
         (r and (time_to <= '1 hour') is true)::int, (r and (time_to > '1 hour' and time_to <= '1 day') is true)::int,
         (r and (time_to > '1 day' and time_to <= '7 days') is true)::int, (r and (time_to > '7 days' and time_to <= '30 days') is true)::int,
         (r and (time_to > '30 days') is true)::int,
         case when r and time_to > '0' then extract(epoch from time_to)::bigint else 0 end
    from at
   cross join took
   cross join lateral (select at.step = 'registration' as r, p.watch_percentage as w) one
$$;

-- The funnel that a conversion names. One that is too long for an index is none.
create function funnel_of(data jsonb) returns text language sql immutable as $$
  select case when length(data->>'funnel_id') <= 200 then data->>'funnel_id' end collate "C"
$$;

-- Conversions and money by quarter hour, kept in the transaction of the change (server/conversions/settle.ts).
create table conversion_quarters (
  workspace_id int not null,
  funnel_id    text collate "C" not null,        -- '' is all of them
  quarter      timestamptz not null,
  type         text collate "C" not null,
  currency     text collate "C" not null,
  conversions  int not null default 0,
  revenue      numeric(24, 2) not null default 0,
  refunded     numeric(24, 2) not null default 0,
  primary key (workspace_id, funnel_id, quarter, type, currency)
);
select protect('conversion_quarters');
insert into conversion_quarters
select workspace_id, f.funnel_id, date_bin('15 minutes', converted_at, timestamptz '2000-01-01 00:00:00Z'), type, currency, count(*),
       sum(value - refunded), sum(refunded)
  from conversions
 cross join lateral (select '' as funnel_id union select funnel_of(data)) f
 where counts and f.funnel_id is not null
 group by 1, 2, 3, 4, 5;

-- Work that waits for server/journeys/: events to read, and people to sum up anew.
create table journey_batches (
  workspace_id int not null,
  id           bigint generated always as identity,
  first_event  bigint not null,
  last_event   bigint not null,
  from_time    timestamptz not null,
  to_time      timestamptz not null,
  primary key (workspace_id, id)
);
select protect('journey_batches');
-- What happened before this release is read in the background, month by month; what waits to be told comes by itself.
insert into journey_batches (workspace_id, first_event, last_event, from_time, to_time)
select e.workspace_id, min(e.id), max(e.id), min(e.occurred_at), max(e.occurred_at)
  from events e
 where not e.is_bot
   and not exists (select from event_batches b where b.workspace_id = e.workspace_id and e.id between b.first_event and b.last_event)
 group by e.workspace_id, date_trunc('month', e.occurred_at at time zone 'UTC');

create table moved_people (
  workspace_id int not null,
  id           bigint generated always as identity,
  person       bigint not null,
  primary key (workspace_id, id)
);
select protect('moved_people');

-- As seed 004 names it: days in UTC, those who viewed, and the rate of those who registered on the day.
create view reporting.funnel_analytics with (security_invoker = true) as
  select a.workspace_id, nullif(a.funnel_id, '') as project_id, nullif(a.funnel_id, '') as funnel_id, a.date, a.registrations, a.views, a.offer_views,
         a.conversions, a.conversion_rate, coalesce(m.revenue, 0) as revenue
    from (select workspace_id, funnel_id, (quarter at time zone 'UTC')::date as date, sum(registrations) as registrations, sum(views) as views,
                 sum(offer_views) as offer_views, sum(conversions) as conversions,
                 round(sum(of_converted)::numeric / nullif(sum(registrations), 0), 4) as conversion_rate
            from public.funnel_analytics
           group by 1, 2, 3) a
    left join (select c.workspace_id, c.funnel_id, (c.quarter at time zone 'UTC')::date as date, sum(c.revenue) as revenue
                 from public.conversion_quarters c
                 join public.workspaces w on w.id = c.workspace_id and w.currency = c.currency
                group by 1, 2, 3) m using (workspace_id, funnel_id, date);
grant select on funnel_analytics, conversion_quarters to throughline_reader;
grant select on reporting.funnel_analytics to throughline_reader;
