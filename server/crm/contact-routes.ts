import { ContactCrm, CrmMarkPut } from '../../shared/crm.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { readContactCrm } from './contact.ts'
import { markContact, unmarkContact } from './marks.ts'

const tags = ['crm']

/** What CRMs know of one contact, and the mark that they are told of. */
export async function contactCrmRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/contacts/:id/crm',
    { schema: { tags, summary: 'Show what CRMs know of a contact', params, response: answers(200, ContactCrm) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readContactCrm(sql, workspace_id, request.params.id))
    },
  )

  app.put(
    '/contacts/:id/crm-mark',
    {
      schema: {
        tags,
        summary: 'Mark a contact as spam, or for review',
        description: 'Every CRM that knows them is told: for review, or to delete spam where the connection says so.',
        params,
        body: CrmMarkPut,
        response: answers(200, ContactCrm),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, async sql => {
        await markContact(sql, workspace_id, request.params.id, request.body, actor)
        return readContactCrm(sql, workspace_id, request.params.id)
      })
    },
  )

  app.delete(
    '/contacts/:id/crm-mark',
    { schema: { tags, summary: 'Take the mark of a contact back', params, response: answers(200, ContactCrm) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, async sql => {
        await unmarkContact(sql, workspace_id, request.params.id, actor)
        return readContactCrm(sql, workspace_id, request.params.id)
      })
    },
  )
}
