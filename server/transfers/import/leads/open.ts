import { digestOf } from '../../../contacts/erased.ts'
import { readFields } from '../../../fields/fields.ts'
import { visitorNumbers } from '../../../visitors/number.ts'
import { type Access, whose } from '../../../workspaces/roles/access.ts'
import { whoseMay } from '../../may.ts'
import type { TransferMeans, TransferRun } from '../../transfer.ts'
import { readMembers } from '../members.ts'
import type { Read } from '../of.ts'
import type { How } from '../read-row.ts'
import type { Stay } from '../settings.ts'
import { decideLead } from './decide-lead.ts'
import { readDesk } from './desk.ts'
import { readLead } from './read-lead.ts'
import { writeLeads } from './write-leads.ts'

export type LeadMeans = {
  workspace_id: number
  how: How
  actor: { kind: string; id: number; name: string }
  /** By name, e-mail and id. */
  members: Map<string, number>
  digest: ReturnType<typeof digestOf>
  /** When the file was sent. */
  since: Date
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
export async function openLeads({ workspace_id, id, name, settings, actor }: TransferRun, means: TransferMeans): Promise<Read> {
  const { sql, config, doer } = means
  const { headers, format, mapping } = settings as Stay
  const of_users = whoseMay(doer, 'leads', 'update')
  const for_users = mapping.mode === 'update' ? [] : whoseMay(doer, 'leads', 'create')
  const [[row], fields, members] = await Promise.all([
    sql<{ country: string; created_at: Date }[]>`
      select w.country, t.created_at
        from transfers t
        join workspaces w on w.id = t.workspace_id
       where t.workspace_id = ${workspace_id} and t.id = ${id}`,
    readFields(sql, workspace_id, 'lead'),
    readMembers(sql, workspace_id),
  ])
  const how = { ...mapping, headers, format, fields, country: row!.country }
  const about: LeadMeans = {
    workspace_id, how, actor: { kind: 'import', id, name }, members, digest: digestOf(config), since: row!.created_at, of_users, for_users,
    doer_id: actor.kind === 'user' ? (actor.id ?? null) : null,
    sees_all: doer.role === null || whose(doer.rights as Access, 'contacts', 'read') === null,
  } // biome-ignore format: a list
  return rows => {
    const says = rows.map(row => readLead(row, how))
    return async sql => {
      const desk = await readDesk(sql, says, about)
      const results = says.map(one => decideLead(one, desk))
      return { results, write: () => writeLeads(sql, desk, numbers) }
    }
  }
}
