import Type from 'typebox'
import { Event, EventName, EventRefusal, EventsQuery } from '../../shared/events.ts'
import { ListQuery, Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { listEventNames, listEvents, listEventsOfVisitor, listRefusals } from './list.ts'
import { openFollowers } from './live.ts'
import { readSetup, Setup } from './setup.ts'

const tags = ['events']
const Plain = Type.Object({}, { additionalProperties: false })
const Paged = Type.Object({ ...ListQuery }, { additionalProperties: false })

/** What was stored, what was refused and what arrives right now. (Events come in through collect.ts.) */
export async function eventRoutes(app: App, context: Context) {
  const { database, config } = context

  app.get(
    '/events',
    {
      schema: {
        tags,
        summary: 'List events',
        description: 'Without a filter the newest arrival first; with one, what happened last.',
        querystring: EventsQuery,
        response: answers(200, Page(Event)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listEvents(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/visitors/:id/events',
    {
      schema: {
        tags: ['visitors'],
        summary: 'What a visitor did',
        params: IdParams,
        querystring: Paged,
        response: answers(200, Page(Event)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listEventsOfVisitor(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.get(
    '/events/names',
    {
      schema: { tags, summary: 'The names of events, with counts', querystring: Plain, response: answers(200, Page(EventName)) },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const data = await inWorkspace(database, workspace_id, sql => listEventNames(sql, workspace_id))
      return { data: [...data], next_cursor: null }
    },
  )

  app.get(
    '/events/refusals',
    {
      schema: { tags, summary: 'What was not stored, and why', querystring: Paged, response: answers(200, Page(EventRefusal)) },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listRefusals(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/setup',
    {
      schema: {
        tags,
        summary: 'What to put into your pages, and whether it works',
        querystring: Plain,
        response: answers(200, Setup),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readSetup(sql, workspace_id, config.public_url))
    },
  )

  const followers = openFollowers(context)
  app.addHook('preClose', async () => followers.end())
  app.get(
    '/live',
    {
      exposeHeadRoute: false, // a stream has no end that a HEAD could tell of
      schema: {
        tags,
        summary: 'Events and refusals as they arrive',
        description: 'Server-sent events named `event` and `refusal`. A session names its workspace by `?workspace_id=`.',
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { workspace_id, rights } = await authorize(context, request, 'read')
      if (rights.masks.length > 0)
        throw refuse('forbidden', { message: 'Your role does not see every field, so it has no live view.' })
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-request-id': request.id,
      })
      const may = async () => {
        const now = await authorize(context, request, 'read')
        return now.workspace_id === workspace_id && now.rights.masks.length === 0
      }
      await followers.follow(workspace_id, reply.raw, may).catch(error => {
        request.log.warn({ err: error }, 'a live view ended')
        reply.raw.end()
      })
    },
  )
}
