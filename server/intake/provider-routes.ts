import Type from 'typebox'
import {
  PROVIDER_ID,
  Provider,
  ProviderCreate,
  ProviderCreated,
  ProviderUpdate,
  ProviderUsage,
  UsageQuery,
} from '../../shared/intake.ts'
import { ListQuery, Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createProvider, editProvider, findProvider, listProviders, removeProvider, rotateKey } from './providers.ts'
import { readUsage } from './usage.ts'

const tags = ['intake']
const params = Type.Object({ provider_id: Type.String({ pattern: PROVIDER_ID }) })

/** The companies that send leads. */
export async function providerRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/providers',
    {
      schema: {
        tags,
        summary: 'List providers by name',
        querystring: Type.Object({ ...ListQuery, active: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        response: answers(200, Page(Provider)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listProviders(sql, workspace_id, request.query))
    },
  )

  app.post(
    '/providers',
    {
      schema: {
        tags,
        summary: 'Make a provider',
        description: 'Its `api_key` is in this answer and nowhere else.',
        body: ProviderCreate,
        response: answers(201, ProviderCreated),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createProvider(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/providers/:provider_id',
    { schema: { tags, summary: 'Read a provider', params, response: answers(200, Provider) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findProvider(sql, workspace_id, request.params.provider_id))
    },
  )

  app.patch(
    '/providers/:provider_id',
    { schema: { tags, summary: 'Change a provider', params, body: ProviderUpdate, response: answers(200, Provider) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editProvider(sql, workspace_id, request.params.provider_id, request.body, actor),
      )
    },
  )

  app.post(
    '/providers/:provider_id/key',
    {
      schema: {
        tags,
        summary: 'Make a new key for a provider',
        description: 'The key before it ends at once. The new one is in this answer and nowhere else.',
        params,
        response: answers(201, ProviderCreated),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        rotateKey(sql, workspace_id, request.params.provider_id, actor),
      )
    },
  )

  app.delete(
    '/providers/:provider_id',
    {
      schema: {
        tags,
        summary: 'Delete a provider',
        description: 'Its key ends at once. Its leads and its usage stay.',
        params,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeProvider(sql, workspace_id, request.params.provider_id, actor))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/providers/:provider_id/usage',
    {
      schema: {
        tags,
        summary: 'What a provider sent on each day to each webhook',
        params,
        querystring: UsageQuery,
        response: answers(200, ProviderUsage),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readUsage(sql, workspace_id, request.params.provider_id, request.query))
    },
  )
}
