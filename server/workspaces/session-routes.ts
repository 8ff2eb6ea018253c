import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { FirstOwner, Session, SignIn } from '../../shared/workspaces.ts'
import { refuse } from '../errors.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing } from '../http/shapes.ts'
import { becomeOwner } from './first-start.ts'
import { csrfTokenOf, sameText } from './secrets.ts'
import { COOKIE, endSession, readSession, signIn } from './sessions.ts'

export async function sessionRoutes(app: App, context: Context) {
  await app.register(rateLimit, { global: false })
  const tags = ['session']
  // By address against trying a list of accounts, by address and account against guessing one password: only wrong ones count.
  const tries = app.createRateLimit({ max: 60, timeWindow: '1 minute' })
  const guesses = app.createRateLimit({
    max: 10,
    timeWindow: '1 minute',
    keyGenerator: request => `${request.ip} ${emailOf(request)}`,
  })

  app.post(
    '/owner',
    {
      schema: { tags, summary: 'Become the first owner', security: [], body: FirstOwner, response: answers(201, Session) },
    },
    async (request, reply) => {
      requireSameSite(request)
      refuseMany(await tries(request))
      const session = await becomeOwner(context, request, reply, request.body)
      reply.code(201)
      return session
    },
  )

  app.post(
    '/session',
    {
      schema: { tags, summary: 'Sign in', security: [], body: SignIn, response: answers(201, Session) },
    },
    async (request, reply) => {
      requireSameSite(request)
      refuseMany(await tries(request))
      refuseMany(await guesses(request, { increment: false }))
      const session = await signIn(context, request, reply, request.body).catch(async error => {
        await guesses(request)
        throw error
      })
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

function refuseMany(limit: Awaited<ReturnType<ReturnType<App['createRateLimit']>>>) {
  if (!limit.isAllowed && limit.isExceeded) throw refuse('too_many_requests', { retry_after: limit.ttlInSeconds })
}

// There is no session yet whose token could be asked for. Browsers say where a request comes from; other clients say nothing.
function requireSameSite(request: FastifyRequest) {
  if (request.headers['sec-fetch-site'] === 'cross-site') throw refuse('csrf')
}

function emailOf(request: FastifyRequest): string {
  const { email } = request.body as { email: string }
  return email.trim().toLowerCase()
}
