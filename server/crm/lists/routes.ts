import Type from 'typebox'
import {
  MailingList,
  MailingListCreate,
  MailingListJoin,
  MailingListMember,
  MailingListMembersQuery,
  MailingLists,
  MailingListUpdate,
} from '../../../shared/crm.ts'
import { Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { createList, editList, findList, joinList, leaveList, listLists, listMembers, removeList } from './lists.ts'

const tags = ['crm']
const MemberParams = Type.Object({ id: params.properties.id, email: Type.String({ maxLength: 320 }) })

/** Mailing lists, and the list manager's side of them. */
export async function listRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/crm/lists',
    { schema: { tags, summary: 'List mailing lists', response: answers(200, MailingLists) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, async sql => ({ data: await listLists(sql, workspace_id) }))
    },
  )

  app.post(
    '/crm/lists',
    {
      schema: {
        tags,
        summary: 'Make a mailing list',
        description: 'Who signs up from now on joins it, if their language and what they told fit.',
        body: MailingListCreate,
        response: answers(201, MailingList),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createList(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/crm/lists/:id',
    { schema: { tags, summary: 'Read a mailing list', params, response: answers(200, MailingList) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findList(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/crm/lists/:id',
    { schema: { tags, summary: 'Change a mailing list', params, body: MailingListUpdate, response: answers(200, MailingList) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editList(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/crm/lists/:id',
    { schema: { tags, summary: 'Delete a mailing list, with who is on it', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeList(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/crm/lists/:id/contacts',
    {
      schema: {
        tags,
        summary: 'List who is on a mailing list',
        description: 'For the system that writes the letters: by e-mail, page by page. `left` shows those who left.',
        params,
        querystring: MailingListMembersQuery,
        response: answers(200, Page(MailingListMember)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listMembers(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.post(
    '/crm/lists/:id/contacts',
    {
      schema: {
        tags,
        summary: 'Join a mailing list by e-mail',
        description: 'An e-mail is enough, also of somebody who is not known here. The CRMs are told in the background.',
        params,
        body: MailingListJoin,
        response: answers(201, MailingListMember),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        joinList(sql, workspace_id, request.params.id, request.body, actor),
      )
    },
  )

  app.delete(
    '/crm/lists/:id/contacts/:email',
    { schema: { tags, summary: 'Leave a mailing list', params: MemberParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'update')
      await inWorkspace(database, workspace_id, sql => leaveList(sql, workspace_id, request.params.id, request.params.email))
      return reply.code(204).send(null)
    },
  )
}
