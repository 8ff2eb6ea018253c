import type { Database } from '../database/connect.ts'
import { createRecorder } from '../events/gather.ts'
import type { Incoming } from '../events/incoming.ts'
import { readSegment, type Sender } from '../events/segment.ts'
import type { Message } from './diary.ts'

/** Large enough that a transaction is full, and two of them, so that one is read while the other is written. */
const AT_ONCE = 1000
const IN_FLIGHT = 2

/** The way of every event: Segment's wire, identity, visits, commit. Only the network is left out, and the clock is the story's. */
export function openSender(database: Database, workspace_id: number, key_id: number | null) {
  const recorder = createRecorder(database)
  const flying = new Set<Promise<void>>()
  let waiting: Incoming[] = []
  let failure: unknown
  let sent = 0

  return {
    sent: () => sent,
    /** Days are of any size; a transaction is full all the same. */
    async send(messages: Message[]) {
      for (const message of messages) {
        waiting.push(read(message, workspace_id, key_id))
        if (waiting.length >= AT_ONCE) await fly()
      }
    },
    async end() {
      if (waiting.length > 0) await fly()
      await Promise.all(flying)
      await recorder.stop()
      if (failure) throw failure
    },
  }

  async function fly() {
    const flight = submit(waiting)
    waiting = []
    flying.add(flight)
    void flight.finally(() => flying.delete(flight))
    if (flying.size >= IN_FLIGHT) await Promise.race(flying)
    if (failure) throw failure
  }

  async function submit(events: Incoming[]) {
    try {
      const poisonous = await recorder.submit(events, [])
      if (poisonous.size > 0) throw new Error(`The database refused ${poisonous.size} events of the demo.`)
      sent += events.length
    } catch (error) {
      failure ??= error
    }
  }
}

function read({ at, place, ip, raw }: Message, workspace_id: number, key_id: number | null): Incoming {
  const sender: Sender = {
    workspace_id,
    key_id,
    received_at: at + 400,
    sent_at: null,
    ip,
    user_agent: null,
    from_browser: place !== null,
    headers: {},
    placeOf: () => place,
    cookielessId: () => '',
    contactOfLink: () => null,
    shared_context: {},
  }
  const event = readSegment(raw, undefined, sender)
  if ('code' in event) throw new Error(`An event of the demo is not one: ${event.message}`)
  return event
}
