import type { Sql } from '../database/connect.ts'
import { CHANNEL } from './job.ts'

export type NewJob = { workspace_id: number; queue: string; key: string; payload?: object; run_at?: Date }

/** Asks for work in the transaction of the caller: it is there when that commits, and was never asked for when it does not. Returns the id. */
export async function enqueue(sql: Sql, job: NewJob): Promise<number> {
  const [id] = await enqueueAll(sql, [job])
  return id!
}

/** The same for many, of one or several workspaces, in one statement. The workers are woken by the commit. */
export async function enqueueAll(sql: Sql, jobs: NewJob[]): Promise<number[]> {
  if (jobs.length === 0) return []
  const rows = await sql<{ id: number }[]>`
    with added as (
      insert into jobs (workspace_id, queue, key, payload, run_at)
      select workspace_id, queue, key, payload::jsonb, coalesce(run_at::timestamptz, now())
        from unnest(
          ${jobs.map(job => job.workspace_id)}::int[],
          ${jobs.map(job => job.queue)}::text[],
          ${jobs.map(job => job.key)}::text[],
          ${jobs.map(job => JSON.stringify(job.payload ?? {}))}::text[],
          ${jobs.map(job => job.run_at?.toISOString() ?? null)}::text[]
        ) with ordinality as job (workspace_id, queue, key, payload, run_at, position)
       order by position
      returning id, queue
    ), told as materialized (
      select pg_notify(${CHANNEL}, queue) from (select distinct queue from added) as queues
    )
    select id from added where (select count(*) from told) > 0`
  return rows.map(row => row.id)
}
