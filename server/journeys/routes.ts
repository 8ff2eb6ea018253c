import { ContactJourneys } from '../../shared/contact-journey.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { journeysOf } from './of-contact.ts'

export async function journeyRoutes(app: App, context: Context) {
  app.get(
    '/contacts/:id/journey',
    {
      schema: {
        tags: ['contacts'],
        summary: 'How far a contact came in each funnel',
        description: 'The steps with the time at which each was reached, where it stopped, and what was watched of each video.',
        params: SmallIdParams,
        response: answers(200, ContactJourneys),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(context.database, workspace_id, sql => journeysOf(sql, workspace_id, request.params.id))
    },
  )
}
