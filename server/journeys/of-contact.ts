import { CONTACT_STEPS, type ContactJourney, type ContactJourneys, type ContactStep } from '../../shared/contact-journey.ts'
import { findContact } from '../contacts/find.ts'
import type { Sql } from '../database/connect.ts'

type Row = Omit<ContactJourney, 'steps' | 'stopped' | 'funnel_id'> & { funnel_id: string } & Record<
    `${ContactStep}_at`,
    Date | null
  >

/** How far a contact came in each funnel; of one that was merged, the whole. Throws `not_found`. */
export async function journeysOf(sql: Sql, workspace_id: number, contact_id: number): Promise<ContactJourneys> {
  await findContact(sql, workspace_id, contact_id)
  const rows = await sql<Row[]>`
    with whole as (
      select whole_id as id from contacts where workspace_id = ${workspace_id} and id = ${contact_id}
    ), watched as (
      select w.funnel_id, w.video_id, max(w.watch_percentage) as watch_percentage, sum(w.seconds_watched)::int as seconds_watched,
             sum(w.replays)::int as replays, min(w.started_at) as started_at, max(w.last_at) as last_at
        from visitors v
        join visitor_videos w on w.workspace_id = v.workspace_id and w.visitor_id = v.id
       where v.workspace_id = ${workspace_id} and v.contact_id = (select id from whole)
       group by w.funnel_id, w.video_id
    )
    select p.funnel_id, f.name, p.registered_at, p.viewed_at, p.watched_25_at, p.watched_50_at, p.watched_75_at, p.watched_100_at,
           p.offer_viewed_at, p.converted_at, p.confirmed_at, p.watch_percentage, a.asked_at as confirmation_asked_at, w.videos
      from person_funnels p
      left join funnels f on f.workspace_id = p.workspace_id and f.funnel_id = p.funnel_id
      left join lateral (
           select max(e.asked_at) as asked_at
             from email_confirmations e
             join contacts c on c.workspace_id = e.workspace_id and c.id = e.contact_id
            where e.workspace_id = ${workspace_id} and e.funnel_id = p.funnel_id and c.whole_id = -p.person) a on true
      left join lateral (
           select coalesce(json_agg(json_build_object(
                    'video_id', nullif(w.video_id, ''), 'title', t.title, 'watch_percentage', w.watch_percentage,
                    'seconds_watched', w.seconds_watched, 'replays', w.replays, 'started_at', w.started_at, 'last_at', w.last_at)
                    order by w.started_at, w.video_id), '[]') as videos
             from watched w
             left join funnel_videos t on t.workspace_id = ${workspace_id} and t.video_id = w.video_id
            where w.funnel_id = p.funnel_id) w on true
     where p.workspace_id = ${workspace_id} and p.person = -(select id from whole)`
  // The funnel '' is everything: it says something only of whoever was in no other.
  const named = rows.filter(row => row.funnel_id !== '')
  const journeys = (named.length > 0 ? named : rows).map(journeyOf)
  return { data: journeys.sort((one, other) => latestOf(other) - latestOf(one)) }
}

function journeyOf(row: Row): ContactJourney {
  const { name, confirmed_at, confirmation_asked_at, watch_percentage, videos } = row
  const steps = CONTACT_STEPS.map(step => ({ step, at: row[`${step}_at`]?.toISOString() ?? null }))
  const journey = { funnel_id: row.funnel_id || null, name, steps, confirmed_at, confirmation_asked_at, watch_percentage, videos }
  const furthest = steps.findLast(({ at }) => at !== null)?.step
  if (furthest === undefined || furthest === 'converted') return { ...journey, stopped: null }
  return { ...journey, stopped: { after: furthest, at: new Date(latestOf(journey)).toISOString() } }
}

/** When they did something there that counts: ms, 0 for never. */
function latestOf({ steps, videos }: Pick<ContactJourney, 'steps' | 'videos'>): number {
  const times = [...steps.map(({ at }) => at), ...videos.map(({ last_at }) => last_at)]
  return Math.max(0, ...times.map(at => (at === null ? 0 : Date.parse(at))))
}
