import Type from 'typebox'
import { AppointmentHandOn, AppointmentShown } from '../../../shared/appointments.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, IdParams } from '../../http/shapes.ts'
import { authorizeChange } from '../../leads/may-change.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { findAppointment } from '../find.ts'
import { handOn } from './hand-on.ts'

const tags = ['appointments']
const Partners = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      accepts: Type.Boolean({ description: 'takes appointments from this one; otherwise this one takes them from there' }),
    }),
  ),
})

/** Handing appointments on to other workspaces of the organization, as routing rules do by themselves. */
export async function handOnRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/workspaces/partners',
    {
      schema: {
        tags,
        summary: 'List the workspaces with which appointments are exchanged',
        description:
          'Of the same organization: those that take appointments from this one (`accepts_from` of their settings), and those from which this one does.',
        response: answers(200, Partners),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const data = await database.system<{ id: number; name: string; accepts: boolean }[]>`
        select o.id, o.name, w.id = any(o.accepts_from) as accepts
          from workspaces w
          join workspaces o on o.organization_id = w.organization_id and o.id <> w.id
         where w.id = ${workspace_id} and (w.id = any(o.accepts_from) or o.id = any(w.accepts_from))
         order by o.name, o.id`
      return { data }
    },
  )

  app.post(
    '/appointments/:id/hand-on',
    {
      schema: {
        tags,
        summary: 'Hand an appointment on to another workspace of the organization',
        description:
          'A linked copy is made there, whose rules say whose it is. What happens on one side happens on the other: time, end and outcome. ' +
          'Notes inside stay here.',
        params: IdParams,
        body: AppointmentHandOn,
        response: answers(200, AppointmentShown),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
        await handOn(sql, workspace_id, id, request.body.workspace_id, actor, { only_of })
        return findAppointment(sql, workspace_id, id)
      })
    },
  )
}
