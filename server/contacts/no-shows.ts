import type postgres from 'postgres'
import { ACTIVITIES_RECORDED } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'

/** How many go at once, after which others have their turn at their workspaces. */
const CHUNK = 500
const BY_CLOCK = { kind: 'system', name: 'clock' }

type Soon = { workspace_id: number; id: number }

/**
 * Tells of those who became no-shows because time passed: registered a day ago, and nothing watched. A read knows it without this.
 * Makes up for what was missed, with the moment at which it was true.
 */
export async function tellNoShows(sql: postgres.Sql): Promise<void> {
  while ((await tellSome(sql)) === CHUNK);
}

async function tellSome(system: postgres.Sql): Promise<number> {
  return system.begin(async sql => {
    const found = await sql<Soon[]>`
      select workspace_id, id
        from contacts
       where told_segment is null and watch_percentage = 0 and merged_into is null and archived_at is null
         and registered_at < now() - interval '24 hours'
       order by registered_at
       limit ${CHUNK}`
    if (found.length === 0) return 0
    // One who watches at this moment is folded behind the same lock, so nobody enters twice or leaves what was never told.
    await lockIdentity(sql, [...new Set(found.map(one => one.workspace_id))])
    await sql`
      with became as (
        update contacts c
           set told_segment = 'no_show', segment_since = c.registered_at + interval '24 hours'
          from unnest(${found.map(one => one.workspace_id)}::int[], ${found.map(one => one.id)}::int[]) as f(workspace_id, id)
         where c.workspace_id = f.workspace_id and c.id = f.id and c.merged_into is null and c.archived_at is null
           and c.told_segment is null and segment_of(c.watch_percentage, c.registered_at) = 'no_show'
        returning c.workspace_id, c.id
      ), told as (
        insert into activities (workspace_id, action, actor, contact_id, after)
        select workspace_id, 'segment.entered', ${JSON.stringify(BY_CLOCK)}::text::jsonb, id, jsonb_build_object('segment', 'no_show')
          from became
      )
      select pg_notify(${ACTIVITIES_RECORDED}, '')`
    return found.length
  }) as Promise<number>
}
