import { setTimeout as sleep } from 'node:timers/promises'
import type { Made } from './settle.ts'

/** Results come together for so long, or until there are so many, and are written at once. */
const GATHER_MS = 30
const ENOUGH = 400
const MOST_AT_ONCE = 1_000
/** What is kept while the database is away. Then nothing more is sent. */
const MOST = 5_000
const MOST_BYTES = 64 * 1024 * 1024

/** Groups that are written at a time. The second sends its statements while the first one's commit is on its way to the disk. */
const LANES = 2

type Entry = { made: Made; written: () => void; bytes: number; place: number }
type Lane = { over: Promise<void> }
export type Ledger = ReturnType<typeof openLedger>

/**
 * Writes results in groups; while one is written, the next fills, and one that is full meanwhile is written beside it. What cannot
 * be written stays until it can. `written` is called for each when it is in the database.
 */
export function openLedger(write: (made: Made[]) => Promise<void>, complain: (error: unknown) => void) {
  let waiting: Entry[] = []
  /** Of what waits and what is being written. */
  let count = 0
  let bytes = 0
  let added = 0
  const lanes = new Set<Lane>()
  let hurried = false
  let closed = false
  let enough = () => {}

  return {
    add(made: Made, written: () => void) {
      const size = 1_000 + (made.attempt.response_body?.length ?? 0)
      count++
      bytes += size
      waiting.push({ made, written, bytes: size, place: added++ })
      if (waiting.length >= ENOUGH) enough()
      if (lanes.size === 0 || (waiting.length >= ENOUGH && lanes.size < LANES)) openLane()
    },
    get is_full() {
      return count >= MOST || bytes >= MOST_BYTES
    },
    /** Waits until everything is written, but not for a database that is away. Nothing is written afterwards. */
    async drain(patience_ms: number) {
      hurried = true
      enough()
      await Promise.race([Promise.all([...lanes].map(({ over }) => over)), sleep(patience_ms, undefined, { ref: false })])
      closed = true
    },
  }

  function openLane() {
    const lane: Lane = { over: Promise.resolve() }
    lanes.add(lane)
    lane.over = writeAll(lane)
  }

  async function writeAll(lane: Lane) {
    while (!closed && waiting.length >= (lanes.size > 1 ? ENOUGH : 1)) {
      await gather()
      const group = waiting.splice(0, MOST_AT_ONCE)
      if (group.length === 0) continue // the other lane took all
      try {
        await writeGroup(group)
        count -= group.length
        bytes -= group.reduce((sum, entry) => sum + entry.bytes, 0)
        for (const { written } of group) written()
      } catch (error) {
        complain(error)
        waiting = [...group, ...waiting].sort((a, b) => a.place - b.place)
        await sleep(500)
      }
    }
    lanes.delete(lane)
  }

  async function gather() {
    if (waiting.length >= ENOUGH || hurried) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, GATHER_MS)
      enough = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function writeGroup(group: Entry[]) {
    try {
      await write(group.map(({ made }) => made))
    } catch (error) {
      if (!isOfData(error)) throw error
      // One of them cannot be stored. The others must not wait for it, nor may it be sent for ever because nobody could write that it was.
      for (const { made } of group) await write([made]).catch(error => writeLess(made, error))
    }
  }

  async function writeLess(made: Made, error: unknown) {
    if (!isOfData(error)) throw error
    complain(error)
    await write([
      {
        ...made,
        attempt: { ...made.attempt, response_headers: null, response_body: null, error: made.attempt.ok ? null : UNSTORABLE },
      },
    ])
  }
}

const UNSTORABLE = 'The answer holds what the database cannot store.'

/** A data exception of PostgreSQL: the same again would fail again. */
function isOfData(error: unknown) {
  return String((error as { code?: unknown }).code).startsWith('22')
}
