import type { FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import type { Context } from '../http/routes.ts'
import { authorize, type Caller } from '../workspaces/authenticate.ts'

/** Whose leads and tasks a caller may change: everybody's (null), or those of this user alone. */
export type Changer = Caller & { only_of: number | null }

/** Whoever may change records may change leads; an agent, who else only reads, those that are the agent's own. */
export async function authorizeChange(context: Context, request: FastifyRequest): Promise<Changer> {
  const caller = await authorize(context, request, 'read')
  if (caller.scopes.includes('update')) return { ...caller, only_of: null }
  if (caller.role === 'agent') return { ...caller, only_of: caller.actor.id ?? 0 }
  throw caller.role === null ? refuse('missing_scope', { fields: { scope: 'update' } }) : refuse('forbidden')
}
