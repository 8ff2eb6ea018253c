import { AssignmentRule, AssignmentRuleCreate, AssignmentRules, AssignmentRuleUpdate } from '../../shared/assignment.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createRule, editRule, findRule, listRules, removeRule } from './rules.ts'

const tags = ['assignment rules']

export async function ruleRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/assignment-rules',
    {
      schema: {
        tags,
        summary: 'List who gets which leads, in the order in which the rules are asked',
        response: answers(200, AssignmentRules),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listRules(sql, workspace_id))
    },
  )

  app.post(
    '/assignment-rules',
    {
      schema: {
        tags,
        summary: 'Make an assignment rule',
        description: 'The first rule that matches a lead chooses. At the end of the list without `position`.',
        body: AssignmentRuleCreate,
        response: answers(201, AssignmentRule),
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
    '/assignment-rules/:id',
    { schema: { tags, summary: 'Read an assignment rule', params: SmallIdParams, response: answers(200, AssignmentRule) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findRule(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/assignment-rules/:id',
    {
      schema: {
        tags,
        summary: 'Change an assignment rule',
        description: 'Members are given as a whole; who stays keeps the counts.',
        params: SmallIdParams,
        body: AssignmentRuleUpdate,
        response: answers(200, AssignmentRule),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editRule(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/assignment-rules/:id',
    {
      schema: { tags, summary: 'Delete an assignment rule', params: SmallIdParams, response: answers(204, Nothing) },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeRule(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
