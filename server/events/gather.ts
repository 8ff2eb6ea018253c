import { type Database, open } from '../database/connect.ts'
import type { Timings } from '../http/timings.ts'
import { groupCommit, inHalves, isPowerOfTwo } from '../queue/group.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { type Incoming, refuseEvent } from './incoming.ts'
import { preparePartitions } from './partitions.ts'
import { type RefusedEvent, record } from './record.ts'

/** Events that the database could not store, or was not allowed to: whoever did them denied it. */
export type NotStored = Map<Incoming, RefusedEvent>

export type Recorder = {
  /** Resolves after the commit. What is refused is stored along with the rest, for the debugger. */
  submit(events: Incoming[], refused: RefusedEvent[]): Promise<NotStored>
  waiting(): number
  stop(): Promise<void>
}

type Submission = { events: Incoming[]; refused: RefusedEvent[] }

/** Stores events in groups (server/queue/group.ts). */
export function createRecorder(database: Database, timings?: Timings): Recorder {
  // A connection of its own: its prepared statements stay planned, and requests that read never wait behind a batch.
  const writer = open(database.url, 'throughline_app', 1, database.sealer)
  const numbers = visitorNumbers()
  const partitions = preparePartitions(database)
  let batches = 0
  const group = groupCommit<Submission, NotStored>({ commit, weigh })
  return {
    submit: async (events, refused) => {
      const not_stored = await group.submit({ events, refused })
      const [first] = events
      if (first) timings?.note(first.workspace_id, 'capture', Date.now() - first.received_at, events.length)
      for (const { workspace_id, received_at, occurred_at } of events)
        timings?.note(workspace_id, 'latency', Math.max(0, received_at - occurred_at))
      return not_stored
    },
    waiting: group.waiting,
    stop: async () => {
      await group.stop()
      await writer.end({ timeout: 5 })
    },
  }

  async function commit(submissions: Submission[]): Promise<NotStored[]> {
    const events = submissions.flatMap(submission => submission.events)
    let refused = submissions.flatMap(submission => submission.refused)
    const not_stored: NotStored = new Map()
    const store = async (some: Incoming[]) => {
      const denied = await record(writer, numbers, some, refused, isPowerOfTwo(++batches))
      for (const [event, reason] of denied) not_stored.set(event, reason)
      refused = []
    }
    await partitions.cover(events)
    await inHalves(events, store, async event => {
      const { workspace_id, key_id, received_at } = event
      const reason = { ...refuseEvent('poisonous', event), workspace_id, key_id, received_at }
      not_stored.set(event, reason)
      refused.push(reason)
      await inHalves([], store, async () => {})
    })
    return submissions.map(() => not_stored)
  }
}

function weigh({ events, refused }: Submission) {
  let bytes = 0
  for (const event of events) bytes += event.properties.length + event.context.length
  for (const event of refused) bytes += event.body.length
  return { weight: events.length + refused.length, bytes }
}
