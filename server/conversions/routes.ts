import Type from 'typebox'
import {
  Conversion,
  ConversionCreate,
  ConversionEvent,
  ConversionsQuery,
  ConversionUpdate,
  RefundCreate,
} from '../../shared/conversions.ts'
import { ListQuery, Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { correctConversion } from './correct.ts'
import { createConversion } from './create.ts'
import { findConversion } from './find.ts'
import { listChanges, listConversions } from './list.ts'
import { refundConversion } from './refund.ts'
import { restoreConversion, voidConversion } from './void.ts'

const PageQuery = Type.Object(ListQuery, { additionalProperties: false })

export async function conversionRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['conversions']

  app.get(
    '/conversions',
    {
      schema: {
        tags,
        summary: 'List conversions',
        description: 'The newest first, with void ones and tests, which count nowhere.',
        querystring: ConversionsQuery,
        response: answers(200, Page(Conversion)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listConversions(sql, workspace_id, request.query))
    },
  )

  app.post(
    '/conversions',
    {
      schema: {
        tags,
        summary: 'Record a conversion',
        description:
          'Of a contact, a lead, or a visitor. One `order_id` makes one conversion: the same again answers 200 with the first; with ' +
          'another value, type, currency or contact 409 `already_exists`, because that is a correction.',
        body: ConversionCreate,
        response: { ...answers(201, Conversion), ...answers(200, Conversion) },
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'convert')
      let is_new = true
      const conversion = await answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        const created = await createConversion(sql, workspace_id, request.body, actor)
        is_new = created.is_new
        return created.conversion
      })
      if (!is_new) reply.code(200)
      return conversion
    },
  )

  app.get(
    '/conversions/:id',
    { schema: { tags, summary: 'Read a conversion', params: IdParams, response: answers(200, Conversion) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findConversion(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/conversions/:id',
    {
      schema: {
        tags,
        summary: 'Correct a conversion',
        description: 'It is then as if it had been entered like this. What went back to the customer is a refund.',
        params: IdParams,
        body: ConversionUpdate,
        response: answers(200, Conversion),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'convert')
      const { id } = request.params
      return inWorkspace(database, workspace_id, sql => correctConversion(sql, workspace_id, id, request.body, actor))
    },
  )

  app.delete(
    '/conversions/:id',
    {
      schema: {
        tags,
        summary: 'Make a conversion void',
        description: 'For what was entered by mistake. It stays in the list and counts nowhere; /restoration takes it back.',
        params: IdParams,
        response: answers(200, Conversion),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => voidConversion(sql, workspace_id, request.params.id, actor))
    },
  )

  app.post(
    '/conversions/:id/restoration',
    { schema: { tags, summary: 'Let a void conversion count again', params: IdParams, response: answers(200, Conversion) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        restoreConversion(sql, workspace_id, request.params.id, actor),
      )
    },
  )

  app.post(
    '/conversions/:id/refunds',
    {
      schema: {
        tags,
        summary: 'Refund a conversion',
        description: 'A part of its value or all that is left. It goes on being counted; every sum of money goes down.',
        params: IdParams,
        body: RefundCreate,
        response: answers(201, Conversion),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        refundConversion(sql, workspace_id, request.params.id, request.body, actor),
      )
    },
  )

  app.get(
    '/conversions/:id/events',
    {
      schema: {
        tags,
        summary: 'What was changed about a conversion, the newest first',
        params: IdParams,
        querystring: PageQuery,
        response: answers(200, Page(ConversionEvent)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await findConversion(sql, workspace_id, id)
        return listChanges(sql, workspace_id, id, request.query)
      })
    },
  )

  app.get(
    '/contacts/:id/conversions',
    {
      schema: {
        tags,
        summary: 'List the conversions of a contact',
        description: 'Its own, those of contacts that are part of it, and those of its visitors.',
        params: SmallIdParams,
        querystring: PageQuery,
        response: answers(200, Page(Conversion)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const query = { ...request.query, contact_id: request.params.id }
      return inWorkspace(database, workspace_id, sql => listConversions(sql, workspace_id, query))
    },
  )
}
