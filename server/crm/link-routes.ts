import Type from 'typebox'
import { CrmAgain, CrmLink, CrmLinksPut, CrmLinksQuery, CrmLinksStored } from '../../shared/crm.ts'
import { Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { sendCsv } from '../http/csv.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { addEarlier } from './add-earlier.ts'
import { dropLink, listLinks, putLinks, tellAgain } from './links.ts'

const tags = ['crm']
const LinkParams = Type.Object({ id: params.properties.id, contact_id: params.properties.id })

/** Who is known in which CRM, and telling again, or for the first time, whom it does not know. */
export async function linkRoutes(app: App, context: Context) {
  const { database } = context

  app.post(
    '/crm/connections/:id/links',
    {
      schema: {
        tags,
        summary: 'Store ids that contacts have in a CRM',
        description:
          'The old ids of members, before a migration run. What cannot be stored is in `refused`, and holds up no other.',
        params,
        body: CrmLinksPut,
        response: answers(200, CrmLinksStored),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        putLinks(sql, workspace_id, request.params.id, request.body.links, actor),
      )
    },
  )

  app.post(
    '/crm/connections/:id/again',
    {
      schema: { tags, summary: 'Tell again whatever a CRM did not take', params, response: answers(200, CrmAgain) },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => ({
        asked: await tellAgain(sql, workspace_id, request.params.id),
      }))
    },
  )

  app.delete(
    '/crm/connections/:id/links/:contact_id',
    {
      schema: {
        tags,
        summary: 'Let go of the id that a contact has there',
        description: 'The CRM is told nothing. A migration run that is resumed leaves the contact out.',
        params: LinkParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const { id, contact_id } = request.params
      await inWorkspace(database, workspace_id, sql => dropLink(sql, workspace_id, id, contact_id, actor))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/crm/connections/:id/earlier',
    {
      schema: {
        tags,
        summary: 'Add everybody who signed up before',
        description:
          'In the background. Not who has an id in any CRM already: a migration run finds those where they were loaded to. ' +
          'Repeated, it adds nobody twice.',
        params,
        response: answers(200, CrmAgain),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => ({
        asked: await addEarlier(sql, workspace_id, request.params.id),
      }))
    },
  )

  app.get(
    '/crm/links',
    {
      schema: {
        tags,
        summary: 'List who is known in which CRM',
        querystring: CrmLinksQuery,
        response: answers(200, Page(CrmLink)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listLinks(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/crm/links.csv',
    { schema: { tags, summary: 'The same as CSV, all of it', querystring: Type.Omit(CrmLinksQuery, ['limit', 'cursor']) } },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      return sendCsv<CrmLink>(
        reply,
        'crm-links.csv',
        ['contact_id', 'email', 'name', 'connection', 'external_id', 'state', 'error', 'updated_at'],
        cursor =>
          inWorkspace(database, workspace_id, sql => listLinks(sql, workspace_id, { ...request.query, limit: 200, ...cursor })),
      )
    },
  )
}
