import { Page } from '../../shared/shape.ts'
import {
  Endpoint,
  EndpointActivate,
  EndpointCreate,
  EndpointCreated,
  EndpointHours,
  EndpointsQuery,
  EndpointTest,
  EndpointTested,
  EndpointUpdate,
  HoursQuery,
  Replayed,
  ReplaySince,
  SecretCreate,
  SecretCreated,
} from '../../shared/webhooks.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../http/shapes.ts'
import { secretFor } from '../secrets.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { activateEndpoint } from './activate.ts'
import { createEndpoint } from './create.ts'
import { editEndpoint } from './edit.ts'
import { findEndpoint, listEndpoints, readEndpoint } from './endpoints.ts'
import { listHours } from './hours.ts'
import { pauseEndpoints } from './pause.ts'
import { removeEndpoint } from './remove.ts'
import { replaySince } from './replay.ts'
import { rotateSecret } from './secrets.ts'
import { testEndpoint } from './test.ts'

const tags = ['webhooks']

/** Where webhooks go out. (Longer than most: a route is twelve lines, and they are read one at a time.) */
export async function endpointRoutes(app: App, context: Context) {
  const { database, config, egress } = context
  const key = secretFor(config, 'webhooks')
  const means = { key, allowed_cidrs: config.webhook_allowed_cidrs }

  app.get(
    '/endpoints',
    {
      schema: {
        tags,
        summary: 'List endpoints, with how each fares',
        querystring: EndpointsQuery,
        response: answers(200, Page(Endpoint)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listEndpoints(sql, workspace_id, request.query, key))
    },
  )

  app.post(
    '/endpoints',
    {
      schema: {
        tags,
        summary: 'Make an endpoint',
        description: 'The secret is in this answer and nowhere else.',
        body: EndpointCreate,
        response: answers(201, EndpointCreated),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createEndpoint(sql, workspace_id, request.body, actor, means),
      )
    },
  )

  app.get(
    '/endpoints/:id',
    { schema: { tags, summary: 'Read an endpoint', params: SmallIdParams, response: answers(200, Endpoint) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findEndpoint(sql, workspace_id, request.params.id, key))
    },
  )

  app.patch(
    '/endpoints/:id',
    {
      schema: {
        tags,
        summary: 'Change an endpoint',
        description:
          'Changes what is given; null takes a value away. Headers are given as a whole; one without a value keeps the one it has. ' +
          'With `if_updated_at`, only if nobody was faster.',
        params: SmallIdParams,
        body: EndpointUpdate,
        response: answers(200, Endpoint),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editEndpoint(sql, workspace_id, request.params.id, request.body, actor, means),
      )
    },
  )

  app.delete(
    '/endpoints/:id',
    {
      schema: {
        tags,
        summary: 'Delete an endpoint',
        description: 'What waits for it is cancelled. Its log stays until it is old.',
        params: SmallIdParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeEndpoint(sql, workspace_id, request.params.id, actor))
      reply.code(204)
      return null
    },
  )

  app.post(
    '/endpoints/:id/activation',
    {
      schema: {
        tags,
        summary: 'Make a paused endpoint active again',
        description:
          'What waited meanwhile is sent, or cancelled; with `given_up: send` what was given up before is sent again. One that is active stays as it is.',
        params: SmallIdParams,
        body: EndpointActivate,
        response: answers(200, Endpoint),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
        await readEndpoint(sql, workspace_id, id)
        await activateEndpoint(sql, workspace_id, id, request.body, actor)
        return findEndpoint(sql, workspace_id, id, key)
      })
    },
  )

  app.delete(
    '/endpoints/:id/activation',
    {
      schema: {
        tags,
        summary: 'Pause an endpoint',
        description: 'Nothing more is sent to it; what happens meanwhile waits.',
        params: SmallIdParams,
        response: answers(200, Endpoint),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await readEndpoint(sql, workspace_id, id)
        const reason = `Paused by ${actor.name ?? `a ${actor.kind}`}.`
        await pauseEndpoints(sql, [{ workspace_id, endpoint_id: id, by: 'person', reason }], actor)
        return findEndpoint(sql, workspace_id, id, key)
      })
    },
  )

  app.post(
    '/endpoints/:id/secrets',
    {
      schema: {
        tags,
        summary: 'Give an endpoint a new secret',
        description:
          'The earlier ones sign along for `overlap_hours`, 24 without. The secret is in this answer and nowhere else.',
        params: SmallIdParams,
        body: SecretCreate,
        response: answers(201, SecretCreated),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        rotateSecret(sql, workspace_id, request.params.id, request.body, actor, key),
      )
    },
  )

  app.post(
    '/endpoints/:id/tests',
    {
      schema: {
        tags,
        summary: 'Send an example and show the answer',
        description:
          'One attempt at once, also to a paused endpoint; it answers within 11 seconds. `data.test` is true in the body. Each ' +
          'request is a test of its own: an `Idempotency-Key` changes nothing here.',
        params: SmallIdParams,
        body: EndpointTest,
        response: answers(201, EndpointTested),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'admin')
      reply.code(201)
      const asked = { workspace_id, endpoint_id: request.params.id, event: request.body.event }
      return testEndpoint({ database, egress: egress!, key }, asked)
    },
  )

  app.post(
    '/endpoints/:id/replays',
    {
      schema: {
        tags,
        summary: 'Send everything again that failed since a time',
        description: 'Or that was delivered or cancelled: name the `states`. `dry_run` only counts. At most 100,000 at once.',
        params: SmallIdParams,
        body: ReplaySince,
        response: answers(200, Replayed),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        replaySince(sql, workspace_id, request.params.id, request.body, actor),
      )
    },
  )

  app.get(
    '/endpoints/:id/hours',
    {
      schema: {
        tags,
        summary: 'Attempts by the hour',
        params: SmallIdParams,
        querystring: HoursQuery,
        response: answers(200, EndpointHours),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { days = 7 } = request.query
      return inWorkspace(database, workspace_id, sql => listHours(sql, workspace_id, request.params.id, days))
    },
  )
}
