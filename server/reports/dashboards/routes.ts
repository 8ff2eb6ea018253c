import { Dashboard, DashboardCreate, Dashboards, DashboardUpdate } from '../../../shared/dashboards.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { createDashboard, editDashboard, findDashboard, listDashboards, removeDashboard } from './dashboards.ts'

const tags = ['dashboards']

/** Whoever reads may keep some for themselves; what is shared is changed by those who may change records (dashboards.ts). */
export async function dashboardRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/dashboards',
    { schema: { tags, summary: 'List the dashboards that are shared, and your own', response: answers(200, Dashboards) } },
    async request => {
      const caller = await authorize(context, request, 'read')
      return inWorkspace(database, caller.workspace_id, sql => listDashboards(sql, caller))
    },
  )

  app.post(
    '/dashboards',
    {
      schema: {
        tags,
        summary: 'Save a dashboard',
        description: 'For yourself, or with `is_shared` for everybody in the workspace, which needs the scope `update`.',
        body: DashboardCreate,
        response: answers(201, Dashboard),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      return answerOnce(database, { workspace_id: caller.workspace_id, request, reply }, 201, sql =>
        createDashboard(sql, caller, request.body),
      )
    },
  )

  app.get(
    '/dashboards/:id',
    { schema: { tags, summary: 'Read a dashboard', params, response: answers(200, Dashboard) } },
    async request => {
      const caller = await authorize(context, request, 'read')
      return inWorkspace(database, caller.workspace_id, sql => findDashboard(sql, caller, request.params.id))
    },
  )

  app.patch(
    '/dashboards/:id',
    {
      schema: {
        tags,
        summary: 'Rename a dashboard, share it, or save what it shows',
        params,
        body: DashboardUpdate,
        response: answers(200, Dashboard),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'read')
      return inWorkspace(database, caller.workspace_id, sql => editDashboard(sql, caller, request.params.id, request.body))
    },
  )

  app.delete(
    '/dashboards/:id',
    { schema: { tags, summary: 'Delete a dashboard', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      await inWorkspace(database, caller.workspace_id, sql => removeDashboard(sql, caller, request.params.id))
      return reply.code(204).send(null)
    },
  )
}
