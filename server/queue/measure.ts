import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { Gauge, type Registry } from 'prom-client'

type Row = { queue: string; waiting: number; later: number; running: number; oldest_s: number }

/** However often somebody scrapes, the database is asked no more often: `/metrics` is not protected, and a backlog may be long. */
const FRESH_MS = 5000
const PATIENCE_MS = 2000

const GAUGES = {
  waiting: ['throughline_jobs_waiting', 'Jobs whose time has come and that nobody works on yet'],
  later: ['throughline_jobs_later', 'Jobs whose time is yet to come: planned ones, and failed ones that are tried again'],
  running: ['throughline_jobs_running', 'Jobs that somebody works on'],
  oldest_s: ['throughline_jobs_oldest_seconds', 'How long the oldest of the waiting jobs has been waiting'],
} as const

/** Adds to `/metrics` how each queue fares, over all processes. While the database is away it says what was last known. */
export function measureQueues(sql: postgres.Sql, metrics: Registry) {
  const known = new Set<string>()
  let asked = -FRESH_MS
  let answer: Promise<Row[]> = Promise.resolve([])
  const ask = () => {
    if (performance.now() - asked < FRESH_MS) return answer
    asked = performance.now()
    const before = answer
    answer = Promise.race([readQueues(sql), sleep(PATIENCE_MS, before, { ref: false })]).catch(() => before)
    return answer
  }
  for (const [column, [name, help]] of Object.entries(GAUGES) as [keyof typeof GAUGES, readonly [string, string]][])
    new Gauge({
      name,
      help,
      labelNames: ['queue'],
      registers: [metrics],
      async collect() {
        const rows = await ask()
        for (const { queue } of rows) known.add(queue)
        // A queue that is empty now says 0: a line that breaks off would look like a server that is gone.
        for (const queue of known) this.set({ queue }, rows.find(row => row.queue === queue)?.[column] ?? 0)
      },
    })
}

/** Each half from its partial index: 30 ms at 100,000 jobs. */
function readQueues(sql: postgres.Sql) {
  return sql<Row[]>`
    with queued as (
      select queue, count(*) filter (where run_at <= now()) as waiting, count(*) filter (where run_at > now()) as later,
             greatest(extract(epoch from now() - min(run_at)), 0) as oldest_s
        from jobs
       where state = 'queued'
       group by queue
    ), leased as (
      select queue, count(*) as running from jobs where state = 'leased' group by queue
    )
    select queue, coalesce(waiting, 0)::int as waiting, coalesce(later, 0)::int as later, coalesce(running, 0)::int as running,
           coalesce(oldest_s, 0)::float8 as oldest_s
      from queued
      full join leased using (queue)`
}
