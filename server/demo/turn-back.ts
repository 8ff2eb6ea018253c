import type postgres from 'postgres'
import { holdTelling } from '../activities/relay.ts'

/**
 * The story is told in a minute, so everything that the server stamps with its own clock would have happened today. These rows
 * get the moment of the event that they are about. Nothing but the demo does this, and only to rows made `since` it began.
 */
export async function turnClocksBack(sql: postgres.TransactionSql, workspace_id: number, since: Date) {
  await holdTelling(sql)
  await sql`
    update visitors
       set created_at = first_seen
     where workspace_id = ${workspace_id} and created_at >= ${since}`
  await sql`
    update identity_links
       set created_at = occurred_at
     where workspace_id = ${workspace_id} and created_at >= ${since}`
  await sql`
    with known as (
      select contact_id, min(occurred_at) as at
        from identity_links
       where workspace_id = ${workspace_id} and contact_id is not null
       group by contact_id
    )
    update contacts c
       set created_at = coalesce(k.at, c.first_seen, c.created_at), updated_at = coalesce(c.last_visit, k.at, c.updated_at),
           segment_since = case when c.told_segment = 'no_show' then c.segment_since when c.told_segment is not null then c.last_visit end
      from contacts d
      left join known k on k.contact_id = d.id
     where c.workspace_id = ${workspace_id} and c.created_at >= ${since} and d.workspace_id = c.workspace_id and d.id = c.id`
  await turnSuggestions(sql, workspace_id, since)
  await turnMerges(sql, workspace_id, since)
  await turnActivities(sql, workspace_id, since)
}

async function turnSuggestions(sql: postgres.TransactionSql, workspace_id: number, since: Date) {
  await sql`
    update merge_suggestions s
       set created_at = greatest(c.created_at, d.created_at),
           decided_at = case when s.decided_at is not null then least(now(), greatest(c.created_at, d.created_at) + interval '26 hours') end
      from contacts c, contacts d
     where s.workspace_id = ${workspace_id} and s.created_at >= ${since}
       and c.workspace_id = s.workspace_id and c.id = s.contact_id
       and d.workspace_id = s.workspace_id and d.id = s.other_contact_id`
}

/** Somebody looks at the list the next day, and sees a mistake an hour later. */
async function turnMerges(sql: postgres.TransactionSql, workspace_id: number, since: Date) {
  await sql`
    update contact_merges m
       set created_at = least(now(), greatest(c.created_at, d.created_at) + interval '22 hours'),
           undone_at  = case when m.undone_at is not null then least(now(), greatest(c.created_at, d.created_at) + interval '23 hours') end
      from contacts c, contacts d
     where m.workspace_id = ${workspace_id} and m.created_at >= ${since}
       and c.workspace_id = m.workspace_id and c.id = m.winner_id
       and d.workspace_id = m.workspace_id and d.id = m.loser_id`
}

async function turnActivities(sql: postgres.TransactionSql, workspace_id: number, since: Date) {
  await sql`
    update activities a
       set at = coalesce(
             case a.action
               when 'contact.stage_changed' then
                 case a.after->>'stage'
                   when 'engaged'      then c.engaged_at
                   when 'offer_viewed' then c.offer_viewed_at
                   when 'converted'    then c.converted_at
                 end
               when 'segment.entered'              then case a.after->>'segment' when 'no_show' then c.segment_since else c.last_visit end
               when 'contact.became_member'        then (
                 select min(v.first_seen)
                   from visitors v
                  where v.workspace_id = a.workspace_id and v.distinct_id = a.after->>'user_id')
               when 'contact.merged'               then (select m.created_at from contact_merges m    where m.workspace_id = a.workspace_id and m.id::text = a.subject_id)
               when 'contact.unmerged'             then (select m.undone_at  from contact_merges m    where m.workspace_id = a.workspace_id and m.id::text = a.subject_id)
               when 'identity.suggestion_dismissed' then (select s.decided_at from merge_suggestions s where s.workspace_id = a.workspace_id and s.id::text = a.subject_id)
             end,
             c.created_at)
      from contacts c
     where a.workspace_id = ${workspace_id} and a.at >= ${since} and c.workspace_id = a.workspace_id and c.id = a.contact_id`
}
