import { FirstCode, PasswordAndCode, PasswordGiven, RecoveryCodes, TotpSetUp } from '../../../shared/account.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing } from '../../http/shapes.ts'
import { authorizeUser } from '../authenticate.ts'
import { giveRecoveryCodes } from './recovery-codes.ts'
import { confirmTotp, proveBoth, setUpTotp, switchTotpOff } from './totp.ts'

/** The second step of whoever is signed in. */
export async function totpRoutes(app: App, context: Context) {
  const tags = ['account']

  app.post(
    '/account/totp',
    {
      schema: {
        tags,
        summary: 'Set up a second step',
        description: 'Answers the secret for an authenticator app. It is asked for from the first code on.',
        body: PasswordGiven,
        response: answers(200, TotpSetUp),
      },
    },
    async request => {
      const { user_id } = await authorizeUser(context, request)
      return setUpTotp(context, request, user_id, request.body.password)
    },
  )

  app.post(
    '/account/totp/confirmation',
    {
      schema: {
        tags,
        summary: 'Switch the second step on, with its first code',
        description: 'Answers ten recovery codes, shown this once. Every other session of yours ends.',
        body: FirstCode,
        response: answers(200, RecoveryCodes),
      },
    },
    async request => confirmTotp(context, request, await authorizeUser(context, request), request.body.code),
  )

  app.post(
    '/account/totp/removal',
    {
      schema: { tags, summary: 'Switch the second step off', body: PasswordAndCode, response: answers(204, Nothing) },
    },
    async (request, reply) => {
      const { user_id, name } = await authorizeUser(context, request)
      const actor = { kind: 'user', id: user_id, name }
      await proveBoth(context, request, user_id, request.body, sql => switchTotpOff(sql, user_id, actor))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/account/recovery-codes',
    {
      schema: {
        tags,
        summary: 'Make ten new recovery codes',
        description: 'Those from before are worth nothing any more.',
        body: PasswordAndCode,
        response: answers(200, RecoveryCodes),
      },
    },
    async request => {
      const { user_id } = await authorizeUser(context, request)
      return proveBoth(context, request, user_id, request.body, async sql => ({
        recovery_codes: await giveRecoveryCodes(sql, user_id),
      }))
    },
  )
}
