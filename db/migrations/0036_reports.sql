-- Reports of some people cost what those of all do.

-- What first brought a person, as their contact says it: kept by whoever folds them (server/journeys/fold.ts).
alter table person_funnels add utm_source text collate "C";

update person_funnels p
   set utm_source = c.first_touch->>'utm_source'
  from contacts c
 where c.workspace_id = p.workspace_id and c.id = -p.person and c.first_touch ? 'utm_source';

update person_funnels p
   set utm_source = v.first_touch->>'utm_source'
  from (select distinct on (workspace_id, coalesce(person_id, id)) workspace_id, coalesce(person_id, id) as person, first_touch
          from visitors
         where contact_id is null and first_touch <> '{}'
         order by workspace_id, coalesce(person_id, id), first_touch->>'at', id) v
 where v.workspace_id = p.workspace_id and v.person = p.person and v.first_touch ? 'utm_source';

-- The filters of reports that a person passes by themselves: of nobody else's doing, and not by time alone. Who registered and watched nothing is
-- among no_show from the start; reports leave out those who have a day to begin.
create function filters_of(p person_funnels) returns text[] language sql immutable parallel safe as $$
  select array_remove(array[
           case
             when p.watch_percentage >= 75 then 'segment hot'
             when p.watch_percentage >= 50 then 'segment engaged'
             when p.watch_percentage >= 25 then 'segment sampler'
             when p.watch_percentage >= 1  then 'segment skimmer'
             when p.registered_at is not null then 'segment no_show'
           end,
           'utm_source ' || p.utm_source], null)
$$;

-- They are asked of many people at once, on as many processors as there are.
alter function funnel_counts(person_funnels) parallel safe;
alter function funnel_of(jsonb) parallel safe;

-- The sums of funnel_analytics of those who pass a filter.
create table filtered_analytics (
  filter text collate "C" not null,
  like funnel_analytics including defaults
);
alter table filtered_analytics add primary key (workspace_id, funnel_id, filter, quarter);
select protect('filtered_analytics');

insert into filtered_analytics
select f.filter, k.workspace_id, k.funnel_id, k.quarter,
       sum(k.registration_views), sum(k.registrations), sum(k.confirmations), sum(k.views), sum(k.offer_views), sum(k.offer_clicks),
       sum(k.checkouts), sum(k.conversions), sum(k.of_confirmed), sum(k.of_viewed), sum(k.of_watched_25), sum(k.of_watched_50),
       sum(k.of_watched_75), sum(k.of_watched_100), sum(k.of_offer_viewed), sum(k.of_offer_clicked), sum(k.of_checkout),
       sum(k.of_converted), sum(k.of_hot_converted), sum(k.of_replayed), sum(k.percent_0), sum(k.percent_1), sum(k.percent_10),
       sum(k.percent_20), sum(k.percent_25), sum(k.percent_30), sum(k.percent_40), sum(k.percent_50), sum(k.percent_60),
       sum(k.percent_70), sum(k.percent_75), sum(k.percent_80), sum(k.percent_90), sum(k.percent_100), sum(k.sum_percentage),
       sum(k.sum_seconds), sum(k.within_hour), sum(k.within_day), sum(k.within_week), sum(k.within_month), sum(k.later),
       sum(k.sum_seconds_to)
  from person_funnels p
 cross join lateral funnel_counts(p) k
 cross join lateral unnest(filters_of(p)) as f(filter)
 group by 1, 2, 3, 4;

-- Attribution by the days of any zone: what is at the edges of a period is read row by row.
alter table person_sources add registered_at timestamptz;
update person_sources s
   set registered_at = p.registered_at
  from person_funnels p
 where p.workspace_id = s.workspace_id and p.funnel_id = s.funnel_id and p.person = s.person;
-- Whose registration is being followed at this moment: by noon it is of the same day, until it is said anew.
update person_sources set registered_at = (day + interval '12 hours') at time zone 'UTC' where registered_at is null;
alter table person_sources alter registered_at set not null;
drop index person_sources_by_day;
create index person_sources_by_time on person_sources (workspace_id, funnel_id, registered_at desc, person desc);

alter table conversion_touches add converted_at timestamptz;
update conversion_touches t
   set converted_at = n.converted_at
  from conversions n
 where n.workspace_id = t.workspace_id and n.id = t.conversion_id;
update conversion_touches set converted_at = (day + interval '12 hours') at time zone 'UTC' where converted_at is null;
alter table conversion_touches alter converted_at set not null;
drop index conversion_touches_by_day;
create index conversion_touches_by_time on conversion_touches (workspace_id, converted_at);

-- Events tell when they happened: how late they arrive is measured as well.
alter table timings drop constraint timings_kind_check;
alter table timings add constraint timings_kind_check check (kind in ('capture', 'latency', 'report', 'load'));
