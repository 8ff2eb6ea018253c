import { PasswordChoice, PasswordReset, PasswordResetTaken, SignInWays } from '../../../shared/account.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing } from '../../http/shapes.ts'
import { requireSameSite } from '../session-routes.ts'
import { askForNewPassword, chooseNewPassword } from './reset.ts'

/** For people who cannot sign in. */
export async function resetRoutes(app: App, context: Context) {
  const tags = ['session']
  const sends_mail = context.config.smtp_url !== undefined

  app.get(
    '/session/ways',
    { schema: { tags, summary: 'How people can sign in here', security: [], response: answers(200, SignInWays) } },
    async () => ({ sends_mail, sign_on: context.config.oidc?.label ?? null, has_passwords: !context.config.oidc?.only }),
  )

  app.post(
    '/password-resets',
    {
      schema: {
        tags,
        summary: 'Ask for a link to choose a new password',
        description: 'Answered the same way, and as late, whether or not somebody has this e-mail.',
        security: [],
        body: PasswordReset,
        response: answers(202, PasswordResetTaken),
      },
    },
    async (request, reply) => {
      requireSameSite(request)
      await askForNewPassword(context, request, request.body.email)
      reply.code(202)
      return { sends_mail }
    },
  )

  app.post(
    '/password-resets/choice',
    {
      schema: {
        tags,
        summary: 'Choose a new password with the token of a link',
        description: 'Once, and within an hour of asking. Every session ends; sign in with the new one.',
        security: [],
        body: PasswordChoice,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      requireSameSite(request)
      await chooseNewPassword(context, request, request.body)
      return reply.code(204).send(null)
    },
  )
}
