import { CrmSustainer, CrmSustainersQuery } from '../../../shared/crm.ts'
import { Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { listSustainers } from './list.ts'

/** Who sustains, as the CRMs say. */
export async function sustainerRoutes(app: App, context: Context) {
  app.get(
    '/crm/sustainers',
    {
      schema: {
        tags: ['crm'],
        summary: 'List who sustains, the newest first',
        description: 'As the CRMs said when they were read last: every week, or by `POST /crm/runs` of the kind `sustainers`.',
        querystring: CrmSustainersQuery,
        response: answers(200, Page(CrmSustainer)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(context.database, workspace_id, sql => listSustainers(sql, workspace_id, request.query))
    },
  )
}
