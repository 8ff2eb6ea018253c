import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { ContactMerge, Identity, LinkRequest, MergePreview, MergeRequest, Review, ReviewQuery } from '../../shared/identity.ts'
import { Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { acceptLink, linkByHand, removeVisitor, undoLink } from './link.ts'
import { mergeContacts, previewMerge, undoMerge } from './merge.ts'
import { dismissLink, dismissSuggestion, listReviews } from './review.ts'
import { findMerge, showIdentity } from './show.ts'

const Done = Type.Object({ done: Type.Boolean() })
const tags = ['identity']

/** Who is the same person: shown, decided by hand, taken back. Each change is an activity, and none moves an event. */
export async function identityRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/contacts/:id/identity',
    {
      schema: {
        tags,
        summary: 'Who a contact is made of, with the log of every claim',
        params: SmallIdParams,
        response: answers(200, Identity),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => showIdentity(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/contacts/:id/visitors',
    {
      schema: {
        tags,
        summary: 'Say that a visitor is this contact',
        params: SmallIdParams,
        body: LinkRequest,
        response: answers(201, Identity),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id } = request.params
      const { distinct_id, force = false } = request.body
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        await linkByHand(sql, workspace_id, id, distinct_id, force, actor)
        return showIdentity(sql, workspace_id, id)
      })
    },
  )

  app.delete(
    '/contacts/:id/visitors/:visitor_id',
    {
      schema: {
        tags,
        summary: 'Take a visitor out of a contact',
        description: 'Revokes every accepted claim that names the visitor. Its events go with it.',
        params: Type.Intersect([
          SmallIdParams,
          Type.Object({ visitor_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
        ]),
        response: answers(200, Identity),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id, visitor_id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await removeVisitor(sql, workspace_id, id, visitor_id, actor)
        return showIdentity(sql, workspace_id, id)
      })
    },
  )

  app.get(
    '/contacts/:id/merge',
    {
      schema: {
        tags,
        summary: 'Preview a merge',
        params: SmallIdParams,
        querystring: Type.Object(
          { other_id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) },
          { additionalProperties: false },
        ),
        response: answers(200, MergePreview),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql =>
        previewMerge(sql, workspace_id, request.params.id, request.query.other_id),
      )
    },
  )

  app.post(
    '/contacts/:id/merge',
    {
      schema: {
        tags,
        summary: 'Merge another contact into this one',
        description: 'Reversible: the answer holds the id that `/contacts/merges/{id}/undo` takes.',
        params: SmallIdParams,
        body: MergeRequest,
        response: answers(201, ContactMerge),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { other_id, force = false } = request.body
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        const merge_id = await mergeContacts(sql, workspace_id, request.params.id, other_id, force, actor)
        return findMerge(sql, workspace_id, merge_id)
      })
    },
  )

  // The contract's short address and the one below its noun are the same.
  for (const url of ['/contacts/merges/:id/undo', '/merges/:id/undo']) {
    app.post(
      url,
      {
        schema: {
          tags,
          summary: 'Undo a merge',
          params: IdParams,
          response: answers(200, ContactMerge),
          hide: url.startsWith('/merges'),
        },
      },
      async (request, reply) => {
        const { workspace_id, actor } = await authorize(context, request, 'update')
        return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
          await undoMerge(sql, workspace_id, request.params.id, actor)
          return findMerge(sql, workspace_id, request.params.id)
        })
      },
    )
  }

  app.get(
    '/identity/reviews',
    {
      schema: {
        tags,
        summary: 'Refused claims and merge suggestions that wait for a decision',
        querystring: ReviewQuery,
        response: answers(200, Page(Review)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listReviews(sql, workspace_id, request.query))
    },
  )

  decision('/identity/links/:id/undo', 'Undo a link: its people are made again from the rest of the log', undoLink)
  decision('/identity/links/:id/acceptance', 'Link a refused claim after all, by force', acceptLink)
  decision('/identity/links/:id/dismissal', 'Let a refused claim be', dismissLink)
  decision('/identity/suggestions/:id/dismissal', 'Let two contacts that look like one be two', dismissSuggestion)

  function decision(url: string, summary: string, verb: typeof undoLink) {
    app.post(url, { schema: { tags, summary, params: IdParams, response: answers(200, Done) } }, (request, reply) =>
      decide(request as FastifyRequest<{ Params: { id: number } }>, reply, verb),
    )
  }

  async function decide(request: FastifyRequest<{ Params: { id: number } }>, reply: FastifyReply, verb: typeof undoLink) {
    const { workspace_id, actor } = await authorize(context, request, 'update')
    return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
      await verb(sql, workspace_id, request.params.id, actor)
      return { done: true }
    })
  }
}
