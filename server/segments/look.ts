import type { FastifyBaseLogger } from 'fastify'
import type postgres from 'postgres'
import type { Database, Sql } from '../database/connect.ts'
import { enqueueAll } from '../queue/enqueue.ts'
import { type Hold, type Worker, work } from '../queue/work.ts'
import { countSegment } from './count.ts'
import { lockSegments, type Ruled, settleMembers } from './settle.ts'

export const QUEUE = 'segments'
/** Jobs of this key look at who changed; others count one segment. */
const CHANGES = 'changes'
/** Whom one transaction looks at. */
const CHUNK = 1000
/** What happens within it is looked at together: somebody who clicks through a page is evaluated once. */
const GATHER_MS = 300

/** Has the noted contacts of these workspaces looked at soon, once however often it is asked. */
export async function askToLook(sql: postgres.TransactionSql, workspace_ids: number[]): Promise<void> {
  if (workspace_ids.length === 0) return
  // Held until this commits, so that one that waits already cannot begin before what was noted is there.
  const waiting = await sql<{ workspace_id: number }[]>`
    select workspace_id
      from jobs
     where queue = ${QUEUE} and workspace_id = any(${workspace_ids}::int[]) and key = ${CHANGES} and state = 'queued'
       for update skip locked`
  const asked = new Set(waiting.map(row => row.workspace_id))
  const missing = workspace_ids.filter(id => !asked.has(id))
  const run_at = new Date(Date.now() + GATHER_MS)
  await enqueueAll(
    sql,
    missing.map(workspace_id => ({ workspace_id, queue: QUEUE, key: CHANGES, run_at })),
  )
}

/** Has all contacts looked at for one segment, as its rule is new. */
export async function askToCount(sql: postgres.TransactionSql, workspace_id: number, segment_id: number): Promise<void> {
  await enqueueAll(sql, [{ workspace_id, queue: QUEUE, key: 'count', payload: { segment_id } }])
}

/** Keeps segments up to date: one job at a time for what changed in a workspace, and one that counts. */
export function startKeepingSegments({ system }: Database, log: FastifyBaseLogger): Worker {
  return work<{ segment_id?: number }>(system, {
    queue: QUEUE,
    concurrency: 2,
    share: 1,
    delays: [5, 60, 600, 3600],
    run: ({ workspace_id, payload }, hold) =>
      payload.segment_id === undefined
        ? lookAtChanges(system, workspace_id, hold)
        : countSegment(system, workspace_id, payload.segment_id, hold),
    log,
  })
}

async function lookAtChanges(system: postgres.Sql, workspace_id: number, { signal }: Pick<Hold, 'signal'>) {
  while (!signal.aborted && (await lookAtSome(system, workspace_id)) > 0);
}

/** Returns how many it looked at. What is noted meanwhile is another row, so nothing is forgotten. */
export async function lookAtSome(system: postgres.Sql, workspace_id: number): Promise<number> {
  return system.begin(async sql => {
    await lockSegments(sql, workspace_id)
    const changes = await sql<{ contact_id: number }[]>`
      delete from segment_changes
       where workspace_id = ${workspace_id}
         and id in (select id from segment_changes where workspace_id = ${workspace_id} order by id limit ${CHUNK})
      returning contact_id`
    if (changes.length === 0) return 0
    const contact_ids = [...new Set(changes.map(change => change.contact_id))]
    const segments = await readSegments(sql, workspace_id)
    for (const segment of segments)
      await settleMembers(sql, workspace_id, segment, contact_ids, { tell: !segment.is_being_counted })
    return changes.length
  }) as Promise<number>
}

/** All of a workspace. Who is found while a segment is being counted did not enter it: its rule was written. */
export function readSegments(sql: Sql, workspace_id: number) {
  return sql<(Ruled & { is_being_counted: boolean })[]>`
    select id, name, rule, counted_to is not null as is_being_counted
      from segments
     where workspace_id = ${workspace_id}
     order by id`
}
