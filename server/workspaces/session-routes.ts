import type { FastifyRequest } from 'fastify'
import { SecondStep, SecondStepCode } from '../../shared/account.ts'
import { FirstOwner, Session, SignIn } from '../../shared/workspaces.ts'
import { refuse } from '../errors.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing } from '../http/shapes.ts'
import { becomeOwner } from './first-start.ts'
import { csrfTokenOf, sameText } from './secrets.ts'
import { COOKIE, endSession, readSession } from './sessions.ts'
import { signIn, takeSecondStep } from './sign-in/sign-in.ts'
import { attempt, limitOfAddress } from './sign-in/tries.ts'

export async function sessionRoutes(app: App, context: Context) {
  const tags = ['session']

  app.post(
    '/owner',
    {
      schema: { tags, summary: 'Become the first owner', security: [], body: FirstOwner, response: answers(201, Session) },
    },
    async (request, reply) => {
      requireSameSite(request)
      const session = await attempt(context, request, [limitOfAddress(request)], () =>
        becomeOwner(context, request, reply, request.body),
      )
      reply.code(201)
      return session
    },
  )

  app.post(
    '/session',
    {
      schema: {
        tags,
        summary: 'Sign in',
        description: 'Answers 202 when a code is asked for as a second step: send it to `/session/code`.',
        security: [],
        body: SignIn,
        response: { ...answers(201, Session), 202: SecondStep },
      },
    },
    async (request, reply) => {
      requireSameSite(request)
      const answer = await signIn(context, request, reply, request.body)
      reply.code('second_step' in answer ? 202 : 201)
      return answer
    },
  )

  app.post(
    '/session/code',
    {
      schema: {
        tags,
        summary: 'Sign in, the second step',
        description: 'A code of the authenticator app or a recovery code. Each counts once.',
        security: [],
        body: SecondStepCode,
        response: answers(201, Session),
      },
    },
    async (request, reply) => {
      requireSameSite(request)
      const session = await takeSecondStep(context, request, reply, request.body)
      reply.code(201)
      return session
    },
  )

  app.get('/session', { schema: { tags, summary: 'Who is signed in', response: answers(200, Session) } }, async request => {
    const session = await readSession(context, request)
    if (!session) throw refuse('not_signed_in')
    return session
  })

  app.delete('/session', { schema: { tags, summary: 'Sign out', response: answers(204, Nothing) } }, async (request, reply) => {
    const token = request.cookies[COOKIE]
    const given = request.headers['x-csrf-token']
    if (token !== undefined && (typeof given !== 'string' || !sameText(given, csrfTokenOf(token)))) throw refuse('csrf')
    await endSession(context, request, reply)
    return reply.code(204).send(null)
  })
}

// There is no session yet whose token could be asked for. Browsers say where a request comes from; other clients say nothing.
export function requireSameSite(request: FastifyRequest) {
  if (request.headers['sec-fetch-site'] === 'cross-site') throw refuse('csrf')
}
