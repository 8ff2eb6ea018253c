import type postgres from 'postgres'
import { STEPS } from './steps.ts'
import type { Walks } from './walk.ts'

/** Adds where visitors came to where they had come: the earliest time of each step, the most that was watched. Two statements. */
export async function keepWalks(sql: postgres.TransactionSql, workspace_id: number, { funnels, videos }: Walks): Promise<void> {
  if (funnels.size > 0) {
    await sql`
      insert into visitor_funnels as v (workspace_id, visitor_id, funnel_id, watch_percentage, ${sql.unsafe(STEPS.join())})
      select ${workspace_id}, visitor_id, funnel_id, watch_percentage, ${sql.unsafe(STEPS.map(step => `to_timestamp(${step} / 1000.0)`).join())}
        from jsonb_to_recordset(${JSON.stringify([...funnels.values()])}::text::jsonb)
          as r(visitor_id bigint, funnel_id text, watch_percentage smallint, ${sql.unsafe(STEPS.map(step => `${step} float8`).join())})
       order by visitor_id, funnel_id
          on conflict (workspace_id, visitor_id, funnel_id) do update
         set ${sql.unsafe(STEPS.map(step => `${step} = least(v.${step}, excluded.${step})`).join())},
             watch_percentage = greatest(v.watch_percentage, excluded.watch_percentage)`
  }
  if (videos.size > 0) {
    await sql`
      insert into visitor_videos as v (workspace_id, visitor_id, funnel_id, video_id, started_at, last_at, watch_percentage, seconds_watched, replays)
      select ${workspace_id}, visitor_id, funnel_id, video_id, to_timestamp(started_at / 1000.0), to_timestamp(last_at / 1000.0),
             watch_percentage, seconds_watched, replays
        from jsonb_to_recordset(${JSON.stringify([...videos.values()])}::text::jsonb)
          as r(visitor_id bigint, funnel_id text, video_id text, started_at float8, last_at float8, watch_percentage smallint,
               seconds_watched int, replays int)
       order by visitor_id, funnel_id, video_id
          on conflict (workspace_id, visitor_id, funnel_id, video_id) do update
         set started_at       = least(v.started_at, excluded.started_at),
             last_at          = greatest(v.last_at, excluded.last_at),
             watch_percentage = greatest(v.watch_percentage, excluded.watch_percentage),
             seconds_watched  = greatest(v.seconds_watched, excluded.seconds_watched),
             replays          = v.replays + excluded.replays`
  }
}
