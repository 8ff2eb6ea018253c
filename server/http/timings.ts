import type postgres from 'postgres'

/** How long something took that happens often, for the figures by the hour. */
export type Timings = {
  /** `count` things of a kind took so long, in milliseconds. */
  note(workspace_id: number, kind: 'capture' | 'latency' | 'report' | 'load', ms: number, count?: number): void
  /** Writes what was noted. While the database is away it is kept. */
  flush(sql: postgres.Sql): Promise<void>
}

/** Of more than this nothing new is kept until they are written: the kinds of a thousand workspaces. */
const MOST = 50_000
const FLUSH_MS = 10_000

/** In memory: what is noted costs no statement of its own. A process that dies loses some seconds of it. */
export function openTimings(): Timings {
  let noted = new Map<string, number>()
  const add = (key: string, count: number) => {
    const before = noted.get(key)
    if (before !== undefined || noted.size < MOST) noted.set(key, (before ?? 0) + count)
  }
  return {
    note: (workspace_id, kind, ms, count = 1) => add(`${workspace_id} ${kind} ${bucketOf(ms)}`, count),
    async flush(sql) {
      if (noted.size === 0) return
      const written = noted
      noted = new Map()
      try {
        await write(sql, written)
      } catch (error) {
        for (const [key, count] of written) add(key, count)
        throw error
      }
    },
  }
}

/** Writes them every ten seconds, and at the end. */
export function keepTimings(timings: Timings, sql: postgres.Sql, log: { warn(details: object, sentence: string): void }) {
  const flush = () => timings.flush(sql).catch(error => log.warn({ err: error }, 'timings could not be written'))
  const clock = setInterval(() => void flush(), FLUSH_MS)
  return {
    stop: async () => {
      clearInterval(clock)
      await flush()
    },
  }
}

/** Four to a doubling: what is read out of them is at most 20 % too much. */
const TO_A_DOUBLING = 4
const LAST = 120 // twelve days

function bucketOf(ms: number) {
  return ms <= 1 ? 0 : Math.min(LAST, Math.ceil(TO_A_DOUBLING * Math.log2(ms)))
}

/** What this part of them took at most, in milliseconds. */
export function quantileOf(buckets: readonly { bucket: number; count: number }[], part: number): number | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  let passed = 0
  for (const { bucket, count } of buckets.toSorted((a, b) => a.bucket - b.bucket)) {
    passed += count
    if (passed >= part * total) return Math.round(2 ** (bucket / TO_A_DOUBLING))
  }
  return null
}

async function write(sql: postgres.Sql, noted: Map<string, number>) {
  const rows = [...noted].map(([key, count]) => {
    const [workspace_id, kind, bucket] = key.split(' ')
    return { workspace_id: Number(workspace_id), kind, bucket: Number(bucket), count }
  })
  await sql`
    insert into timings as t (workspace_id, hour, kind, bucket, count)
    select w.id, date_trunc('hour', now(), 'UTC'), n.kind, n.bucket, n.count
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as n(workspace_id int, kind text, bucket smallint, count bigint)
      join workspaces w on w.id = n.workspace_id
     order by 1, 3, 4
    on conflict (workspace_id, hour, kind, bucket) do update set count = t.count + excluded.count`
}
