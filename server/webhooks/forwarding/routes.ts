import Type from 'typebox'
import {
  Forwarding,
  ForwardingRule,
  ForwardingRuleCreate,
  ForwardingRuleUpdate,
  ForwardingSwitch,
  LeadForwardCreate,
  LeadForwards,
} from '../../../shared/forwarding.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, IdParams, Nothing, SmallIdParams } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { forwardByHand } from './by-hand.ts'
import { createRule, editRule, findRule, listForwards, readForwarding, removeRule, switchForwarding } from './rules.ts'

const tags = ['forwarding']

export async function forwardingRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/forwarding',
    {
      schema: {
        tags,
        summary: 'Show whether leads are sent on, by which rules, and what became of them',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, Forwarding),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readForwarding(sql, workspace_id))
    },
  )

  app.patch(
    '/forwarding',
    { schema: { tags, summary: 'Switch all forwarding on or off', body: ForwardingSwitch, response: answers(200, Forwarding) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => switchForwarding(sql, workspace_id, request.body.active, actor))
    },
  )

  app.post(
    '/forwarding-rules',
    {
      schema: {
        tags,
        summary: 'Make a rule that sends leads on',
        description:
          'Every rule that matches sends the lead to its endpoints as a message `forwarding.lead`, to each endpoint once.',
        body: ForwardingRuleCreate,
        response: answers(201, ForwardingRule),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createRule(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/forwarding-rules/:id',
    { schema: { tags, summary: 'Read a rule', params: SmallIdParams, response: answers(200, ForwardingRule) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findRule(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/forwarding-rules/:id',
    {
      schema: {
        tags,
        summary: 'Change a rule',
        params: SmallIdParams,
        body: ForwardingRuleUpdate,
        response: answers(200, ForwardingRule),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editRule(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/forwarding-rules/:id',
    { schema: { tags, summary: 'Delete a rule', params: SmallIdParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeRule(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/leads/:id/forwards',
    { schema: { tags, summary: 'List where a lead was sent on to', params: IdParams, response: answers(200, LeadForwards) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listForwards(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/leads/:id/forwards',
    {
      schema: {
        tags,
        summary: 'Send a lead on by hand',
        params: IdParams,
        body: LeadForwardCreate,
        response: answers(201, LeadForwards),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(
        database,
        { workspace_id, request, reply },
        201,
        async sql => forwardByHand(sql, workspace_id, request.params.id, request.body.endpoint_id, actor),
        database.system,
      )
    },
  )
}
