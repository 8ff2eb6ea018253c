import Type from 'typebox'
import { LeadType, LeadTypeCreate, LeadTypes, LeadTypeUpdate } from '../../shared/lead-types.ts'
import { LeadTypeKey } from '../../shared/leads.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createLeadType, editLeadType, listLeadTypes, removeLeadType } from './types.ts'

const tags = ['lead types']
const KeyParams = Type.Object({ key: LeadTypeKey })

export async function typeRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/lead-types',
    {
      schema: {
        tags,
        summary: 'List lead types with their fields: the ready ones and your own',
        response: answers(200, LeadTypes),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listLeadTypes(sql, workspace_id))
    },
  )

  app.post(
    '/lead-types',
    { schema: { tags, summary: 'Make a lead type', body: LeadTypeCreate, response: answers(201, LeadType) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createLeadType(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.patch(
    '/lead-types/:key',
    {
      schema: {
        tags,
        summary: 'Change a lead type',
        description: 'Of a ready one it makes your own. Fields are given as a whole; what leads have in one that goes is kept.',
        params: KeyParams,
        body: LeadTypeUpdate,
        response: answers(200, LeadType),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editLeadType(sql, workspace_id, request.params.key, request.body, actor))
    },
  )

  app.delete(
    '/lead-types/:key',
    {
      schema: {
        tags,
        summary: 'Delete a lead type of your own',
        description: 'A ready one that you changed is as it was again. 409 `in_use` while an intake webhook makes leads of it.',
        params: KeyParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeLeadType(sql, workspace_id, request.params.key, actor))
      return reply.code(204).send(null)
    },
  )
}
