import { digestOf } from '../../contacts/erased.ts'
import { readFields } from '../../fields/fields.ts'
import { visitorNumbers } from '../../visitors/number.ts'
import { requireAll } from '../may.ts'
import type { TransferMeans, TransferRun } from '../transfer.ts'
import { decideBatch, writeBatch } from './batch.ts'
import { readMembers } from './members.ts'
import type { Read } from './of.ts'
import { readRow } from './read-row.ts'
import type { Stay } from './settings.ts'

// Blocks of ids that this process took; what is not used of one is used by the next import.
const numbers = visitorNumbers()

/** Rows that become contacts. Throws `forbidden`: an import changes whomever it finds. */
export async function openContacts({ workspace_id, id, name, settings }: TransferRun, means: TransferMeans): Promise<Read> {
  requireAll(means.doer, 'contacts', 'update')
  const { sql, config } = means
  const { headers, format, mapping } = settings as Stay
  const [[row], fields, members] = await Promise.all([
    sql<{ country: string; created_at: Date }[]>`
      select w.country, t.created_at
        from transfers t
        join workspaces w on w.id = t.workspace_id
       where t.workspace_id = ${workspace_id} and t.id = ${id}`,
    readFields(sql, workspace_id, 'contact'),
    readMembers(sql, workspace_id),
  ])
  const how = { ...mapping, headers, format, fields, country: row!.country }
  const actor = { kind: 'import', id, name }
  const about = { workspace_id, how, actor, members, digest: digestOf(config), since: row!.created_at }
  return rows => {
    const says = rows.map(row => readRow(row, how))
    return async sql => {
      const { results, desk } = await decideBatch(sql, says, about)
      return { results, write: () => writeBatch(sql, { results, desk }, numbers) }
    }
  }
}
