import type { FastifyReply, FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import {
  AppointmentAssign,
  AppointmentCancel,
  AppointmentComplete,
  AppointmentReschedule,
  AppointmentShown,
} from '../../shared/appointments.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams } from '../http/shapes.ts'
import { authorizeChange, type Changer } from '../leads/may-change.ts'
import { assignAppointment } from './assign.ts'
import { completeAppointment, type SellAppointment } from './complete.ts'
import { findAppointment } from './find.ts'
import { rescheduleAppointment } from './reschedule.ts'
import { cancelAppointment, confirmAppointment, missAppointment, reopenAppointment } from './status.ts'

const tags = ['appointments']
const response = answers(200, AppointmentShown)

/** What happens to an appointment, from another time to what came of it. Each answers with the appointment as it is then. */
export async function stepRoutes(app: App, context: Context, sell: SellAppointment) {
  type Step = (sql: postgres.TransactionSql, caller: Changer) => Promise<unknown>
  const taken = async (request: FastifyRequest, reply: FastifyReply, id: number, step: Step) => {
    const caller = await authorizeChange(context, request)
    const { workspace_id } = caller
    return answerOnce(context.database, { workspace_id, request, reply }, 200, async sql => {
      await step(sql, caller)
      return findAppointment(sql, workspace_id, id)
    })
  }

  app.post(
    '/appointments/:id/reschedule',
    {
      schema: {
        tags,
        summary: 'Move an appointment to another time, or make it longer or shorter',
        description:
          'It stays the same appointment, of the same person unless another one is named. 409 `slot_taken` says what is free instead.',
        params: IdParams,
        body: AppointmentReschedule,
        response,
      },
    },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        rescheduleAppointment(sql, workspace_id, request.params.id, request.body, actor, { only_of }),
      ),
  )

  app.post(
    '/appointments/:id/assign',
    {
      schema: {
        tags,
        summary: 'Give an appointment to somebody else, or to nobody',
        params: IdParams,
        body: AppointmentAssign,
        response,
      },
    },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        assignAppointment(sql, workspace_id, request.params.id, request.body, actor, { only_of }),
      ),
  )

  app.post(
    '/appointments/:id/confirm',
    { schema: { tags, summary: 'Confirm an appointment', params: IdParams, response } },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        confirmAppointment(sql, workspace_id, request.params.id, actor, { only_of }),
      ),
  )

  app.post(
    '/appointments/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel an appointment',
        description: 'Its time is free again.',
        params: IdParams,
        body: AppointmentCancel,
        response,
      },
    },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        cancelAppointment(sql, workspace_id, request.params.id, request.body, actor, { only_of }),
      ),
  )

  app.post(
    '/appointments/:id/complete',
    {
      schema: {
        tags,
        summary: 'Say what came of an appointment',
        description:
          'The outcome, what is next, and with `conversion` the sale: one of each type for each appointment. Also of one that counted as a ' +
          'no-show, and again with another outcome.',
        params: IdParams,
        body: AppointmentComplete,
        response,
      },
    },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        completeAppointment(sql, workspace_id, request.params.id, request.body, actor, { only_of }, sell),
      ),
  )

  app.post(
    '/appointments/:id/no-show',
    { schema: { tags, summary: 'Say that nobody came', params: IdParams, response } },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        missAppointment(sql, workspace_id, request.params.id, actor, { only_of }),
      ),
  )

  app.post(
    '/appointments/:id/reopen',
    {
      schema: {
        tags,
        summary: 'Take back that an appointment was completed or a no-show',
        description: 'What it was sold with stays: void that conversion if it was wrong.',
        params: IdParams,
        response,
      },
    },
    async (request, reply) =>
      taken(request, reply, request.params.id, (sql, { workspace_id, actor, only_of }) =>
        reopenAppointment(sql, workspace_id, request.params.id, actor, { only_of }),
      ),
  )
}
