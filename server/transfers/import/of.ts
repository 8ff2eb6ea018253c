import type postgres from 'postgres'
import type { ImportOf } from '../../../shared/imports.ts'
import type { Step, TransferMeans, TransferRun } from '../transfer.ts'
import { openContacts } from './contacts.ts'
import type { Result } from './decide.ts'
import { openLeads } from './leads/open.ts'
import { revertLeads } from './leads/revert-leads.ts'
import type { Stored } from './read-cells.ts'
import { revertContacts } from './revert.ts'

/**
 * What rows say, which needs nobody and may be found out while the rows before them are stored; then what each of them comes to as things are
 * now, and the verb that stores it: in the same transaction, under the identity lock (`lockIdentity`), which who means to write takes first.
 */
export type Read = (
  rows: Stored[],
) => (sql: postgres.TransactionSql) => Promise<{ results: Result[]; write: () => Promise<unknown> }>

const OPEN: Record<ImportOf, (run: TransferRun, means: TransferMeans) => Promise<Read>> = {
  contacts: openContacts,
  leads: openLeads,
}

/** What the rows of a file become, each by verbs of its own. Throws `forbidden`. */
export function openRows(run: TransferRun, means: TransferMeans): Promise<Read> {
  return OPEN[ofRun(run)](run, means)
}

/** Takes back what it wrote. */
export const revertImport: Step = (run, means) => (ofRun(run) === 'leads' ? revertLeads : revertContacts)(run, means)

function ofRun({ settings }: TransferRun): ImportOf {
  return (settings.of as ImportOf | undefined) ?? 'contacts'
}
