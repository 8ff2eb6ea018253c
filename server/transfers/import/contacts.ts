import { visitorNumbers } from '../../visitors/number.ts'
import { requireAll } from '../may.ts'
import type { TransferMeans, TransferRun } from '../transfer.ts'
import { readAbout } from './about.ts'
import { decideBatch, writeBatch } from './batch.ts'
import type { Read } from './of.ts'
import { readRow } from './read-row.ts'

// Blocks of ids that this process took; what is not used of one is used by the next import.
const numbers = visitorNumbers()

/** Rows that become contacts. Throws `forbidden`: an import changes whomever it finds. */
export async function openContacts(run: TransferRun, means: TransferMeans): Promise<Read> {
  requireAll(means.doer, 'contacts', 'update')
  const about = await readAbout(run, means, 'contact')
  return rows => {
    const says = rows.map(row => readRow(row, about.how))
    return async sql => {
      const { results, desk } = await decideBatch(sql, says, about)
      return { results, write: () => writeBatch(sql, { results, desk }, numbers) }
    }
  }
}
