import { FunnelPeople, FunnelPeopleQuery, FunnelQuery, FunnelReport } from '../../../shared/funnel-report.ts'
import { inTurn } from '../../database/in-turn.ts'
import { gone } from '../../http/gone.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { listFunnelPeople } from './people.ts'
import { reportFunnel } from './report.ts'

export async function funnelReportRoutes(app: App, context: Context) {
  const tags = ['reports']
  const run = inTurn(context.database)

  app.post(
    '/reports/funnel',
    {
      schema: {
        tags,
        summary: 'How far people go through any steps',
        description:
          'A person enters with the first event in the period that is step 1; each further step is the first fitting event after the one before, ' +
          'within the window. All visitors of a contact are one person, whenever they were merged. Bots do not count. It is computed from the ' +
          'events as they are, so a long period with many events takes seconds.',
        body: FunnelQuery,
        response: answers(200, FunnelReport),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      return run(workspace_id, sql => reportFunnel(sql, workspace_id, request.body), gone(reply))
    },
  )

  app.post(
    '/reports/funnel/people',
    {
      schema: {
        tags,
        summary: 'Who reached a step of a funnel, or dropped off before it',
        body: FunnelPeopleQuery,
        response: answers(200, FunnelPeople),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      return run(workspace_id, sql => listFunnelPeople(sql, workspace_id, request.body), gone(reply))
    },
  )
}
