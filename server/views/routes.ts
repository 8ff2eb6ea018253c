import { View, ViewCreate, Views, ViewsQuery, ViewUpdate } from '../../shared/views.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createView, editView, findView, listViews, removeView } from './views.ts'

const tags = ['views']

/** Whoever reads may keep some for themselves (views.ts says who changes what). */
export async function viewRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/views',
    {
      schema: {
        tags,
        summary: 'List the views that are shared, and your own',
        querystring: ViewsQuery,
        response: answers(200, Views),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'read')
      return inWorkspace(database, caller.workspace_id, sql => listViews(sql, caller, request.query.screen))
    },
  )

  app.post(
    '/views',
    {
      schema: {
        tags,
        summary: 'Save a view of a list',
        description: 'For yourself, or with `is_shared` for everybody in the workspace, which needs the scope `update`.',
        body: ViewCreate,
        response: answers(201, View),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      return answerOnce(database, { workspace_id: caller.workspace_id, request, reply }, 201, sql =>
        createView(sql, caller, request.body),
      )
    },
  )

  app.get('/views/:id', { schema: { tags, summary: 'Read a view', params, response: answers(200, View) } }, async request => {
    const caller = await authorize(context, request, 'read')
    return inWorkspace(database, caller.workspace_id, sql => findView(sql, caller, request.params.id))
  })

  app.patch(
    '/views/:id',
    {
      schema: {
        tags,
        summary: 'Rename a view, share it, save what it shows, or let the list open with it',
        params,
        body: ViewUpdate,
        response: answers(200, View),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'read')
      return inWorkspace(database, caller.workspace_id, sql => editView(sql, caller, request.params.id, request.body))
    },
  )

  app.delete(
    '/views/:id',
    { schema: { tags, summary: 'Delete a view', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      await inWorkspace(database, caller.workspace_id, sql => removeView(sql, caller, request.params.id))
      return reply.code(204).send(null)
    },
  )
}
