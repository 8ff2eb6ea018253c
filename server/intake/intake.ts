import type postgres from 'postgres'
import { type Database, open } from '../database/connect.ts'
import { groupCommit, inHalves, isPowerOfTwo } from '../queue/group.ts'
import { type VisitorNumbers, visitorNumbers } from '../visitors/number.ts'
import { storedOutcome } from './answer.ts'
import type { Waiting } from './delivery.ts'
import type { Outcome } from './formats/format.ts'
import { processDeliveries } from './process.ts'
import { refuseUnstorable } from './settle.ts'
import { type Incoming, type Stored, storeDeliveries } from './store.ts'

/** Takes in what is sent, in two steps: what came is stored, and what is stored is made into leads. Both in groups. */
export type Intake = {
  /** Resolves after the commit. */
  store(incoming: Incoming): Promise<Stored>
  /** Resolves after the commit with what its sender is told. */
  process(waiting: Waiting): Promise<Outcome>
  stop(): Promise<void>
}

/** As large as what a transaction makes others wait for: some 50 ms. */
const MOST_LEADS_AT_ONCE = 500

export function openIntake(database: Database): Intake {
  // A connection for each step: the next group is stored while the one before is processed.
  const storer = open(database.url, 'throughline_app', 1, database.sealer)
  const processor = open(database.url, 'throughline_app', 1, database.sealer)
  const numbers = visitorNumbers()
  let batches = 0

  const storing = groupCommit<Incoming, Stored>({
    weigh: ({ body }) => ({ weight: 1, bytes: body.length * 4 }),
    commit: async batch => {
      const stored = new Map<Incoming, Stored>()
      const store = async (some: Incoming[]) => {
        const results = await storeDeliveries(storer, some, database.sealer)
        some.forEach((one, k) => {
          stored.set(one, results[k]!)
        })
      }
      await inHalves(batch, store, async one => {
        stored.set(one, { kind: 'unstorable' })
      })
      return batch.map(one => stored.get(one)!)
    },
  })

  const processing = groupCommit<Waiting, Outcome>({
    most_at_once: MOST_LEADS_AT_ONCE,
    weigh: ({ read }) =>
      read.ok ? { weight: Math.max(1, read.items.length), bytes: read.items.length * 4000 } : { weight: 1, bytes: 0 },
    commit: async batch => {
      const outcomes = await processEach(processor, numbers, batch, isPowerOfTwo(++batches))
      return batch.map(one => outcomes.get(one) ?? storedOutcome(one.id))
    },
  })

  return {
    store: storing.submit,
    process: processing.submit,
    stop: async () => {
      await storing.stop()
      await processing.stop()
      await Promise.all([storer.end({ timeout: 5 }), processor.end({ timeout: 5 })])
    },
  }
}

/** Processes all of them together; one that the database cannot store goes into quarantine, and the others never know. */
export async function processEach(writer: postgres.Sql, numbers: VisitorNumbers, batch: Waiting[], plan_again = false) {
  const outcomes = new Map<Waiting, Outcome>()
  const work = async (some: Waiting[]) => {
    for (const [one, outcome] of await processDeliveries(writer, numbers, some, plan_again)) outcomes.set(one, outcome)
  }
  await inHalves(batch, work, async one => {
    outcomes.set(one, await refuseUnstorable(writer, one))
  })
  return outcomes
}
