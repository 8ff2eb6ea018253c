import { chainAgain, lengthOfChain } from '../activities/chain/again.ts'
import type { Database } from '../database/connect.ts'
import { bookMeetings } from './appointments.ts'
import { decideByHand } from './by-hand.ts'
import { periodOf } from './calendar.ts'
import { setUpFunnel } from './funnel.ts'
import { makeSegments } from './segments.ts'
import { openSender } from './send.ts'
import { openShop } from './shop.ts'
import { tellDays } from './tell.ts'
import { turnClocksBack } from './turn-back.ts'

export type DemoOptions = {
  /** Default: a new one. */
  workspace_id?: number | undefined
  people?: number | undefined
  days?: number | undefined
  seed?: string | undefined
  /** The story ends here. Default: now. */
  until?: Date | undefined
}

export type Filled = { workspace_id: number; people: number; contacts: number; events: number; seconds: number }

/** How much is told, from 0 to 1, and how many events that were. */
export type Progress = (done: number, events: number) => void

/**
 * Fills a workspace with people of the demo shop. The same seed and end give the same people, names and message ids, so that what
 * was sent in the last 30 days is not counted again. Contact ids differ: each workspace has its own order of them.
 */
export async function fillDemo(database: Database, options: DemoOptions = {}, progress: Progress = () => {}): Promise<Filled> {
  const { people = 2000, days = 90, seed = '1', until = new Date() } = options
  const began = performance.now()
  const since = await clockOf(database)
  const { workspace_id, key_id } = await openShop(database, options.workspace_id)
  const chained = await lengthOfChain(database.system, workspace_id)
  await setUpFunnel(database, workspace_id)
  const sender = openSender(database, workspace_id, key_id)
  try {
    for (const { messages, arrived } of tellDays(seed, people, periodOf(until.getTime(), days))) {
      await sender.send(messages)
      progress((0.98 * arrived) / people, sender.sent())
    }
  } finally {
    await sender.end()
  }
  await decideByHand(database, workspace_id, since)
  await database.system.begin(sql => turnClocksBack(sql, workspace_id, since))
  await bookMeetings(database, workspace_id, seed, until)
  await makeSegments(database, workspace_id)
  await chainAgain(database.system, workspace_id, chained)
  progress(1, sender.sent())
  return {
    workspace_id,
    people,
    contacts: await countContacts(database, workspace_id),
    events: sender.sent(),
    seconds: Math.round(performance.now() - began) / 1000,
  }
}

/** The database's: it is the one that stamps the rows. */
async function clockOf({ system }: Database): Promise<Date> {
  const [row] = await system<{ now: Date }[]>`select now()`
  return row!.now
}

async function countContacts({ system }: Database, workspace_id: number): Promise<number> {
  const [row] = await system<{ contacts: number }[]>`
    select count(*)::int as contacts from contacts where workspace_id = ${workspace_id} and merged_into is null`
  return row!.contacts
}
