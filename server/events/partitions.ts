import type { Database } from '../database/connect.ts'
import type { Incoming } from './incoming.ts'

/**
 * Months that have a partition. The schedule makes them ahead; a batch with older events (an import, a phone that was off)
 * makes what it needs just before its own transaction, so that none holds the lock that this takes.
 */
export function preparePartitions(database: Database) {
  const known = new Set<number>()
  return {
    async cover(events: Incoming[]) {
      for (const event of events) {
        const time = new Date(event.occurred_at)
        const month = time.getUTCFullYear() * 12 + time.getUTCMonth()
        if (known.has(month)) continue
        await database.app`select ensure_event_partitions(${time}, ${time})`
        known.add(month)
      }
    },
  }
}
