import {
  ConsentPurpose,
  ConsentPurposeCreate,
  ConsentPurposes,
  ConsentPurposeUpdate,
  ConsentsAdd,
  ContactConsents,
} from '../../shared/consents.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { addConsents, showConsents } from './of-contact.ts'
import { createPurpose, editPurpose, listPurposes } from './purposes.ts'

export async function consentRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['privacy']

  app.get(
    '/consent-purposes',
    {
      schema: {
        tags,
        summary: 'List what people are asked to allow, and with which texts',
        response: answers(200, ConsentPurposes),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listPurposes(sql, workspace_id))
    },
  )

  app.post(
    '/consent-purposes',
    {
      schema: { tags, summary: 'Add a purpose of your own', body: ConsentPurposeCreate, response: answers(201, ConsentPurpose) },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createPurpose(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.patch(
    '/consent-purposes/:id',
    {
      schema: {
        tags,
        summary: 'Give a purpose another label, or a new version of its text',
        description: 'The text of a version never changes: people were asked with it.',
        params,
        body: ConsentPurposeUpdate,
        response: answers(200, ConsentPurpose),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editPurpose(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.get(
    '/contacts/:id/consents',
    {
      schema: { tags, summary: 'What a contact allows, and when they said so', params, response: answers(200, ContactConsents) },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => showConsents(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/contacts/:id/consents',
    {
      schema: {
        tags,
        summary: 'Note what a contact allows or denies',
        description:
          'Nothing is overwritten: the newest of each purpose holds. What was said last in the same words is not noted again.',
        params,
        body: ConsentsAdd,
        response: answers(200, ContactConsents),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        addConsents(sql, workspace_id, request.params.id, request.body, actor),
      )
    },
  )
}
