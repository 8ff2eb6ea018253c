import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'

/** What, how often (an interval of PostgreSQL), and the verb, which is given the system's door. */
export type Task = readonly [name: string, every: string, run: (sql: postgres.Sql) => Promise<unknown>]

type Log = { error(details: object, sentence: string): void }

/** A task whose process died is taken over after this many seconds; a living one renews its lease at a third. */
const LEASE_SECONDS = 60
const LONGEST_SLEEP = 30_000

/**
 * Does periodic work until it is stopped. Several processes may have the same list: a row a task, leased, sees to it that one of
 * them does it. A task that fails is tried again after five minutes, or sooner if its turn comes.
 */
export function keepTime(sql: postgres.Sql, tasks: readonly Task[], { log = console }: { log?: Log } = {}) {
  const sleep = new AbortController()
  const loop = keepGoing()
  return {
    stop: async () => {
      sleep.abort()
      await loop
    },
  }

  async function keepGoing() {
    while (!sleep.signal.aborted) {
      try {
        await note(sql, tasks)
        while (!sleep.signal.aborted && (await runNext(sql, tasks, log)));
        await wait(Math.min((await untilNext(sql, tasks)) ?? LONGEST_SLEEP, LONGEST_SLEEP), sleep.signal)
      } catch (error) {
        log.error({ error }, 'The schedule could not reach the database; it tries again.')
        await wait(1000, sleep.signal)
      }
    }
  }
}

/** Does the task that is due longest, if one is. Returns its name. */
export async function runNext(sql: postgres.Sql, tasks: readonly Task[], log: Log = console): Promise<string | undefined> {
  const token = randomUUID()
  const [claimed] = await sql<{ name: string }[]>`
    update periodic_work
       set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), lease_token = ${token}
     where name = (
       select name
         from periodic_work
        where name = any(${names(tasks)}) and next_run_at <= now() and (lease_until is null or lease_until < now())
        order by next_run_at
        limit 1
          for update skip locked)
    returning name`
  if (!claimed) return undefined
  const [name, every, run] = tasks.find(task => task[0] === claimed.name)!
  const renewal = setInterval(() => void renew(sql, name, token).catch(() => {}), (LEASE_SECONDS * 1000) / 3)
  const from = performance.now()
  const error = await run(sql).then(() => undefined, asError)
  clearInterval(renewal)
  if (error) log.error({ task: name, error }, 'A periodic task failed.')
  await sql`
    update periodic_work
       set next_run_at = now() + case when ${error === undefined} then ${every}::interval else least(${every}::interval, interval '5 minutes') end,
           lease_until = null, lease_token = null, last_run_at = now(),
           last_ms = ${Math.round(performance.now() - from)}, last_error = ${error?.message ?? null}
     where name = ${name} and lease_token = ${token}`
  return name
}

/** Makes the rows of tasks that are new. Their first time is now. */
async function note(sql: postgres.Sql, tasks: readonly Task[]) {
  await sql`insert into periodic_work (name) select unnest(${names(tasks)}::text[]) on conflict do nothing`
}

async function renew(sql: postgres.Sql, name: string, token: string) {
  await sql`
    update periodic_work
       set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
     where name = ${name} and lease_token = ${token}`
}

async function untilNext(sql: postgres.Sql, tasks: readonly Task[]): Promise<number | undefined> {
  const [row] = await sql<{ ms: number | null }[]>`
    select extract(epoch from min(greatest(next_run_at, lease_until)) - now())::float8 * 1000 as ms
      from periodic_work
     where name = any(${names(tasks)})`
  return row?.ms === null || row === undefined ? undefined : Math.max(row.ms, 0) + 10
}

function names(tasks: readonly Task[]) {
  return tasks.map(([name]) => name)
}

function asError(error: unknown) {
  return error instanceof Error ? error : new Error(String(error))
}

function wait(ms: number, signal: AbortSignal) {
  if (signal.aborted) return
  return new Promise<void>(resolve => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
