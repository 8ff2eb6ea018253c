import Type from 'typebox'
import { Page } from '../../shared/shape.ts'
import { Key, KeyCreate, KeyCreated } from '../../shared/workspaces.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams } from '../http/shapes.ts'
import { authorize } from './authenticate.ts'
import { addKey, listKeys, revokeKey } from './keys.ts'

export async function keyRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['keys']

  app.get(
    '/keys',
    {
      schema: {
        tags,
        summary: 'List the keys of a workspace',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, Page(Key)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'admin')
      const data = await inWorkspace(database, workspace_id, sql => listKeys(sql, workspace_id))
      return { data, next_cursor: null }
    },
  )

  app.post(
    '/keys',
    {
      schema: {
        tags,
        summary: 'Make a key',
        description: 'The whole of a secret key is in this answer and nowhere else.',
        body: KeyCreate,
        response: answers(201, KeyCreated),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, scopes } = await authorize(context, request, 'admin')
      const beyond = request.body.scopes?.find(scope => !scopes.includes(scope))
      if (beyond) throw refuse('forbidden', { message: `You may not give the scope ${beyond}, because you do not have it.` })
      return answerOnce(database, { workspace_id, request, reply }, 201, sql => addKey(sql, workspace_id, request.body, actor))
    },
  )

  app.delete(
    '/keys/:id',
    { schema: { tags, summary: 'Revoke a key', params: SmallIdParams, response: answers(200, Key) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => revokeKey(sql, workspace_id, request.params.id, actor))
    },
  )
}
