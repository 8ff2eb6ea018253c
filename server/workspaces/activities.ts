import { ActivitiesQuery, Activity } from '../../shared/events.ts'
import { Page } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from './authenticate.ts'

/** The audit trail. (Not in `activities/`, which everything below records to and which therefore imports nobody.) */
export async function activityRoutes(app: App, context: Context) {
  app.get(
    '/activities',
    {
      schema: {
        tags: ['activities'],
        summary: 'List what changed, the newest first',
        querystring: ActivitiesQuery,
        response: answers(200, Page(Activity)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(context.database, workspace_id, sql => listActivities(sql, workspace_id, request.query))
    },
  )
}

type Query = { limit?: number; cursor?: string; action?: string; contact_id?: number }

export async function listActivities(sql: Sql, workspace_id: number, { limit = 50, cursor, action, contact_id }: Query) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<Activity[]>`
    select id, at, action, actor, contact_id, visitor_id, subject_id, before, after
      from activities
     where workspace_id = ${workspace_id}
       ${before === undefined ? sql`` : sql`and id < ${before}`}
       ${action === undefined ? sql`` : sql`and action = ${action}`}
       ${contact_id === undefined ? sql`` : sql`and contact_id = ${contact_id}`}
     order by id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.id])
}
