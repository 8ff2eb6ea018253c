import { CustomField, CustomFieldCreate, CustomFields, CustomFieldsQuery, CustomFieldUpdate } from '../../shared/custom-fields.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createField, editField, listFields, removeField } from './fields.ts'

const tags = ['custom fields']

export async function fieldRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/custom-fields',
    {
      schema: {
        tags,
        summary: 'List the fields that contacts and leads have besides those that all have',
        querystring: CustomFieldsQuery,
        response: answers(200, CustomFields),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listFields(sql, workspace_id, request.query.noun))
    },
  )

  app.post(
    '/custom-fields',
    { schema: { tags, summary: 'Make a field', body: CustomFieldCreate, response: answers(201, CustomField) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createField(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.patch(
    '/custom-fields/:id',
    {
      schema: {
        tags,
        summary: 'Rename, move, archive a field, or change its options',
        description: 'Its key and its type stay. `options` are given as a whole; what people have of one that goes is kept.',
        params,
        body: CustomFieldUpdate,
        response: answers(200, CustomField),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editField(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/custom-fields/:id',
    {
      schema: {
        tags,
        summary: 'Delete a field that nobody has a value of',
        params,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeField(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
