import { Slots, SlotsQuery } from '../../../shared/appointments.ts'
import { inWorkspace } from '../../database/transaction.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { listSlots } from './list.ts'

/** When people have time. */
export async function slotRoutes(app: App, context: Context) {
  app.get(
    '/appointments/slots',
    {
      schema: {
        tags: ['appointments'],
        summary: 'List when somebody has time, and who',
        description:
          "For an appointment of `type` (the first one without): with one person, with somebody of a pool, or of the type's pool; where there " +
          'is none, with anybody who can be booked. Hours, absences, other appointments in any workspace of this server, calendars elsewhere, ' +
          'buffers, daily limits and notice are considered. By hand other times can be booked, too.',
        querystring: SlotsQuery,
        response: answers(200, Slots),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(context.database, workspace_id, async sql => ({
        data: await listSlots(sql, workspace_id, request.query),
      }))
    },
  )
}
