import { setTimeout as sleep } from 'node:timers/promises'
import type { Made } from './settle.ts'

/** Results come together for so long, or until there are so many, and are written at once. */
const GATHER_MS = 10
const ENOUGH = 200
const MOST_AT_ONCE = 1_000
/** What is kept while the database is away. Then nothing more is sent. */
const MOST = 5_000
const MOST_BYTES = 64 * 1024 * 1024

type Entry = { made: Made; written: () => void; bytes: number }
export type Ledger = ReturnType<typeof openLedger>

/**
 * Writes results in groups, one after the other; while one is written, the next fills. What cannot be written stays until it can.
 * `written` is called for each when it is in the database.
 */
export function openLedger(write: (made: Made[]) => Promise<void>, complain: (error: unknown) => void) {
  let entries: Entry[] = []
  let bytes = 0
  let writing: Promise<void> | undefined
  let hurried = false
  let closed = false
  let enough = () => {}

  return {
    add(made: Made, written: () => void) {
      const size = 1_000 + (made.attempt.response_body?.length ?? 0)
      bytes += size
      entries.push({ made, written, bytes: size })
      if (entries.length >= ENOUGH) enough()
      writing ??= writeAll()
    },
    get is_full() {
      return entries.length >= MOST || bytes >= MOST_BYTES
    },
    /** Waits until everything is written, but not for a database that is away. Nothing is written afterwards. */
    async drain(patience_ms: number) {
      hurried = true
      enough()
      await Promise.race([writing, sleep(patience_ms, undefined, { ref: false })])
      closed = true
    },
  }

  async function writeAll() {
    while (entries.length > 0 && !closed) {
      await gather()
      const group = entries.slice(0, MOST_AT_ONCE)
      try {
        await writeGroup(group)
        entries = entries.slice(group.length)
        bytes -= group.reduce((sum, entry) => sum + entry.bytes, 0)
        for (const { written } of group) written()
      } catch (error) {
        complain(error)
        await sleep(500)
      }
    }
    writing = undefined
  }

  async function gather() {
    if (entries.length >= ENOUGH || hurried) return
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
