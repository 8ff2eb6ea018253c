import Type from 'typebox'
import { exceeds } from '../../shared/permissions.ts'
import { Page } from '../../shared/shape.ts'
import { Key, KeyCreate, KeyCreated, KeyRotation, KeyUpdate } from '../../shared/workspaces.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as params } from '../http/shapes.ts'
import { authorize, type Caller, rightsOf } from './authenticate.ts'
import { addKey, editKey, listKeys, lockKey, revokeKey, USUAL_SCOPES } from './keys.ts'
import { rotateKey } from './rotate-key.ts'

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
      const caller = await authorize(context, request, 'admin')
      const { workspace_id, actor } = caller
      const { kind, scopes } = request.body
      requireScopes(caller, kind === 'write' ? [] : (scopes ?? USUAL_SCOPES))
      return answerOnce(database, { workspace_id, request, reply }, 201, sql => addKey(sql, workspace_id, request.body, actor))
    },
  )

  app.patch(
    '/keys/:id',
    {
      schema: {
        tags,
        summary: 'Rename a key, or change when it ends, where from it is taken and how much it may do',
        params,
        body: KeyUpdate,
        response: answers(200, Key),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editKey(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.post(
    '/keys/:id/rotation',
    {
      schema: {
        tags,
        summary: 'Make a key in place of another one',
        description:
          'The new one has the same rights and limits. The old one holds for `overlap_hours` more. Only this answer has the whole of it.',
        params,
        body: KeyRotation,
        response: answers(201, KeyCreated),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'admin')
      const { workspace_id, actor } = caller
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        requireScopes(caller, (await lockKey(sql, workspace_id, id)).scopes)
        return rotateKey(sql, workspace_id, id, request.body.overlap_hours ?? 24, actor)
      })
    },
  )

  app.delete('/keys/:id', { schema: { tags, summary: 'Revoke a key', params, response: answers(200, Key) } }, async request => {
    const { workspace_id, actor } = await authorize(context, request, 'admin')
    return inWorkspace(database, workspace_id, sql => revokeKey(sql, workspace_id, request.params.id, actor))
  })
}

/** Nobody gives more than they have, and who holds a new key has what it may do. */
function requireScopes({ scopes: own, rights }: Caller, wanted: string[]) {
  const beyond =
    wanted.find(scope => !own.includes(scope) && !(scope === 'convert' && own.includes('update'))) ??
    // A key that rules gives roles as well, so it must not be more than who makes it.
    (wanted.includes('admin') && exceeds(rightsOf(wanted), rights) ? 'admin' : undefined)
  if (beyond) throw refuse('forbidden', { message: `You may not give the scope ${beyond}, because you do not have it.` })
}
