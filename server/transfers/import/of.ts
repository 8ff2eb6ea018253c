import type postgres from 'postgres'
import type { TransferMeans, TransferRun } from '../transfer.ts'
import type { Stored } from './batch.ts'
import { openContacts } from './contacts.ts'
import type { Result } from './decide.ts'

/**
 * What each row of a batch comes to as things are now, and the verb that stores it: in the same transaction, under the identity lock
 * (`lockIdentity`), which who means to write takes first.
 */
export type Decide = (
  sql: postgres.TransactionSql,
  rows: Stored[],
) => Promise<{ results: Result[]; write: () => Promise<unknown> }>

/** What the rows of a file become, each by verbs of its own. Throws `forbidden`. */
export function openRows(run: TransferRun, means: TransferMeans): Promise<Decide> {
  return openContacts(run, means)
}
