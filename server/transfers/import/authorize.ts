import type { FastifyRequest } from 'fastify'
import type { ImportOf } from '../../../shared/imports.ts'
import { limitReading } from '../../database/limits.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { authorize, type Caller, keyOf } from '../../workspaces/authenticate.ts'
import { requireAll, whoseMay } from '../may.ts'
import { findImport } from './settings.ts'

/**
 * An import of contacts changes whomever it finds, so it takes everybody's. One of leads changes those that are theirs who imports and leaves
 * the others alone, so it takes some. Throws `forbidden`.
 */
export async function authorizeFile(context: Context, request: FastifyRequest, of: ImportOf = 'contacts'): Promise<Caller> {
  const caller = await begin(context, request)
  requireMay(caller, of)
  limitReading(undefined) // as for every change; the work itself sees what they may change
  return caller
}

/** The same of a file that was sent: it is written with the rights of who sent it, so who changes only some leads has only their own. */
export async function authorizeImport(context: Context, request: FastifyRequest, id: number): Promise<Caller> {
  const caller = await begin(context, request)
  const { workspace_id, actor } = caller
  limitReading(undefined)
  const file = await inWorkspace(context.database, workspace_id, sql => findImport(sql, workspace_id, id))
  const users = requireMay(caller, file.of)
  if (users !== null && (file.actor.kind !== actor.kind || file.actor.id !== actor.id)) throw refuse('forbidden')
  return caller
}

/** A key says by its scope what it may; of people that depends on what the file is of. */
function begin(context: Context, request: FastifyRequest) {
  return authorize(context, request, keyOf(request) === undefined ? 'read' : 'update')
}

/** Whose leads; null for everybody's. */
function requireMay(caller: Caller, of: ImportOf): number[] | null {
  if (of === 'leads') return whoseMay(caller, 'leads', 'update')
  requireAll(caller, 'contacts', 'update')
  return null
}
