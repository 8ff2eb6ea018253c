import { randomUUID } from 'node:crypto'
import type { Database } from '../server/database/connect.ts'

const listening = new WeakMap<Database, Promise<Map<string, () => void>>>()

/**
 * Until the process has heard of everything that was committed before: settings that it keeps are dropped when it is notified of a change, which
 * is a moment after whoever changed them got an answer. One connection hears of all channels, in the order of the commits.
 */
export async function heard(database: Database): Promise<void> {
  if (!listening.has(database)) listening.set(database, listen(database))
  const waiting = await listening.get(database)!
  const word = randomUUID()
  const arrived = new Promise<void>(resolve => waiting.set(word, resolve))
  await database.system.notify('heard', word)
  await arrived
  waiting.delete(word)
}

async function listen({ system }: Database) {
  const waiting = new Map<string, () => void>()
  await system.listen('heard', word => waiting.get(word)?.())
  return waiting
}
