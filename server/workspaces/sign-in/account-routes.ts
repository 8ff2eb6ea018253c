import { Account, AccountUpdate, OpenSessions, PasswordChange } from '../../../shared/account.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, IdParams as params } from '../../http/shapes.ts'
import { authorizeUser } from '../authenticate.ts'
import { changePassword, readAccount, renameUser } from './account.ts'
import { endOneSession, endSessions, listSessions } from './open-sessions.ts'

/** What concerns whoever is signed in, in no workspace. A key has no account. */
export async function accountRoutes(app: App, context: Context) {
  const { system } = context.database
  const tags = ['account']

  app.get('/account', { schema: { tags, summary: 'Read your account', response: answers(200, Account) } }, async request => {
    const { user_id } = await authorizeUser(context, request)
    return readAccount(system, user_id)
  })

  app.patch(
    '/account',
    { schema: { tags, summary: 'Change your name', body: AccountUpdate, response: answers(200, Account) } },
    async request => {
      const { user_id } = await authorizeUser(context, request)
      await renameUser(context, user_id, request.body.name)
      return readAccount(system, user_id)
    },
  )

  app.post(
    '/account/password',
    {
      schema: {
        tags,
        summary: 'Change your password',
        description: 'Every other session of yours ends.',
        body: PasswordChange,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { user_id, token } = await authorizeUser(context, request)
      await changePassword(context, request, user_id, token, request.body)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/account/sessions',
    { schema: { tags, summary: 'List where you are signed in', response: answers(200, OpenSessions) } },
    async request => {
      const { user_id, token } = await authorizeUser(context, request)
      return listSessions(context, user_id, token)
    },
  )

  app.delete(
    '/account/sessions',
    { schema: { tags, summary: 'Sign out everywhere else', response: answers(204, Nothing) } },
    async (request, reply) => {
      const { user_id, token } = await authorizeUser(context, request)
      await endSessions(system, user_id, token)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/account/sessions/:id',
    { schema: { tags, summary: 'Sign one browser out', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { user_id } = await authorizeUser(context, request)
      await endOneSession(system, user_id, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
