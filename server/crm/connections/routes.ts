import Type from 'typebox'
import {
  CrmConnection,
  CrmConnectionCreate,
  CrmConnections,
  CrmConnectionUpdate,
  CrmProviders,
  CrmTested,
} from '../../../shared/crm.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { createConnection, editConnection, findConnection, listConnections, removeConnection } from './connections.ts'
import { describeProviders } from './providers.ts'
import { testConnection } from './test.ts'

const tags = ['crm']

/** Which CRMs a workspace writes to. */
export async function connectionRoutes(app: App, context: Context) {
  const { database, config, egress } = context

  app.get(
    '/crm/providers',
    {
      schema: {
        tags,
        summary: 'List the CRMs that can be connected, with what each needs',
        response: answers(200, CrmProviders),
      },
    },
    async request => {
      await authorize(context, request, 'read')
      return { data: describeProviders(config.crm_type) }
    },
  )

  app.get(
    '/crm/connections',
    { schema: { tags, summary: 'List connections, with how each fares', response: answers(200, CrmConnections) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listConnections(sql, workspace_id, config))
    },
  )

  app.post(
    '/crm/connections',
    {
      schema: {
        tags,
        summary: 'Connect a CRM',
        description: 'Who signs up from now on is added there. A second connection writes to both, as a migration needs it.',
        body: CrmConnectionCreate,
        response: answers(201, CrmConnection),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createConnection(sql, workspace_id, request.body, actor, config),
      )
    },
  )

  app.get(
    '/crm/connections/:id',
    { schema: { tags, summary: 'Read a connection', params, response: answers(200, CrmConnection) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findConnection(sql, workspace_id, request.params.id, config))
    },
  )

  app.patch(
    '/crm/connections/:id',
    {
      schema: {
        tags,
        summary: 'Change a connection',
        description:
          'Holds from the next request on. Settings are merged: an empty one takes a value away, a secret that is not given stays. ' +
          'What waited is told when it is switched on again.',
        params,
        body: CrmConnectionUpdate,
        response: answers(200, CrmConnection),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editConnection(sql, workspace_id, request.params.id, request.body, actor, config),
      )
    },
  )

  app.delete(
    '/crm/connections/:id',
    {
      schema: {
        tags,
        summary: 'Delete a connection',
        description: 'Refused while contacts have an id there, which would be lost, unless `drop_links` says so.',
        params,
        querystring: Type.Object({ drop_links: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const { drop_links = false } = request.query
      await inWorkspace(database, workspace_id, sql =>
        removeConnection(sql, workspace_id, request.params.id, drop_links, actor, config),
      )
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/crm/connections/:id/tests',
    {
      schema: {
        tags,
        summary: 'Sign in and ask for the mailing lists',
        description: 'Writes nothing there. Each request is a test of its own: an `Idempotency-Key` changes nothing here.',
        params,
        response: answers(201, CrmTested),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'admin')
      reply.code(201)
      return testConnection({ sql: database.system, config, egress: egress! }, workspace_id, request.params.id)
    },
  )
}
