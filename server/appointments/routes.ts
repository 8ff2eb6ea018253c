import Type from 'typebox'
import {
  Appointment,
  AppointmentCreate,
  AppointmentEvent,
  AppointmentShown,
  AppointmentsQuery,
  AppointmentUpdate,
} from '../../shared/appointments.ts'
import { ListQuery, Page } from '../../shared/shape.ts'
import { isLimited } from '../database/limits.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as ContactParams, IdParams } from '../http/shapes.ts'
import { authorizeChange } from '../leads/may-change.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { bookAppointment } from './book.ts'
import { bookingRoutes } from './booking/routes.ts'
import { calendarRoutes } from './calendars/routes.ts'
import type { SellAppointment } from './complete.ts'
import { editAppointment } from './edit.ts'
import { listAppointmentEvents } from './events.ts'
import { findAppointment } from './find.ts'
import { handOnRoutes } from './hand-on/routes.ts'
import { listAppointments } from './list.ts'
import { routingRoutes } from './routing/routes.ts'
import { slotRoutes } from './slots/routes.ts'
import { staffRoutes } from './staff/routes.ts'
import { stepRoutes } from './step-routes.ts'
import { typeRoutes } from './type-routes.ts'

const tags = ['appointments']
const Paged = Type.Object({ ...ListQuery, sort: AppointmentsQuery.properties.sort }, { additionalProperties: false })
const PagedEvents = Type.Object(ListQuery, { additionalProperties: false })

/** What people and programs do with appointments, and the routes of the rooms below. */
export async function appointmentRoutes(app: App, context: Context, sell: SellAppointment) {
  const { database } = context

  app.get(
    '/appointments',
    {
      schema: {
        tags,
        summary: 'List appointments by time',
        description:
          'Search and filter; `since` and `until` give what lies in a stretch of the calendar. Held slots are in no list.',
        querystring: AppointmentsQuery,
        response: answers(200, Page(Appointment)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { query } = request
      // A search names its workspace itself, as the role that may use the index of words (server/contacts/list.ts).
      return query.q === undefined || isLimited()
        ? inWorkspace(database, workspace_id, sql => listAppointments(sql, workspace_id, query))
        : listAppointments(database.system, workspace_id, query)
    },
  )

  app.get(
    '/contacts/:id/appointments',
    {
      schema: {
        tags,
        summary: 'List the appointments of a contact, the newest first',
        description: 'Those of contacts that are part of this one too.',
        params: ContactParams,
        querystring: Paged,
        response: answers(200, Page(Appointment)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const query = { sort: '-scheduled_at' as const, ...request.query, contact_id: request.params.id }
      return inWorkspace(database, workspace_id, sql => listAppointments(sql, workspace_id, query))
    },
  )

  app.post(
    '/appointments',
    {
      schema: {
        tags,
        summary: 'Book an appointment',
        description:
          'Of a contact, of a lead, or of a person whose e-mail or phone finds a contact or makes one. Without `assigned_to` the routing ' +
          "rules choose. What an agent books is the agent's own. 409 `slot_taken` says what is free instead; with `allow_overlap` who may " +
          'change everything books beside another one or outside of hours.',
        body: AppointmentCreate,
        response: answers(201, AppointmentShown),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        const id = await bookAppointment(sql, workspace_id, request.body, actor, { only_of })
        return findAppointment(sql, workspace_id, id)
      })
    },
  )

  app.get(
    '/appointments/:id',
    { schema: { tags, summary: 'Read an appointment', params: IdParams, response: answers(200, AppointmentShown) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findAppointment(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/appointments/:id',
    {
      schema: {
        tags,
        summary: 'Change what an appointment says',
        description:
          'Changes what is given; null takes a value away, of `fields` key by key. With `if_updated_at`, only if nobody was faster. Time and ' +
          'person have addresses of their own, because they may be taken.',
        params: IdParams,
        body: AppointmentUpdate,
        response: answers(200, AppointmentShown),
      },
    },
    async request => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await editAppointment(sql, workspace_id, id, request.body, actor, { only_of })
        return findAppointment(sql, workspace_id, id)
      })
    },
  )

  app.get(
    '/appointments/:id/events',
    {
      schema: {
        tags,
        summary: 'List what was changed about an appointment, the newest first',
        params: IdParams,
        querystring: PagedEvents,
        response: answers(200, Page(AppointmentEvent)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql =>
        listAppointmentEvents(sql, workspace_id, request.params.id, request.query),
      )
    },
  )

  await stepRoutes(app, context, sell)
  await typeRoutes(app, context)
  await routingRoutes(app, context)
  await handOnRoutes(app, context)
  await slotRoutes(app, context)
  await staffRoutes(app, context)
  await bookingRoutes(app, context)
  await calendarRoutes(app, context)
}
