import { InvitationAccept, InvitationLook, InvitationSeen } from '../../../shared/users.ts'
import { Session } from '../../../shared/workspaces.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { requireSameSite } from '../session-routes.ts'
import { attempt, limitOfAddress } from '../sign-in/tries.ts'
import { accept, lookAt } from './accept.ts'

/** What somebody does who was invited. The token is in the body: addresses are logged. */
export async function acceptRoutes(app: App, context: Context) {
  const tags = ['session']

  app.post(
    '/invitation',
    {
      schema: {
        tags,
        summary: 'Look at an invitation',
        security: [],
        body: InvitationLook,
        response: answers(200, InvitationSeen),
      },
    },
    async request =>
      attempt(context, request, [limitOfAddress(request)], () => lookAt(context.database.system, request.body.token)),
  )

  app.post(
    '/invitation/acceptance',
    {
      schema: {
        tags,
        summary: 'Accept an invitation',
        description: 'As who is signed in; or as a new user, with a name and a password, who is signed in by it.',
        security: [],
        body: InvitationAccept,
        response: answers(201, Session),
      },
    },
    async (request, reply) => {
      requireSameSite(request)
      const session = await attempt(context, request, [limitOfAddress(request)], () =>
        accept(context, request, reply, request.body),
      )
      reply.code(201)
      return session
    },
  )
}
