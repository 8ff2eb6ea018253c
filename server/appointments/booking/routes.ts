import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import {
  Booking,
  BookingAddressParams,
  BookingCancel,
  BookingCreate,
  BookingHold,
  BookingHoldCreate,
  BookingPage,
  BookingReschedule,
  BookingSlots,
  BookingSlotsQuery,
  BookingTokenParams,
} from '../../../shared/booking.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { secretFor } from '../../secrets.ts'
import { visitorNumbers } from '../../visitors/number.ts'
import { bookForCustomer } from './book.ts'
import { holdForCustomer } from './holds.ts'
import { offerOf } from './hosts.ts'
import {
  cancelForCustomer,
  findManaged,
  findNamed,
  type Managed,
  moveForCustomer,
  offerInstead,
  showBooking,
  type Tokens,
} from './manage.ts'
import { manageKey } from './manage-token.ts'
import { listOffered } from './offer.ts'
import { findPage, showPage } from './pages.ts'

const PUBLIC = { tags: ['booking'], security: [] }
/** Of a form with answers. */
const MOST_BYTES = 64 * 1024
const A_MINUTE = '1 minute'

/**
 * What customers do without an account. A page of any site may ask: nothing here depends on who is signed in. (Longer than most: a route is
 * twelve lines, and they are read one at a time.)
 */
export async function bookingRoutes(app: App, context: Context) {
  const { database, config } = context
  const tokens: Tokens = { key: manageKey(config), public_url: config.public_url }
  const hold_key = secretFor(config, 'slots held by customers')
  const numbers = visitorNumbers()

  await app.register(async (pages: App) => pageRoutes(await openToAll(pages)), { prefix: '/booking' })
  await app.register(async (bookings: App) => tokenRoutes(await openToAll(bookings)), { prefix: '/bookings' })

  function pageRoutes({ app, reading, writing }: Opened) {
    const params = BookingAddressParams

    app.get(
      '/:address',
      {
        schema: {
          ...PUBLIC,
          summary: 'See what can be booked at an address',
          params,
          response: answers(200, BookingPage),
        },
      },
      async request => {
        await reading(request)
        return showPage(await findPage(database.system, request.params.address))
      },
    )

    app.get(
      '/:address/slots',
      {
        schema: {
          ...PUBLIC,
          summary: 'See when it can be booked',
          params,
          querystring: BookingSlotsQuery,
          response: answers(200, BookingSlots),
        },
      },
      async request => {
        await reading(request)
        const page = await findPage(database.system, request.params.address)
        return inWorkspace(database, page.workspace_id, async sql =>
          listOffered(sql, await offerOf(sql, page), request.query, page.time_zone),
        )
      },
    )

    app.post(
      '/:address/hold',
      {
        bodyLimit: MOST_BYTES,
        schema: {
          ...PUBLIC,
          summary: 'Keep a slot free while the form is filled in',
          description: 'For the minutes that the appointment type says. 409 `slot_taken` with `slots` that are free now.',
          params,
          body: BookingHoldCreate,
          response: answers(201, BookingHold),
        },
      },
      async (request, reply) => {
        await writing(request)
        const page = await findPage(database.system, request.params.address)
        const { workspace_id } = page
        return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
          holdForCustomer(sql, page, request.body, hold_key),
        )
      },
    )

    app.post(
      '/:address/book',
      {
        bodyLimit: MOST_BYTES,
        schema: {
          ...PUBLIC,
          summary: 'Book what is held, or a slot',
          description:
            'Answers with a `token`, with which the customer moves and cancels it. 409 `slot_taken` with `slots` that are free now. With an ' +
            '`Idempotency-Key`, pressing twice books once.',
          params,
          body: BookingCreate,
          response: answers(201, Booking),
        },
      },
      async (request, reply) => {
        await writing(request)
        const page = await findPage(database.system, request.params.address)
        const { workspace_id } = page
        const { id } = await answerOnce(database, { workspace_id, request, reply }, 201, async sql => ({
          id: await bookForCustomer(sql, page, request.body, { key: hold_key, numbers }),
        }))
        return show({ workspace_id, id })
      },
    )
  }

  function tokenRoutes({ app, reading, writing }: Opened) {
    const params = BookingTokenParams

    app.get(
      '/:token',
      { schema: { ...PUBLIC, summary: "See an appointment of one's own", params, response: answers(200, Booking) } },
      async request => {
        await reading(request)
        return showBooking(await findManaged(database.system, request.params.token, tokens), tokens)
      },
    )

    app.get(
      '/:token/slots',
      {
        schema: {
          ...PUBLIC,
          summary: 'See where it can be moved',
          description: 'With the same person; its own time counts as free.',
          params,
          querystring: BookingSlotsQuery,
          response: answers(200, BookingSlots),
        },
      },
      async request => {
        await reading(request)
        const managed = await findManaged(database.system, request.params.token, tokens)
        return inWorkspace(database, managed.workspace_id, async sql =>
          listOffered(sql, await offerInstead(sql, managed), request.query, managed.workspace_zone),
        )
      },
    )

    app.post(
      '/:token/reschedule',
      {
        bodyLimit: MOST_BYTES,
        schema: { ...PUBLIC, summary: 'Move it', params, body: BookingReschedule, response: answers(200, Booking) },
      },
      async request => {
        await writing(request)
        const managed = await findManaged(database.system, request.params.token, tokens)
        await inWorkspace(database, managed.workspace_id, sql => moveForCustomer(sql, managed, request.body))
        return show(managed)
      },
    )

    app.post(
      '/:token/cancel',
      {
        bodyLimit: MOST_BYTES,
        schema: { ...PUBLIC, summary: 'Cancel it', params, body: BookingCancel, response: answers(200, Booking) },
      },
      async request => {
        await writing(request)
        const managed = await findManaged(database.system, request.params.token, tokens)
        await inWorkspace(database, managed.workspace_id, sql => cancelForCustomer(sql, managed, request.body.reason))
        return show(managed)
      },
    )
  }

  async function show(named: Pick<Managed, 'workspace_id' | 'id'>) {
    const managed = await findNamed(database.system, named)
    if (!managed) throw refuse('not_found')
    return showBooking(managed, tokens)
  }
}

type Opened = Awaited<ReturnType<typeof openToAll>>

/** Limits count by address of the caller: enough for an office behind one, too few to hold a calendar by force. */
async function openToAll(app: App) {
  await app.register(cors, { origin: true, maxAge: 86_400, exposedHeaders: ['Retry-After'], strictPreflight: false })
  await app.register(rateLimit, { global: false })
  const limited = (max: number) => {
    const count = app.createRateLimit({ max, timeWindow: A_MINUTE })
    return async (request: FastifyRequest) => {
      const limit = await count(request)
      if (!limit.isAllowed && limit.isExceeded) throw refuse('too_many_requests', { retry_after: limit.ttlInSeconds })
    }
  }
  return { app, reading: limited(300), writing: limited(30) }
}
