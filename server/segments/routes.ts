import Type from 'typebox'
import { Contact, ContactsQuery } from '../../shared/contacts.ts'
import { PreviewAsk, Segment, SegmentCreate, SegmentPreview, Segments, SegmentUpdate } from '../../shared/segments.ts'
import { Page } from '../../shared/shape.ts'
import { listContacts } from '../contacts/list.ts'
import { inTurn } from '../database/in-turn.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { previewRule } from './preview.ts'
import { createSegment, editSegment, findSegment, listSegments, removeSegment } from './segments.ts'

const { limit, cursor, sort } = ContactsQuery.properties
const MembersQuery = Type.Object({ limit, cursor, sort }, { additionalProperties: false })

export async function segmentRoutes(app: App, context: Context) {
  const { database } = context
  const inItsTurn = inTurn(database)
  const tags = ['segments']

  app.get(
    '/segments',
    { schema: { tags, summary: 'List segments, built-in ones too, with their counts', response: answers(200, Segments) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listSegments(sql, workspace_id))
    },
  )

  app.post(
    '/segments',
    {
      schema: {
        tags,
        summary: 'Make a segment',
        description:
          'Who fits is counted in the background: `progress` says how far that is. Nobody is told of those who are found then.',
        body: SegmentCreate,
        response: answers(201, Segment),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createSegment(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.post(
    '/segments/preview',
    {
      schema: {
        tags,
        summary: 'Count who a rule finds now, without keeping it',
        body: PreviewAsk,
        response: answers(200, SegmentPreview),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inItsTurn(workspace_id, sql => previewRule(sql, workspace_id, request.body.rule))
    },
  )

  app.get(
    '/segments/:id',
    { schema: { tags, summary: 'Read a segment', params, response: answers(200, Segment) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findSegment(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/segments/:id',
    {
      schema: {
        tags,
        summary: 'Change a segment',
        description: 'Another rule is counted anew in the background.',
        params,
        body: SegmentUpdate,
        response: answers(200, Segment),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => editSegment(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/segments/:id',
    {
      schema: {
        tags,
        summary: 'Delete a segment; nobody is told to have left it',
        description: '409 `in_use` while the filter of a webhook endpoint names it.',
        params,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      await inWorkspace(database, workspace_id, sql => removeSegment(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/segments/:id/contacts',
    {
      schema: {
        tags,
        summary: 'List who is in a segment',
        description: 'The same as `GET /contacts?segment_id=`, which filters and searches besides.',
        params,
        querystring: MembersQuery,
        response: answers(200, Page(Contact)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, async sql => {
        const { id } = await findSegment(sql, workspace_id, request.params.id)
        return listContacts(sql, workspace_id, { ...request.query, segment_id: id })
      })
    },
  )
}
