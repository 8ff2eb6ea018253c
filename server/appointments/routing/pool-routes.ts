import { Pool, PoolCreate, Pools, PoolUpdate } from '../../../shared/pools.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { createPool, editPool, findPool, listPools, removePool } from './pools.ts'

const tags = ['pools']

export function poolRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/pools',
    { schema: { tags, summary: 'List pools, with what each member had so far', response: answers(200, Pools) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listPools(sql, workspace_id))
    },
  )

  app.post(
    '/pools',
    {
      schema: {
        tags,
        summary: 'Make a pool',
        description: 'Who shares appointments: a routing rule or a booking page gives to one of them.',
        body: PoolCreate,
        response: answers(201, Pool),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createPool(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/pools/:id',
    { schema: { tags, summary: 'Read a pool', params: SmallIdParams, response: answers(200, Pool) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findPool(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/pools/:id',
    {
      schema: {
        tags,
        summary: 'Change a pool',
        description: 'Members are given as a whole; who stays keeps the counts.',
        params: SmallIdParams,
        body: PoolUpdate,
        response: answers(200, Pool),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => editPool(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/pools/:id',
    {
      schema: {
        tags,
        summary: 'Delete a pool that nothing gives to',
        params: SmallIdParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      await inWorkspace(database, workspace_id, sql => removePool(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
