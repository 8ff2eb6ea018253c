import { ContactHealth, LoadTime, TechnicalQuery, TechnicalReport } from '../../../shared/health.ts'
import { inWorkspace } from '../../database/transaction.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing } from '../../http/shapes.ts'
import { authorize, callerOf } from '../../workspaces/authenticate.ts'
import { readContactHealth } from './contacts.ts'
import { reportTechnical } from './technical.ts'

const tags = ['reports']

export async function healthReportRoutes(app: App, context: Context) {
  const { database, timings } = context
  measureReports(app, context)

  app.get(
    '/reports/health',
    {
      schema: {
        tags,
        summary: 'How many contacts there are, how many come, and in which segments and stages they are',
        description: 'Of more than 50,000 contacts as they were a minute or two ago: `counted_at`.',
        response: answers(200, ContactHealth),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readContactHealth(sql, workspace_id))
    },
  )

  app.get(
    '/reports/technical',
    {
      schema: {
        tags,
        summary: 'How quick events are stored and reports are shown, and how many deliveries arrive',
        querystring: TechnicalQuery,
        response: answers(200, TechnicalReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => reportTechnical(sql, workspace_id, request.query.days ?? 7))
    },
  )

  app.post(
    '/reports/loads',
    {
      schema: {
        tags,
        summary: 'Say how long a report took to be on screen',
        description: 'The web app does, once each time it is opened there. It is part of the figures a few seconds later.',
        body: LoadTime,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      timings?.note(workspace_id, 'load', request.body.ms)
      return reply.code(204).send(null)
    },
  )
}

/** Reports that are read from sums. Any funnel is counted from the events, and may take its time. */
function measureReports(app: App, { timings }: Context) {
  app.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'GET' || reply.statusCode >= 300 || !request.routeOptions.url?.includes('/reports/')) return
    const caller = callerOf(request)
    if (caller) timings?.note(caller.workspace_id, 'report', reply.elapsedTime)
  })
}
