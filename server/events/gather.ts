import { type Database, open } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { type Incoming, refuseEvent } from './incoming.ts'
import { preparePartitions } from './partitions.ts'
import { type RefusedEvent, record } from './record.ts'

/** Events that the database could not store, by their place in what was submitted. */
export type Poisonous = Map<Incoming, RefusedEvent>

export type Recorder = {
  /** Resolves after the commit. What is refused is stored along with the rest, for the debugger. */
  submit(events: Incoming[], refused: RefusedEvent[]): Promise<Poisonous>
  waiting(): number
  stop(): Promise<void>
}

/**
 * Group commit. While one transaction runs, everything that arrives waits; then all that waits goes in the next one. So a busy
 * server writes large batches and a quiet one answers at once, without a timer. Before memory grows, it says 503.
 */
export function createRecorder(database: Database): Recorder {
  // A connection of its own: its prepared statements stay planned, and requests that read never wait behind a batch.
  const writer = open(database.url, 'throughline_app')
  const numbers = visitorNumbers()
  let batches = 0
  const partitions = preparePartitions(database)
  let queue: Submission[] = []
  let waiting = 0
  let waiting_bytes = 0
  let running: Promise<void> | undefined

  async function drain() {
    let last = 0
    while (queue.length > 0) {
      if (last >= SIBLINGS) await new Promise(resolve => setTimeout(resolve, SIBLINGS_MS))
      const batch = take()
      last = batch.length
      await commit(batch)
    }
    running = undefined
  }

  function take(): Submission[] {
    let events = 0
    let count = 0
    while (count < queue.length && (count === 0 || events + queue[count]!.weight <= MOST_AT_ONCE))
      events += queue[count++]!.weight
    const batch = queue.slice(0, count)
    queue = queue.slice(count)
    return batch
  }

  async function commit(batch: Submission[]) {
    const poisonous: Poisonous = new Map()
    try {
      const events = batch.flatMap(submission => submission.events)
      await partitions.cover(events)
      await store(
        events,
        batch.flatMap(submission => submission.refused),
        poisonous,
      )
      for (const submission of batch) submission.resolve(poisonous)
    } catch (error) {
      for (const submission of batch) submission.reject(error)
    } finally {
      for (const { weight, bytes } of batch) {
        waiting -= weight
        waiting_bytes -= bytes
      }
    }
  }

  /** A batch that the database refuses is halved until the one that it cannot store stands alone. Each half is a commit. */
  async function store(events: Incoming[], refused: RefusedEvent[], poisonous: Poisonous, tries = 1): Promise<void> {
    try {
      await record(writer, numbers, events, refused, isPowerOfTwo(++batches))
    } catch (error) {
      if (isConflict(error) && tries < 3) return store(events, refused, poisonous, tries + 1)
      if (!isAboutData(error) || events.length === 0) throw error
      if (events.length === 1) {
        const event = events[0]!
        const reason = {
          ...refuseEvent('poisonous', event),
          workspace_id: event.workspace_id,
          key_id: event.key_id,
          received_at: event.received_at,
        }
        poisonous.set(event, reason)
        return store([], [...refused, reason], poisonous)
      }
      const half = events.length >> 1
      await store(events.slice(0, half), refused, poisonous)
      await store(events.slice(half), [], poisonous)
    }
  }

  return {
    submit(events, refused) {
      const weight = events.length + refused.length
      const bytes = bytesOf(events, refused)
      if (waiting + weight > MOST_WAITING || waiting_bytes + bytes > MOST_BYTES_WAITING) {
        return Promise.reject(refuse('overloaded', { retry_after: 1 }))
      }
      waiting += weight
      waiting_bytes += bytes
      return new Promise((resolve, reject) => {
        queue.push({ events, refused, weight, bytes, resolve, reject })
        running ??= Promise.resolve().then(drain)
      })
    },
    waiting: () => waiting,
    stop: async () => {
      await running
      await writer.end({ timeout: 5 })
    },
  }
}

type Submission = {
  events: Incoming[]
  refused: RefusedEvent[]
  weight: number
  bytes: number
  resolve(poisonous: Poisonous): void
  reject(error: unknown): void
}

/**
 * When this many requests shared the last commit, those that it answered are about to send again: waiting a moment for them makes
 * one commit of two. (PostgreSQL's commit_delay and commit_siblings are the same idea.) A quiet server never waits.
 */
const SIBLINGS = 8
const SIBLINGS_MS = 1

/** Each transaction makes those behind it wait; from some hundred events on a larger one is hardly faster an event. */
const MOST_AT_ONCE = 1000
/** Some 20 MB as events are; where they are large, the bytes say stop. */
const MOST_WAITING = 20_000
const MOST_BYTES_WAITING = 64 * 1024 * 1024

function bytesOf(events: Incoming[], refused: RefusedEvent[]): number {
  let bytes = 0
  for (const event of events) bytes += event.properties.length + event.context.length
  for (const event of refused) bytes += event.body.length
  return bytes
}

/** Class 40: two transactions were in each other's way, and this one was rolled back. It can be done again as it is. */
function isConflict(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^40...$/.test(code)
}

/** Plans are made again at the 1st, 2nd, 4th, 8th ... batch: those of an empty table are no good for a million rows. */
function isPowerOfTwo(n: number) {
  return (n & (n - 1)) === 0
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
