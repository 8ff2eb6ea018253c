import { visitorNumbers } from '../../../visitors/number.ts'
import { type Access, whose } from '../../../workspaces/roles/access.ts'
import { whoseMay } from '../../may.ts'
import type { TransferMeans, TransferRun } from '../../transfer.ts'
import { type About, readAbout } from '../about.ts'
import type { Read } from '../of.ts'
import type { Stay } from '../settings.ts'
import { decideLead } from './decide-lead.ts'
import { readDesk } from './desk.ts'
import { readLead } from './read-lead.ts'
import { writeLeads } from './write-leads.ts'

export type LeadMeans = About & {
  /** Whose leads who imports may change, and for whom they may make some; null: everybody's. */
  of_users: number[] | null
  for_users: number[] | null
  doer_id: number | null
  /** Who does not finds nobody by a number or user id: these can be counted up. */
  sees_all: boolean
}

// Blocks of ids that this process took; what is not used of one is used by the next import.
const numbers = visitorNumbers()

/** Rows that become leads. Throws `forbidden` for who may change none, or make none where the file is to make some. */
export async function openLeads(run: TransferRun, means: TransferMeans): Promise<Read> {
  const { doer } = means
  const { mapping } = run.settings as Stay
  const of_users = whoseMay(doer, 'leads', 'update')
  const for_users = mapping.mode === 'update' ? [] : whoseMay(doer, 'leads', 'create')
  const about: LeadMeans = {
    ...(await readAbout(run, means, 'lead')),
    of_users,
    for_users,
    doer_id: run.actor.kind === 'user' ? (run.actor.id ?? null) : null,
    sees_all: doer.role === null || whose(doer.rights as Access, 'contacts', 'read') === null,
  }
  return rows => {
    const says = rows.map(row => readLead(row, about.how))
    return async sql => {
      const desk = await readDesk(sql, says, about)
      const results = says.map(one => decideLead(one, desk))
      return { results, write: () => writeLeads(sql, desk, numbers) }
    }
  }
}
