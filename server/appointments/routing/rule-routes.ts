import Type from 'typebox'
import {
  RoutingRule,
  RoutingRuleCreate,
  RoutingRuleMove,
  RoutingRulesQuery,
  RoutingRuleUpdate,
  RoutingRuleVersion,
} from '../../../shared/routing.ts'
import { ListQuery, Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { createRule, editRule, findRule, listRules, moveRule, removeRule } from './rules.ts'
import { listVersions, restoreVersion } from './versions.ts'

const tags = ['routing']
const Paged = Type.Object(ListQuery, { additionalProperties: false })
const VersionParams = Type.Object({
  ...SmallIdParams.properties,
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
})

/** What managers say about who gets which appointments. (Longer than most: a route is twelve lines, and they are read one at a time.) */
export function ruleRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/routing-rules',
    {
      schema: {
        tags,
        summary: 'List who gets which appointments, in the order in which the rules are asked',
        querystring: RoutingRulesQuery,
        response: answers(200, Page(RoutingRule)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listRules(sql, workspace_id, request.query))
    },
  )

  app.post(
    '/routing-rules',
    {
      schema: {
        tags,
        summary: 'Make a routing rule',
        description: 'It counts at once. Of all rules that match an appointment, the first one decides.',
        body: RoutingRuleCreate,
        response: answers(201, RoutingRule),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createRule(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/routing-rules/:id',
    { schema: { tags, summary: 'Read a routing rule', params: SmallIdParams, response: answers(200, RoutingRule) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findRule(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/routing-rules/:id',
    {
      schema: {
        tags,
        summary: 'Publish a new version of a routing rule',
        description: 'What is left out stays. Without a difference there is no new version.',
        params: SmallIdParams,
        body: RoutingRuleUpdate,
        response: answers(200, RoutingRule),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => editRule(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/routing-rules/:id',
    { schema: { tags, summary: 'Delete a routing rule', params: SmallIdParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      await inWorkspace(database, workspace_id, sql => removeRule(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/routing-rules/:id/move',
    {
      schema: {
        tags,
        summary: 'Let a routing rule be asked earlier or later',
        params: SmallIdParams,
        body: RoutingRuleMove,
        response: answers(200, RoutingRule),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        moveRule(sql, workspace_id, id, request.body.position, actor),
      )
    },
  )

  app.get(
    '/routing-rules/:id/versions',
    {
      schema: {
        tags,
        summary: 'List what a routing rule said when, the newest first',
        params: SmallIdParams,
        querystring: Paged,
        response: answers(200, Page(RoutingRuleVersion)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listVersions(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.post(
    '/routing-rules/:id/versions/:version/restore',
    {
      schema: {
        tags,
        summary: 'Publish an earlier version again',
        params: VersionParams,
        response: answers(200, RoutingRule),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id, version } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        restoreVersion(sql, workspace_id, id, version, actor),
      )
    },
  )
}
