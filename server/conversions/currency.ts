import type { FastifyBaseLogger } from 'fastify'
import type postgres from 'postgres'
import type { Told } from '../activities/told.ts'
import { foldContacts } from '../contacts/fold.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { rebuildLeadCounts } from '../leads/rebuild.ts'
import { enqueueAll } from '../queue/enqueue.ts'
import { type Worker, work } from '../queue/work.ts'
import { rebuildTotals } from './rebuild.ts'

const QUEUE = 'currency'
const ACTOR = { kind: 'system', id: null, name: 'currency' }
const AT_ONCE = 500

/** Every sum of money is in the workspace's currency, so a workspace that gets another one is summed up anew. Hears it from the log. */
export async function noticeCurrency(sql: postgres.TransactionSql, { activities }: Told): Promise<void> {
  const changed = activities.filter(({ action, after }) => action === 'workspace.updated' && typeof after?.currency === 'string')
  await enqueueAll(
    sql,
    changed.map(({ workspace_id }) => ({ workspace_id, queue: QUEUE, key: QUEUE })),
  )
}

/** Sums up in the background, one workspace at a time: that of a million leads takes a minute, and nobody waits for it. */
export function startSummingUp(database: Database, { log }: { log: FastifyBaseLogger }): Worker {
  const run = ({ workspace_id }: { workspace_id: number }) => sumUpAgain(database, workspace_id)
  return work(database.system, { queue: QUEUE, concurrency: 1, share: 1, delays: [10, 60, 600], run, log })
}

async function sumUpAgain(database: Database, workspace_id: number) {
  await rebuildTotals(database, workspace_id)
  await rebuildLeadCounts(database, workspace_id)
  for (let after: number | undefined = 0; after !== undefined; )
    after = await inWorkspace(database, workspace_id, sql => foldSome(sql, workspace_id, after!))
}

/** The next contacts with conversions. Returns the last of them, or undefined when there are no more. */
async function foldSome(sql: postgres.TransactionSql, workspace_id: number, after: number): Promise<number | undefined> {
  await lockIdentity(sql, [workspace_id])
  const contacts = await sql<{ workspace_id: number; contact_id: number }[]>`
    select workspace_id, id as contact_id
      from contacts
     where workspace_id = ${workspace_id} and id > ${after} and conversion_count > 0
     order by id
     limit ${AT_ONCE}`
  await foldContacts(sql, contacts, ACTOR)
  return contacts.at(-1)?.contact_id
}
