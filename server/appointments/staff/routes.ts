import Type from 'typebox'
import { Absence, AbsenceCreate, Staff, StaffMember, StaffUpdate } from '../../../shared/staff.ts'
import { inWorkspace, nameWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { addAbsence, removeAbsence } from './absences.ts'
import { editStaff } from './edit.ts'
import { findStaffMember, listStaff } from './find.ts'
import { authorizeStaff } from './may-edit.ts'

const tags = ['staff']
const UserParams = Type.Object({ user_id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const AbsenceParams = Type.Object({
  ...UserParams.properties,
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})

/** Who works here, and when. */
export async function staffRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/staff',
    {
      schema: {
        tags,
        summary: 'List everybody who works in the workspace, and when, by name',
        description: 'Who said nothing about it yet has `time_zone: null` and cannot be booked by customers.',
        response: answers(200, Staff),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return listStaff(database.system, workspace_id)
    },
  )

  app.get(
    '/staff/:user_id',
    { schema: { tags, summary: 'Read when somebody works', params: UserParams, response: answers(200, StaffMember) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return findStaffMember(database.system, workspace_id, request.params.user_id)
    },
  )

  app.patch(
    '/staff/:user_id',
    {
      schema: {
        tags,
        summary: 'Change when somebody works',
        description:
          'Hours are what a clock on the wall shows in their zone. `hours` and `dates` are given as a whole; a night shift is two: until ' +
          "24:00, and from 00:00 on the next day. Without `time_zone` at first, it is the workspace's. What is booked stays booked. " +
          "Everybody changes their own; managers everybody's.",
        params: UserParams,
        body: StaffUpdate,
        response: answers(200, StaffMember),
      },
    },
    async request => {
      const { user_id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      return database.system.begin(async sql => {
        await nameWorkspace(sql, workspace_id)
        return editStaff(sql, workspace_id, user_id, request.body, actor)
      }) as Promise<StaffMember>
    },
  )

  app.post(
    '/staff/:user_id/absences',
    {
      schema: {
        tags,
        summary: 'Say that somebody is away',
        description: 'Nobody is offered their time then. What is booked stays booked.',
        params: UserParams,
        body: AbsenceCreate,
        response: answers(201, Absence),
      },
    },
    async (request, reply) => {
      const { user_id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        addAbsence(sql, workspace_id, user_id, request.body, actor),
      )
    },
  )

  app.delete(
    '/staff/:user_id/absences/:id',
    { schema: { tags, summary: 'Take an absence away', params: AbsenceParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { user_id, id } = request.params
      const { workspace_id, actor } = await authorizeStaff(context, request, user_id)
      await inWorkspace(database, workspace_id, sql => removeAbsence(sql, workspace_id, user_id, id, actor))
      return reply.code(204).send(null)
    },
  )
}
