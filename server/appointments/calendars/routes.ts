import Type from 'typebox'
import { BusyAddress, BusyCalendar, FeedAddress } from '../../../shared/staff.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing } from '../../http/shapes.ts'
import { secretFor } from '../../secrets.ts'
import { manageKey } from '../booking/manage-token.ts'
import { authorizeStaff } from '../staff/may-edit.ts'
import { findBusy, removeBusy, setBusy } from './busy.ts'
import { makeFeed, readFeed, removeFeed } from './feed.ts'
import { claimNow, openBusyReader } from './read-busy.ts'

const tags = ['staff']
const UserParams = Type.Object({ user_id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })

/** Calendars that people have elsewhere: theirs as they read it there, and what they have there. */
export async function calendarRoutes(app: App, context: Context) {
  const { database, config } = context
  const key = secretFor(config, 'calendars')
  const readBusy = openBusyReader({ sql: database.system, config, egress: context.egress! })
  const closing = new AbortController()
  app.addHook('onClose', async () => closing.abort())

  app.post(
    '/staff/:user_id/feed',
    {
      schema: {
        tags,
        summary: "Make the address of somebody's private calendar",
        description:
          'For any program that subscribes to calendars. Shown once; the one of before ends. Whoever has it sees who is met when, so it is ' +
          "as secret as a password. Everybody makes their own; managers everybody's.",
        params: UserParams,
        response: answers(201, FeedAddress),
      },
    },
    async (request, reply) => {
      const { user_id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        makeFeed(sql, workspace_id, user_id, config.public_url, actor),
      )
    },
  )

  app.delete(
    '/staff/:user_id/feed',
    { schema: { tags, summary: "End somebody's private calendar", params: UserParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { user_id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      await inWorkspace(database, workspace_id, sql => removeFeed(sql, workspace_id, user_id, actor))
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/staff/:user_id/busy',
    {
      schema: {
        tags,
        summary: 'Say where somebody has another calendar',
        description:
          'Its address ends in .ics: the secret address of a Google calendar, the published one of Outlook or iCloud. It is read at once and ' +
          'then every 15 minutes; what is in it is not offered. Only times are kept, no titles. What could not be read stands in `error`.',
        params: UserParams,
        body: BusyAddress,
        response: answers(200, BusyCalendar),
      },
    },
    async request => {
      const { user_id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      const means = { key, allowed_cidrs: config.webhook_allowed_cidrs }
      await inWorkspace(database, workspace_id, sql => setBusy(sql, { workspace_id, user_id }, request.body.url, means, actor))
      const claimed = await claimNow(database.system, workspace_id, user_id)
      if (claimed) await readBusy(claimed, closing.signal)
      return inWorkspace(database, workspace_id, sql => findBusy(sql, { workspace_id, user_id }))
    },
  )

  app.delete(
    '/staff/:user_id/busy',
    { schema: { tags, summary: "Forget somebody's other calendar", params: UserParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { user_id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      await inWorkspace(database, workspace_id, sql => removeBusy(sql, { workspace_id, user_id }, actor))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/staff/:user_id/busy/read',
    {
      schema: {
        tags,
        summary: "Read somebody's other calendar now",
        description: 'Answers when it was read. 429 within ten seconds of the last time.',
        params: UserParams,
        response: answers(200, BusyCalendar),
      },
    },
    async request => {
      const { user_id } = request.params
      const { workspace_id } = await authorizeStaff(context, request, user_id)
      const find = () => inWorkspace(database, workspace_id, sql => findBusy(sql, { workspace_id, user_id }))
      await find()
      const claimed = await claimNow(database.system, workspace_id, user_id)
      if (!claimed) throw refuse('too_many_requests', { message: 'It was read a moment ago.', retry_after: 10 })
      await readBusy(claimed, closing.signal)
      return find()
    },
  )
}

/** Outside of the API: what calendar programs subscribe to. They send no key; the address is the secret. */
export function feedRoutes(app: App, { database, config }: Context) {
  const links = { public_url: config.public_url, manage_key: manageKey(config) }

  app.get(
    '/calendar/:token.ics',
    { schema: { hide: true, params: Type.Object({ token: Type.String({ maxLength: 100 }) }) } },
    async (request, reply) => {
      const feed = await readFeed(database.system, request.params.token, links)
      if (!feed) throw refuse('not_found', { message: 'There is no calendar at this address any more. Ask for a new one.' })
      reply.header('etag', feed.etag).header('cache-control', 'private, no-cache').header('x-robots-tag', 'noindex')
      if (request.headers['if-none-match'] === feed.etag) return reply.code(304).send()
      return reply.type('text/calendar; charset=utf-8').send(feed.text)
    },
  )
}
