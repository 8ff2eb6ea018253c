import Type from 'typebox'
import { CrmLogEntry, CrmLogQuery } from '../../shared/crm.ts'
import { Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { sendCsv } from '../http/csv.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { listFailures } from './failures.ts'

const tags = ['crm']

/** What went wrong with CRMs. */
export async function logRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/crm/log',
    {
      schema: {
        tags,
        summary: 'List failures, the newest first',
        querystring: CrmLogQuery,
        response: answers(200, Page(CrmLogEntry)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listFailures(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/crm/log.csv',
    { schema: { tags, summary: 'The same as CSV, all of it', querystring: Type.Omit(CrmLogQuery, ['limit', 'cursor']) } },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      return sendCsv<CrmLogEntry>(
        reply,
        'crm-log.csv',
        ['at', 'code', 'operation', 'provider', 'contact_id', 'email', 'kind', 'http_status', 'message', 'request_id'],
        cursor =>
          inWorkspace(database, workspace_id, sql =>
            listFailures(sql, workspace_id, { ...request.query, limit: 200, ...cursor }),
          ),
      )
    },
  )
}
