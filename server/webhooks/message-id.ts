import { randomBytes } from 'node:crypto'

/** The `webhook-id` of a message: the time in milliseconds, then 80 bits of chance, so ids sort by when they were made. */
export function newMessageId(at = Date.now()): string {
  return firstIdAt(at) + randomBytes(10).toString('hex')
}

/** No message that is made at this time or later has a smaller id: where a range of time begins in an index of ids. */
export function firstIdAt(at: number): string {
  return `msg_${Math.trunc(Math.max(at, 0)).toString(36).padStart(9, '0')}`
}
