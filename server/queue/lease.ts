import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import type { Job } from './job.ts'
import { readyAmongFew, readyOfAll, readyOfKeys } from './ready.ts'
import { keysInTurn, type Turn } from './turn.ts'

export type Lease = {
  queue: string
  limit: number
  /** How many jobs of one key may be leased at a time, by all processes together. */
  share: number
  seconds: number
  /** Where the claim before stopped looking; without it, a claim looks at every key. */
  turn?: Turn
}

/** `next_ms` is how long it takes until the time of the next job comes; undefined when none waits for its time, or more is ready. */
export type Leased<P> = { jobs: Job<P>[]; next_ms?: number | undefined }

/** Up to so many due jobs, reading each is cheaper than leaping from key to key. */
const FEW = 2000

/**
 * Takes up to `limit` jobs whose time has come: of each key no more than its share, of the tenants in turn, the oldest first.
 * Claims of one queue take turns (the first statement), so the share holds exactly, however many processes there are.
 *
 * It reads at most 2,000 due jobs, or as much as their shares of 300 keys: 10 to 15 ms with 30,000 queued, over 500 keys or over 5,000,
 * and 1 ms when nothing is due. Only where keys at their share hold nearly all that is due, every key is looked at, 10 to 20 µs each.
 */
export async function lease<P>(sql: postgres.Sql, wish: Lease): Promise<Leased<P>> {
  return (await sql.begin(async tx => {
    await tx`select pg_advisory_xact_lock(${CLAIM_LOCK}, hashtext(${wish.queue}))`
    // now() is the same in the whole transaction: a job whose time comes between two statements is not overlooked.
    const { due, next_ms } = await look(tx, wish.queue)
    const jobs = due === 0 ? [] : due <= FEW ? await take<P>(tx, wish, readyAmongFew(tx, wish)) : await takeOfMany<P>(tx, wish)
    return jobs.length === wish.limit ? { jobs } : { jobs, next_ms: next_ms ?? undefined }
  })) as unknown as Leased<P>
}

/** How many jobs are due, counted no further than needed, and how soon the next one will be. Queued is what has no lease and did not end. */
async function look(sql: postgres.TransactionSql, queue: string) {
  const [row] = await sql<{ due: number; next_ms: number | null }[]>`
    select (select count(*)::int
              from (select from jobs
                     where queue = ${queue} and finished_at is null and lease_token is null and run_at <= now()
                     order by run_at
                     limit ${FEW + 1}) as due) as due,
           (select extract(epoch from run_at - now())::float8 * 1000
              from jobs
             where queue = ${queue} and finished_at is null and lease_token is null and run_at > now()
             order by run_at
             limit 1) as next_ms`
  return row!
}

/** With a long backlog, the keys whose turn it is nearly always have enough; when they have not, all are looked at. */
async function takeOfMany<P>(sql: postgres.TransactionSql, wish: Lease): Promise<Job<P>[]> {
  const keys = wish.turn ? await keysInTurn(sql, wish, wish.turn) : []
  const jobs = keys.length > 0 ? await take<P>(sql, wish, readyOfKeys(sql, wish, keys)) : []
  if (jobs.length === wish.limit) return jobs
  const rest = { ...wish, limit: wish.limit - jobs.length }
  return [...jobs, ...(await take<P>(sql, rest, readyOfAll(sql, rest)))]
}

/** Leases from `ready`, see server/queue/ready.ts. */
function take<P>(sql: postgres.TransactionSql, { limit, seconds }: Lease, ready: postgres.Fragment) {
  return sql<Job<P>[]>`
    with recursive ${ready}, next as (
      select workspace_id, id from ready order by turn, run_at, id limit ${limit}
    ), free as (
      select workspace_id, id from jobs join next using (workspace_id, id) for update of jobs skip locked
    )
    update jobs
       set state = 'leased', attempt = attempt + 1, lease_until = now() + make_interval(secs => ${seconds}), lease_token = ${randomUUID()}
      from free
     where jobs.workspace_id = free.workspace_id and jobs.id = free.id and jobs.state = 'queued'
    returning jobs.workspace_id, jobs.id, queue, key, payload, attempt, lease_token as token, run_at, created_at`
}

const CLAIM_LOCK = 7_404
