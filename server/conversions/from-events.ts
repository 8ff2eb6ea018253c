import type postgres from 'postgres'
import { addConversions } from './add.ts'
import { isConversion, readEvent } from './read-event.ts'

type StoredEvent = {
  workspace_id: number
  visitor_id: number
  event: string
  message_id: string
  occurred_at: number // ms
  properties: string // JSON text
  is_bot: boolean
}

/**
 * Makes the conversions that a batch of events says, in the transaction that stored them: nothing at all when there is none, which is
 * almost always. They are of the visitor, so that whose they are moves with the visitor through merges, undos and late log-ins. Of two
 * events with one order id the first counts, and none when that order came through the API before.
 */
export async function addConversionsOf(sql: postgres.TransactionSql, events: StoredEvent[]): Promise<void> {
  const telling = events.filter(event => !event.is_bot && isConversion(event.event))
  if (telling.length === 0) return
  const conversions = telling.map(({ workspace_id, visitor_id, event, message_id, occurred_at, properties }) => ({
    workspace_id,
    visitor_id,
    contact_id: null,
    lead_id: undefined,
    source: 'event' as const,
    event: { message_id, occurred_at },
    converted_at: null,
    is_test: false,
    ...readEvent(event, JSON.parse(properties)),
  }))
  await addConversions(sql, conversions, BY_EVENT)
}

const BY_EVENT = { kind: 'event' }
