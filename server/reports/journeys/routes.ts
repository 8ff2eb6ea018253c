import type postgres from 'postgres'
import {
  EngagementReport,
  JourneyPeopleQuery,
  JourneyPerson,
  JourneyReportQuery,
  OverviewReport,
} from '../../../shared/journeys.ts'
import { Page } from '../../../shared/shape.ts'
import { inTurn } from '../../database/in-turn.ts'
import { inWorkspace } from '../../database/transaction.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { reportEngagement } from './engagement.ts'
import { reportOverview } from './overview.ts'
import { listPeople } from './people.ts'
import { readScope, readsPeople, type Scope } from './scope.ts'

/** How far people come in funnels, and who they are. What happens shows within a moment: server/journeys/ follows the log. */
export async function journeyReportRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['reports']
  const inItsTurn = inTurn(database)
  /** What reads the people of a funnel one by one waits for its turn, so that it never takes all connections. */
  const open = <T>(workspace_id: number, scope: Scope, work: (sql: postgres.TransactionSql) => Promise<T>) =>
    readsPeople(scope) ? inItsTurn(workspace_id, work) : inWorkspace(database, workspace_id, work)

  app.get(
    '/reports/overview',
    {
      schema: {
        tags,
        summary: 'Registrations, views, offers, conversions and revenue of a funnel',
        description:
          'What happened on these days of any time zone, and how far those came who registered on them, with the period before and with ' +
          'what is good. A person counts once, as who they are now; bots and tests do not count. With a segment of your own, or two filters at ' +
          "once, it reads a row of each of the funnel's people.",
        querystring: JourneyReportQuery,
        response: answers(200, OverviewReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const scope = readScope(request.query)
      return open(workspace_id, scope, sql => reportOverview(sql, workspace_id, scope))
    },
  )

  app.get(
    '/reports/engagement',
    {
      schema: {
        tags,
        summary: 'How much those watch who register',
        description:
          'Segments, how many percent were watched, for how long, how many saw all of it or watched again, and how long a conversion takes: of ' +
          'those who registered on these days, up to now.',
        querystring: JourneyReportQuery,
        response: answers(200, EngagementReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const scope = readScope(request.query)
      return open(workspace_id, scope, sql => reportEngagement(sql, workspace_id, scope))
    },
  )

  app.get(
    '/reports/journeys/people',
    {
      schema: {
        tags,
        summary: 'The people behind a number of the reports on journeys',
        description: 'Those who registered in the period and came to a step, or stopped before it; the newest first.',
        querystring: JourneyPeopleQuery,
        response: answers(200, Page(JourneyPerson)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const scope = readScope(request.query)
      return open(workspace_id, scope, sql => listPeople(sql, workspace_id, scope, request.query))
    },
  )
}
