import { digestOf } from '../../contacts/erased.ts'
import { readFields } from '../../fields/fields.ts'
import type { TransferMeans, TransferRun } from '../transfer.ts'
import { readMembers } from './members.ts'
import type { How } from './read-cells.ts'
import type { Stay } from './settings.ts'

/** What all rows of a file are read and decided by. */
export type About = {
  workspace_id: number
  how: How
  actor: { kind: string; id: number; name: string }
  /** By name, e-mail and id. */
  members: Map<string, number>
  digest: ReturnType<typeof digestOf>
  /** When the file was sent. */
  since: Date
}

export async function readAbout(
  { workspace_id, id, name, settings }: TransferRun,
  { sql, config }: TransferMeans,
  noun: 'contact' | 'lead',
): Promise<About> {
  const { headers, format, mapping } = settings as Stay
  const [[row], fields, members] = await Promise.all([
    sql<{ country: string; created_at: Date }[]>`
      select w.country, t.created_at
        from transfers t
        join workspaces w on w.id = t.workspace_id
       where t.workspace_id = ${workspace_id} and t.id = ${id}`,
    readFields(sql, workspace_id, noun),
    readMembers(sql, workspace_id),
  ])
  const { country, created_at: since } = row!
  const how = { ...mapping, headers, format, fields, country }
  return { workspace_id, how, actor: { kind: 'import', id, name }, members, digest: digestOf(config), since }
}
