import { refuse } from '../errors.ts'

export type Grouping<T, R> = {
  /** One transaction for all of these; one result for each, in their order. */
  commit(items: T[]): Promise<R[]>
  /** How much of a transaction it takes (rows), and how much memory. */
  weigh(item: T): { weight: number; bytes: number }
  most_at_once?: number
  most_waiting?: number
}

export type Group<T, R> = {
  /** Resolves after the commit. Refused with `overloaded` when too much waits. */
  submit(item: T): Promise<R>
  /** The sum of the weights that are not committed yet. */
  waiting(): number
  /** Waits for what was submitted. */
  stop(): Promise<void>
}

/** Each transaction makes those behind it wait; from some hundred rows on a larger one is hardly faster a row. */
const MOST_AT_ONCE = 1000
/** Some 20 MB as events are; where they are large, the bytes say stop. */
const MOST_WAITING = 20_000
const MOST_BYTES_WAITING = 64 * 1024 * 1024

/**
 * When this many requests shared the last commit, those that it answered are about to send again: waiting a moment for them makes
 * one commit of two. (PostgreSQL's commit_delay and commit_siblings are the same idea.) A quiet server never waits.
 */
const SIBLINGS = 8
const SIBLINGS_MS = 1

/**
 * Group commit. While one transaction runs, everything that arrives waits; then all that waits goes in the next one. So a busy
 * server writes large batches and a quiet one answers at once, without a timer. Before memory grows, it says 503.
 */
export function groupCommit<T, R>({
  commit,
  weigh,
  most_at_once = MOST_AT_ONCE,
  most_waiting = MOST_WAITING,
}: Grouping<T, R>): Group<T, R> {
  let queue: Submission<T, R>[] = []
  let waiting = 0
  let waiting_bytes = 0
  let running: Promise<void> | undefined

  async function drain() {
    let last = 0
    while (queue.length > 0) {
      if (last >= SIBLINGS) await new Promise(resolve => setTimeout(resolve, SIBLINGS_MS))
      const batch = take()
      last = batch.length
      await settle(batch)
    }
    running = undefined
  }

  function take(): Submission<T, R>[] {
    let weight = 0
    let count = 0
    while (count < queue.length && (count === 0 || weight + queue[count]!.weight <= most_at_once))
      weight += queue[count++]!.weight
    const batch = queue.slice(0, count)
    queue = queue.slice(count)
    return batch
  }

  async function settle(batch: Submission<T, R>[]) {
    try {
      const results = await commit(batch.map(({ item }) => item))
      batch.forEach(({ resolve }, k) => {
        resolve(results[k]!)
      })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      for (const { weight, bytes } of batch) {
        waiting -= weight
        waiting_bytes -= bytes
      }
    }
  }

  return {
    submit(item) {
      const { weight, bytes } = weigh(item)
      if (waiting + weight > most_waiting || waiting_bytes + bytes > MOST_BYTES_WAITING) {
        return Promise.reject(refuse('overloaded', { retry_after: 1 }))
      }
      waiting += weight
      waiting_bytes += bytes
      return new Promise((resolve, reject) => {
        queue.push({ item, weight, bytes, resolve, reject })
        running ??= Promise.resolve().then(drain)
      })
    },
    waiting: () => waiting,
    stop: async () => {
      await running
    },
  }
}

type Submission<T, R> = { item: T; weight: number; bytes: number; resolve(result: R): void; reject(error: unknown): void }

/**
 * Does `work` with all items at once. A batch that the database refuses is halved until the item that it cannot store stands alone;
 * that one is given to `poison`. Each half is a transaction. Throws when it is not the data that is at fault.
 */
export async function inHalves<T>(
  items: T[],
  work: (items: T[]) => Promise<void>,
  poison: (item: T) => Promise<void>,
  tries = 1,
): Promise<void> {
  try {
    await work(items)
  } catch (error) {
    if (isConflict(error) && tries < 3) return inHalves(items, work, poison, tries + 1)
    if (!isAboutData(error) || items.length === 0) throw error
    if (items.length === 1) return poison(items[0]!)
    const half = items.length >> 1
    await inHalves(items.slice(0, half), work, poison)
    await inHalves(items.slice(half), work, poison)
  }
}

/** Plans are made again at the 1st, 2nd, 4th, 8th ... batch: those of an empty table are no good for a million rows. */
export function isPowerOfTwo(n: number) {
  return (n & (n - 1)) === 0
}

/** Class 40: two transactions were in each other's way, and this one was rolled back. It can be done again as it is. */
function isConflict(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^40...$/.test(code)
}

/**
 * Classes 22 (data), 23 (constraints) and 54 (limits): the row is at fault, not the database. Or we stumble over it ourselves: then,
 * too, it must not take its neighbours along, over and over as it is sent again.
 */
function isAboutData(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError)
    return !/[\\/]node_modules[\\/]postgres[\\/]/.test(error.stack ?? '')
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^(22|23|54)...$/.test(code)
}
