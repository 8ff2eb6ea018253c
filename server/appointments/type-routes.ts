import Type from 'typebox'
import {
  AppointmentType,
  AppointmentTypeCreate,
  AppointmentTypeKey,
  AppointmentTypes,
  AppointmentTypeUpdate,
} from '../../shared/appointments.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import {
  createAppointmentType,
  editAppointmentType,
  findAppointmentType,
  listAppointmentTypes,
  removeAppointmentType,
} from './types.ts'

const tags = ['appointment types']
const KeyParams = Type.Object({ key: AppointmentTypeKey })

/** What can be booked. Whoever may change the workspace's settings may change this. */
export async function typeRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/appointment-types',
    { schema: { tags, summary: 'List what can be booked', response: answers(200, AppointmentTypes) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listAppointmentTypes(sql, workspace_id))
    },
  )

  app.post(
    '/appointment-types',
    {
      schema: {
        tags,
        summary: 'Make an appointment type',
        description:
          'With `address` and `is_public`, customers book it at /book/{address}; an address is taken once on a server.',
        body: AppointmentTypeCreate,
        response: answers(201, AppointmentType),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createAppointmentType(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/appointment-types/:key',
    { schema: { tags, summary: 'Read an appointment type', params: KeyParams, response: answers(200, AppointmentType) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findAppointmentType(sql, workspace_id, request.params.key))
    },
  )

  app.patch(
    '/appointment-types/:key',
    {
      schema: {
        tags,
        summary: 'Change an appointment type',
        description: 'What is booked already stays as it is. With `if_updated_at`, only if nobody was faster.',
        params: KeyParams,
        body: AppointmentTypeUpdate,
        response: answers(200, AppointmentType),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editAppointmentType(sql, workspace_id, request.params.key, request.body, actor),
      )
    },
  )

  app.delete(
    '/appointment-types/:key',
    {
      schema: {
        tags,
        summary: 'Delete an appointment type',
        description: '409 `in_use` while appointments of it have not ended, and for the last one there is.',
        params: KeyParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeAppointmentType(sql, workspace_id, request.params.key, actor))
      return reply.code(204).send(null)
    },
  )
}
