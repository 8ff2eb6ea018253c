import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { followTraits } from './custom.ts'

/**
 * Makes what a contact shows agree with its visitors and conversions: counts, first and last visit, touches, stage, user_id, the
 * newest value of each trait, what it was worth, and the segment that was told. The one place where these are written, after every
 * batch, merge, undo, edit and refund: always the whole sum over what the contact has (a handful), so nothing can drift and an undo
 * restores exactly what was. Whoever was archived and did something since then is not archived any more.
 *
 * One statement for any number of contacts. The search words and the activity of a new stage, segment or member come from the
 * same statement, out of the values before and after. (Who becomes a no-show meanwhile is told by no-shows.ts.)
 */
export async function foldContacts(sql: Sql, contacts: { workspace_id: number; contact_id: number }[], actor: Actor) {
  if (contacts.length === 0) return
  await Promise.all([sumUp(sql, contacts, actor), followTraits(sql, contacts)])
}

function sumUp(sql: Sql, contacts: { workspace_id: number; contact_id: number }[], actor: Actor) {
  const query = sql`
    with wanted as (
      select distinct w.workspace_id, w.contact_id
        from jsonb_to_recordset(${JSON.stringify(contacts)}::text::jsonb) as w(workspace_id int, contact_id int)
    ), folded as materialized (
      select w.workspace_id, w.contact_id, f.*, m.*, t.traits, g.segment, s.stage, h.said, b.stage as old_stage, b.user_id as old_user_id,
             b.told_segment as old_segment, b.archived_at as old_archived_at
        from wanted w
        cross join lateral (
          select c.stage, c.own_stage, c.user_id, c.told_segment, c.archived_at, c.merged_into, k.currency
            from contacts c
            join workspaces k on k.id = c.workspace_id
           where c.workspace_id = w.workspace_id and c.id = w.contact_id
           limit 1) b
        cross join lateral (
          select min(v.first_seen)                    as first_seen,
                 max(v.last_visit)                    as last_visit,
                 coalesce(sum(v.visit_count), 0)      as visit_count,
                 coalesce(sum(v.event_count), 0)      as event_count,
                 coalesce(max(v.watch_percentage), 0) as watch_percentage,
                 min(v.registered_at)                 as registered_at,
                 min(v.engaged_at)                    as engaged_at,
                 min(v.offer_viewed_at)               as offer_viewed_at,
                 min(v.converted_at)                  as visitor_converted_at,
                 coalesce(max(v.last_engaged_at), min(v.engaged_at))           as last_engaged_at,
                 coalesce(max(v.last_offer_viewed_at), min(v.offer_viewed_at)) as last_offer_viewed_at,
                 (array_agg(v.distinct_id order by v.kind desc, v.id) filter (where v.kind in ('user', 'email')))[1] as user_id,
                 (array_agg(v.country_code order by v.last_visit desc, v.id) filter (where v.country_code is not null))[1] as country_code,
                 (array_agg(v.region       order by v.last_visit desc, v.id) filter (where v.country_code is not null))[1] as region,
                 (array_agg(v.city         order by v.last_visit desc, v.id) filter (where v.country_code is not null))[1] as city,
                 (array_agg(v.referring_domain order by v.first_seen, v.id) filter (where v.referring_domain is not null))[1] as referring_domain,
                 coalesce((array_agg(v.first_touch order by v.first_touch->>'at', v.id)      filter (where v.first_touch <> '{}'))[1], '{}') as first_touch,
                 coalesce((array_agg(v.last_touch  order by v.last_touch->>'at' desc, v.id) filter (where v.last_touch <> '{}'))[1], '{}')  as last_touch
            from visitors v
           where v.workspace_id = w.workspace_id and v.contact_id = w.contact_id) f
        cross join lateral (select segment_of(f.watch_percentage::smallint, f.registered_at) as segment) g
        -- Its own, those of contacts that are part of it (which show none themselves), and those of its visitors. Only the workspace's
        -- currency is summed; the limit is the column's, which nobody reaches but somebody who tries.
        cross join lateral (
          select count(*) as conversion_count, max(n.created_at) as conversion_arrived,
                 min(n.converted_at) as first_conversion, max(n.converted_at) as last_conversion,
                 least(coalesce(sum(n.value - n.refunded) filter (where n.currency = b.currency), 0), 9999999999999999.99) as lifetime_value
            from (select n.converted_at, n.created_at, n.value, n.refunded, n.currency
                    from conversions n
                   where n.workspace_id = w.workspace_id and n.contact_id = w.contact_id and n.counts and b.merged_into is null
                   union all
                  select n.converted_at, n.created_at, n.value, n.refunded, n.currency
                    from contacts c
                    join conversions n on n.workspace_id = c.workspace_id and n.contact_id = c.id and n.counts
                   where c.workspace_id = w.workspace_id and c.merged_into = w.contact_id
                   union all
                  select n.converted_at, n.created_at, n.value, n.refunded, n.currency
                    from visitors v
                    join conversions n on n.workspace_id = v.workspace_id and n.visitor_id = v.id and n.contact_id is null and n.counts
                   where v.workspace_id = w.workspace_id and v.contact_id = w.contact_id) n) m
        cross join lateral (
          select coalesce(jsonb_object_agg(said.key, said.value order by (said.value->>1)::float8, said.value::text desc), '{}') as traits
            from (select e.key, e.value
                    from visitors v
                    cross join jsonb_each(v.traits) e
                   where v.workspace_id = w.workspace_id and v.contact_id = w.contact_id
                   union all
                  select e.key, e.value
                    from contacts c
                    cross join jsonb_each(c.own_traits) e
                   where c.workspace_id = w.workspace_id and c.id = w.contact_id
                   union all
                  select e.key, e.value
                    from contacts c
                    cross join jsonb_each(c.own_traits) e
                   where c.workspace_id = w.workspace_id and c.merged_into = w.contact_id) said) t
        -- The last that a person said, of it or of one that is part of it; what arrived before counts for nothing beside it.
        cross join lateral (
          select p.said, p.said->>'stage' as stage,
                 case when p.said->>'stage' is null then '-infinity' else (p.said->>'at')::timestamptz end as since
            from (select (array_agg(o.said order by o.said->>'at' desc, o.said::text))[1] as said
                    from (select b.own_stage as said
                           union all
                          select c.own_stage
                            from contacts c
                           where c.workspace_id = w.workspace_id and c.merged_into = w.contact_id) o
                   where o.said is not null and b.merged_into is null) p) h
        cross join lateral (
          select case
                   when h.stage = 'converted'    or coalesce(m.conversion_arrived, f.visitor_converted_at) >= h.since then 'converted'
                   when h.stage = 'offer_viewed' or f.last_offer_viewed_at >= h.since then 'offer_viewed'
                   when h.stage = 'engaged'      or f.last_engaged_at >= h.since then 'engaged'
                   else 'lead'
                 end as stage) s
    ), after as (
      update contacts c
         set first_seen       = f.first_seen,
             last_visit       = f.last_visit,
             visit_count      = f.visit_count,
             event_count      = f.event_count,
             watch_percentage = f.watch_percentage,
             registered_at    = f.registered_at,
             engaged_at       = f.engaged_at,
             offer_viewed_at  = f.offer_viewed_at,
             converted_at     = least(f.visitor_converted_at, f.first_conversion),
             stage            = f.stage,
             stage_by_hand    = case when f.said->>'stage' is not null then f.said end,
             conversion_count = f.conversion_count,
             lifetime_value   = f.lifetime_value,
             user_id          = f.user_id,
             country_code     = f.country_code,
             region           = f.region,
             city             = f.city,
             referring_domain = f.referring_domain,
             first_touch      = f.first_touch,
             last_touch       = f.last_touch,
             traits           = f.traits,
             told_segment     = f.segment,
             archived_at      = case when greatest(f.last_visit, f.last_conversion) > c.archived_at then null else c.archived_at end,
             segment_since    = case when f.segment is not distinct from f.old_segment then c.segment_since
                                     when f.segment = 'no_show' then f.registered_at + interval '24 hours'
                                     when f.segment is not null then now() end,
             updated_at       = case when c.traits is distinct from f.traits or c.user_id is distinct from f.user_id then now() else c.updated_at end
        from folded f
       where c.workspace_id = f.workspace_id and c.id = f.contact_id
      returning c.workspace_id, c.id, c.stage, c.user_id, c.name, c.email, c.phone, c.archived_at, f.old_stage, f.old_user_id, f.segment, f.old_segment,
                f.old_archived_at
    ), search as (
      insert into contact_search (workspace_id, contact_id, words)
      select a.workspace_id, a.id, lower(concat_ws(' ', a.name, a.email, a.phone, nullif(a.user_id, a.email)))
        from after a
      on conflict (workspace_id, contact_id) do update set words = excluded.words where contact_search.words <> excluded.words
    )
    insert into activities (workspace_id, action, actor, contact_id, before, after)
    select a.workspace_id, c.action, ${JSON.stringify(actor)}::text::jsonb, a.id, c.before, c.after
      from after a
      cross join lateral (values
        ('contact.stage_changed', a.stage is distinct from a.old_stage, jsonb_build_object('stage', a.old_stage), jsonb_build_object('stage', a.stage)),
        ('segment.left', a.old_segment is not null and a.segment is distinct from a.old_segment, jsonb_build_object('segment', a.old_segment), null),
        ('segment.entered', a.segment is not null and a.segment is distinct from a.old_segment, null, jsonb_build_object('segment', a.segment)),
        ('contact.became_member', a.old_user_id is null and a.user_id is not null, null, jsonb_build_object('user_id', a.user_id)),
        ('contact.restored', a.old_archived_at is not null and a.archived_at is null, jsonb_build_object('archived_at', a.old_archived_at), null)
      ) as c(action, happened, before, after)
     where c.happened`
  return query.execute()
}
