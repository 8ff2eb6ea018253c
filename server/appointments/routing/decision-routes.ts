import { RoutingDecision, RoutingDecisionsQuery } from '../../../shared/routing.ts'
import { Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, IdParams } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { routeStored } from './again.ts'
import { listDecisions } from './decisions.ts'

const tags = ['routing']

/** Why an appointment is whose it is, and asking the rules again. */
export function decisionRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/routing-decisions',
    {
      schema: {
        tags,
        summary: 'List why appointments are whose they are, the newest first',
        description: 'Who was asked, who could not and why, and what was asked about. They stay when rules and pools change.',
        querystring: RoutingDecisionsQuery,
        response: answers(200, Page(RoutingDecision)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listDecisions(sql, workspace_id, request.query))
    },
  )

  app.post(
    '/appointments/:id/route',
    {
      schema: {
        tags,
        summary: 'Ask the routing rules who should have an appointment',
        description: 'Whoever has it keeps it when the rules give it to nobody. Answers with the decision.',
        params: IdParams,
        response: answers(200, RoutingDecision),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
        await routeStored(sql, workspace_id, [id], actor)
        const { data } = await listDecisions(sql, workspace_id, { appointment_id: id, limit: 1 })
        return data[0]!
      })
    },
  )
}
