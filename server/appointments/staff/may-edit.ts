import type { FastifyRequest } from 'fastify'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { authorize, type Caller } from '../../workspaces/authenticate.ts'

/** Whoever may change records may say when others work; everybody says it about themselves. */
export async function authorizeStaff(context: Context, request: FastifyRequest, user_id: number): Promise<Caller> {
  const caller = await authorize(context, request, 'read')
  if (caller.scopes.includes('update')) return caller
  if (caller.role === null) throw refuse('missing_scope', { fields: { scope: 'update' } })
  if (caller.actor.id === user_id) return caller
  throw refuse('forbidden', { message: 'You can change your own hours. Ask a manager to change those of others.' })
}
