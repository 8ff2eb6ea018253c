import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { Gauge, type Registry } from 'prom-client'

/** However often somebody scrapes, the database is asked no more often, and is not waited for longer. */
const FRESH_MS = 5_000
const PATIENCE_MS = 2_000
/** Whoever is this far behind need not know how far exactly. */
const COUNTED = 10_000

const GAUGES = {
  due: ['throughline_webhook_endpoints_due', 'Endpoints with a delivery whose time has come'],
  oldest_s: ['throughline_webhook_oldest_due_seconds', 'How long the endpoint that waits longest has been due'],
  activities: ['throughline_relay_untold_activities', `Activities that readers were not told of yet, up to ${COUNTED}`],
  batches: ['throughline_relay_untold_batches', `Batches of events that readers were not told of yet, up to ${COUNTED}`],
} as const
const PAUSED_BY = ['person', 'gone', 'failing'] as const

type Waiting = Record<keyof typeof GAUGES | (typeof PAUSED_BY)[number], number>

/** Adds to `/metrics` what waits, over all processes. While the database is away it says what was last known. */
export function showWaiting(sql: postgres.Sql, registry: Registry): void {
  let asked = -FRESH_MS
  let answer: Promise<Waiting | undefined> = Promise.resolve(undefined)
  const ask = () => {
    if (performance.now() - asked < FRESH_MS) return answer
    asked = performance.now()
    const before = answer
    answer = Promise.race([readWaiting(sql), sleep(PATIENCE_MS, before, { ref: false })]).catch(() => before)
    return answer
  }
  const registers = [registry]
  for (const [column, [name, help]] of Object.entries(GAUGES) as [keyof typeof GAUGES, readonly [string, string]][])
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await ask())?.[column] ?? 0)
      },
    })
  new Gauge({
    name: 'throughline_webhook_endpoints_paused',
    help: 'Paused endpoints by who paused them: a person, their 410 (gone), or days of failures (failing)',
    labelNames: ['by'],
    registers,
    async collect() {
      const waiting = await ask()
      for (const by of PAUSED_BY) this.set({ by }, waiting?.[by] ?? 0)
    },
  })
}

async function readWaiting(sql: postgres.Sql): Promise<Waiting | undefined> {
  const [row] = await sql<Waiting[]>`
    select (select count(*) from endpoint_turns where due_at <= now())::int as due,
           (select coalesce(extract(epoch from now() - min(due_at)), 0) from endpoint_turns where due_at <= now())::float8 as oldest_s,
           (select count(*) from (select from activities where not told limit ${COUNTED}) as untold)::int as activities,
           (select count(*) from (select from event_batches limit ${COUNTED}) as untold)::int as batches,
           paused.*
      from (select count(*) filter (where paused_by = 'person')::int as person, count(*) filter (where paused_by = 'gone')::int as gone,
                   count(*) filter (where paused_by = 'failing')::int as failing
              from endpoints
             where state = 'paused' and deleted_at is null) as paused`
  return row
}
