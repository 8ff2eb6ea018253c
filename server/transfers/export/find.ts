import { EXPORT_DAYS, type Export } from '../../../shared/exports.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Caller } from '../../workspaces/authenticate.ts'
import { findTransfer } from '../list.ts'
import { mayExport } from '../may.ts'
import type { Format } from './lines.ts'
import { makeFileLink } from './link.ts'
import type { ExportSettings } from './write.ts'

/** `bytes`: of the file; null while it is not whole, or not any more. */
export type FoundExport = Omit<Export, 'file'> & { format: Format; bytes: number | null }

/** Throws `not_found`. */
export async function findExport(sql: Sql, workspace_id: number, id: number): Promise<FoundExport> {
  // The state first: of a file that is done then, all parts are there.
  const transfer = await findTransfer(sql, workspace_id, id)
  const [row] = await sql<{ settings: ExportSettings; bytes: number | null }[]>`
    select t.settings, p.bytes
      from transfers t
      left join lateral (
           select begins_at + coalesce(size, length(bytes)) as bytes
             from export_parts
            where workspace_id = t.workspace_id and transfer_id = t.id
            order by part desc
            limit 1) p on true
     where t.workspace_id = ${workspace_id} and t.id = ${id} and t.kind = 'export'`
  if (!row) throw refuse('not_found')
  const { of, format, query } = row.settings
  return { ...transfer, of, format, query, bytes: transfer.state === 'done' ? row.bytes : null }
}

/** As the API shows it: the link to its file is for those who may have it. */
export function showExport(config: Config, { bytes, ...found }: FoundExport, caller: Caller): Export {
  if (bytes === null || found.ended_at === null || !mayFetch(found, caller)) return { ...found, file: null }
  const kept_until = new Date(new Date(found.ended_at).getTime() + EXPORT_DAYS * 86_400_000).toISOString()
  return { ...found, file: { name: found.name, bytes, ...makeFileLink(config, caller.workspace_id, found.id), kept_until } }
}

/** What somebody saw who may see more is not for everybody: it is theirs while they may still have such a file, and the admins'. */
export function mayFetch({ actor, of }: Pick<Export, 'actor' | 'of'>, caller: Caller): boolean {
  const is_theirs = actor.kind === caller.actor.kind && actor.id === caller.actor.id
  return (is_theirs && mayExport(caller, of)) || caller.scopes.includes('admin')
}
