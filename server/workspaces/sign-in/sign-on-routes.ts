import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { SignOnRefusal } from '../../../shared/account.ts'
import type { App, Context } from '../../http/routes.ts'
import { seal, secretFor, unseal } from '../../secrets.ts'
import { startSession } from '../sessions.ts'
import { type Begun, openIssuer } from './issuer.ts'
import { userOf } from './sign-on.ts'

const COOKIE = 'throughline_sign_on'
const PATH = '/api/v1/sign-on'
const MINUTES = 10

/** Signing in through an organization's own issuer, where one is configured. Both addresses are for browsers. */
export async function signOnRoutes(app: App, context: Context) {
  const { config, database } = context
  const { oidc, public_url } = config
  if (!oidc) return
  const issuer = openIssuer(oidc)
  const redirect_uri = `${public_url}${PATH}/callback`
  const cookie = { path: PATH, httpOnly: true, sameSite: 'lax', secure: public_url.startsWith('https:') } as const

  app.get(
    '/sign-on',
    { schema: { hide: true, querystring: Type.Object({ next: Type.Optional(Type.String({ maxLength: 2000 })) }) } },
    async (request, reply) => {
      try {
        const { url, begun } = await issuer.begin(redirect_uri)
        const kept = JSON.stringify({ ...begun, next: request.query.next, until: Date.now() + MINUTES * 60_000 })
        reply.setCookie(COOKIE, seal(secretFor(config, 'sign-on'), kept, COOKIE), { ...cookie, maxAge: MINUTES * 60 })
        return reply.redirect(url)
      } catch (error) {
        return sendBack(request, reply, 'failed', error)
      }
    },
  )

  app.get('/sign-on/callback', { schema: { hide: true } }, async (request, reply) => {
    const begun = readCookie(request)
    reply.clearCookie(COOKIE, cookie)
    if (!begun) return sendBack(request, reply, 'late')
    try {
      const query = new URL(request.url, public_url).search
      const identity = await issuer.finish(new URL(redirect_uri + query), begun)
      const refused = await database.system.begin(async sql => {
        const user_id = await userOf(sql, oidc, identity)
        if (typeof user_id !== 'number') return user_id
        await startSession(context, sql, request, reply, user_id, 'oidc')
        return undefined
      })
      if (refused) return sendBack(request, reply, refused as SignOnRefusal)
      // Never to another site.
      const is_ours = begun.next?.startsWith('/w/') || begun.next?.startsWith('/invitation?')
      return reply.redirect(is_ours ? begun.next! : '/')
    } catch (error) {
      return sendBack(request, reply, 'failed', error)
    }
  })

  function readCookie(request: FastifyRequest): (Begun & { next?: string }) | undefined {
    try {
      const kept = JSON.parse(unseal(secretFor(config, 'sign-on'), request.cookies[COOKIE] ?? '', COOKIE))
      return kept.until > Date.now() ? kept : undefined
    } catch {
      return undefined // somebody else's, or none
    }
  }
}

/** To the door, which says it in words. */
function sendBack(request: FastifyRequest, reply: FastifyReply, refused: SignOnRefusal, error?: unknown) {
  if (error) request.log.warn({ err: error, request_id: request.id }, 'a sign-in through the issuer failed')
  return reply.redirect(`/sign-in?refused=${refused}`)
}
