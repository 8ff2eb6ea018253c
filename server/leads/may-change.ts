import type { FastifyRequest } from 'fastify'
import type { Context } from '../http/routes.ts'
import { authorize, type Caller } from '../workspaces/authenticate.ts'

/** Whose leads and tasks a caller may change: everybody's (`only_of` null), or those of this user alone. */
export type Changer = Caller

/** Whoever may change records may change leads; an agent, who else only reads, those that are the agent's own. */
export async function authorizeChange(context: Context, request: FastifyRequest): Promise<Changer> {
  return authorize(context, request, 'update')
}
