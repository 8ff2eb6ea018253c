import Type from 'typebox'
import {
  BackfillAsked,
  BackfillCreate,
  IntakeFormatList,
  IntakeKeys,
  IntakeWaiting,
  IntakeWaitingReplay,
  IntakeWaitingReplayed,
  IntakeWebhook,
  IntakeWebhookCreate,
  IntakeWebhooksQuery,
  IntakeWebhookUpdate,
  MappingTrial,
  MappingTried,
} from '../../shared/intake.ts'
import { Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../http/shapes.ts'
import { secretFor } from '../secrets.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { askForBackfill } from './backfill.ts'
import { createWebhook, editWebhook, removeWebhook } from './change-webhook.ts'
import { FORMATS } from './formats/list.ts'
import type { Intake } from './intake.ts'
import { listKeys, tryMapping } from './keys.ts'
import { countWaiting, replayWaiting } from './replay.ts'
import { findWebhook, listWebhooks, readWebhook } from './webhooks.ts'

const tags = ['intake']

/** Where leads come in, and how they are understood. (Longer than most: a route is twelve lines, and they are read one at a time.) */
export async function intakeWebhookRoutes(app: App, context: Context, intake: Intake) {
  const { database, config } = context
  const means = () => ({ public_url: config.public_url, key: secretFor(config, 'intake') })

  app.get(
    '/intake-webhooks',
    {
      schema: {
        tags,
        summary: 'List intake webhooks, the newest first',
        querystring: IntakeWebhooksQuery,
        response: answers(200, Page(IntakeWebhook)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listWebhooks(sql, workspace_id, request.query, means()))
    },
  )

  app.post(
    '/intake-webhooks',
    {
      schema: {
        tags,
        summary: 'Make an intake webhook',
        description: 'A name and a lead type are enough. Leads are sent to its `url`.',
        body: IntakeWebhookCreate,
        response: answers(201, IntakeWebhook),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createWebhook(sql, workspace_id, request.body, actor, means()),
      )
    },
  )

  app.get(
    '/intake-webhooks/:id',
    { schema: { tags, summary: 'Read an intake webhook', params: SmallIdParams, response: answers(200, IntakeWebhook) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findWebhook(sql, workspace_id, request.params.id, means()))
    },
  )

  app.patch(
    '/intake-webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Change an intake webhook',
        description: 'Changes what is given. With `if_updated_at`, only if nobody was faster.',
        params: SmallIdParams,
        body: IntakeWebhookUpdate,
        response: answers(200, IntakeWebhook),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editWebhook(sql, workspace_id, request.params.id, request.body, actor, means()),
      )
    },
  )

  app.delete(
    '/intake-webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Delete an intake webhook',
        description: 'What is still sent to it is kept, and its senders are told that it takes no leads.',
        params: SmallIdParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeWebhook(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/intake-webhooks/:id/keys',
    {
      schema: {
        tags,
        summary: 'List the keys that came to a webhook, with examples and the fields that they fill',
        params: SmallIdParams,
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, IntakeKeys),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listKeys(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/intake-webhooks/:id/mapping-trial',
    {
      schema: {
        tags,
        summary: 'Try a mapping on the latest deliveries, without storing anything',
        params: SmallIdParams,
        body: MappingTrial,
        response: answers(200, MappingTried),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => tryMapping(sql, workspace_id, request.params.id, request.body.mapping))
    },
  )

  app.get(
    '/intake-webhooks/:id/waiting',
    {
      schema: {
        tags,
        summary: 'Count what a webhook has captured and in quarantine',
        params: SmallIdParams,
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, IntakeWaiting),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await readWebhook(sql, workspace_id, id)
        return countWaiting(sql, workspace_id, id)
      })
    },
  )

  app.post(
    '/intake-webhooks/:id/replay',
    {
      schema: {
        tags,
        summary: 'Process again what a webhook has captured or in quarantine',
        description: 'All of it, the oldest first; with `limit` a part, and `next_after_id` says where the next one begins.',
        params: SmallIdParams,
        querystring: IntakeWaitingReplay,
        response: answers(200, IntakeWaitingReplayed),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'update')
      const { id } = request.params
      await inWorkspace(database, workspace_id, sql => readWebhook(sql, workspace_id, id))
      return replayWaiting(database, intake, workspace_id, id, request.query)
    },
  )

  app.post(
    '/intake-webhooks/:id/backfills',
    {
      schema: {
        tags,
        summary: 'Ask the sender for leads that got lost on the way (Meta, with the ids of its forms)',
        params: SmallIdParams,
        body: BackfillCreate,
        response: answers(202, BackfillAsked),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'update')
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 202, async sql => {
        const { format } = await readWebhook(sql, workspace_id, id)
        return askForBackfill(sql, workspace_id, id, format, request.body.since)
      })
    },
  )

  app.get(
    '/intake-formats',
    {
      schema: {
        tags,
        summary: 'List the formats that are understood, and how each is set up',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, IntakeFormatList),
      },
    },
    async request => {
      await authorize(context, request, 'read')
      return { data: FORMATS.map(({ name, title, instructions, secrets }) => ({ name, title, instructions, secrets })) }
    },
  )
}
