import type { Sql } from '../database/connect.ts'

type Wish = { queue: string; share: number }

// Three ways to the same: `ready`, the jobs whose time has come and that the shares of their keys allow. `turn` counts the jobs of a
// tenant: those that somebody works on first, then these by their time.

/** Reads every job that is due, and every one that is held: no join, which would be a guess while statistics are old. */
export function readyAmongFew(sql: Sql, { queue, share }: Wish) {
  return sql`
    placed as (
      select workspace_id, id, run_at, held, row_number() over (partition by workspace_id, key order by held desc, run_at, id) as place
        from (
          select workspace_id, key, id, run_at, false as held
            from jobs
           where queue = ${queue} and finished_at is null and lease_token is null and run_at <= now()
           union all
          select workspace_id, key, id, run_at, true from jobs where queue = ${queue} and state = 'leased') as job
    ), allowed as (
      select workspace_id, id, run_at, held, row_number() over (partition by workspace_id order by held desc, run_at, id) as turn
        from placed
       where held or place <= ${share}
    ), ready as (
      select workspace_id, id, run_at, turn from allowed where not held
    )`
}

/** Reads of each of these keys no more than its share: a backlog costs nothing. */
export function readyOfKeys(sql: Sql, wish: Wish, keys: { workspace_id: number; key: string }[]) {
  return sql`
    keys as (
      select workspace_id, key
        from unnest(${keys.map(key => key.workspace_id)}::int[], ${keys.map(({ key }) => key)}::text[]) as k (workspace_id, key)
    ), ${ofKeys(sql, wish)}`
}

/** The same of every key that has something queued. They are found by leaps through the index: `select distinct` would read the backlog of each. */
export function readyOfAll(sql: Sql, wish: Wish) {
  const { queue } = wish
  return sql`
    keys as (
      (select workspace_id, key
         from jobs
        where queue = ${queue} and state = 'queued'
        order by workspace_id, key
        limit 1)
      union all
      select next.workspace_id, next.key
        from keys
       cross join lateral (
         select workspace_id, key
           from jobs
          where queue = ${queue} and state = 'queued' and (workspace_id, key) > (keys.workspace_id, keys.key)
          order by workspace_id, key
          limit 1) as next
    ), ${ofKeys(sql, wish)}`
}

function ofKeys(sql: Sql, { queue, share }: Wish) {
  return sql`
    held as materialized (
      select workspace_id, key, count(*) as jobs
        from jobs
       where queue = ${queue} and state = 'leased'
       group by workspace_id, key
    ), busy as (
      select workspace_id, sum(jobs) as jobs from held group by workspace_id
    ), ready as (
      select job.workspace_id, job.id, job.run_at,
             row_number() over (partition by job.workspace_id order by job.run_at, job.id) + coalesce(busy.jobs, 0) as turn
        from keys
        left join held using (workspace_id, key)
        left join busy using (workspace_id)
       cross join lateral (
         select workspace_id, id, run_at
           from jobs
          where queue = ${queue} and state = 'queued' and run_at <= now()
            and workspace_id = keys.workspace_id and key = keys.key
          order by run_at, id
          limit greatest(${share} - coalesce(held.jobs, 0), 0)) as job
    )`
}
