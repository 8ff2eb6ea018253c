import cors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import { readLink } from '../contacts/email-link.ts'
import { refuse } from '../errors.ts'
import type { App, Context } from '../http/routes.ts'
import { openWays } from '../lifecycle/funnels/ways.ts'
import { secretFor } from '../secrets.ts'
import { authenticateKey, type KnownKey } from '../workspaces/key-cache.ts'
import { spend } from '../workspaces/spend.ts'
import { confirmRoute } from './confirmation/follow.ts'
import { cookielessIds } from './cookieless.ts'
import { decode } from './decode.ts'
import { followLinkRoute } from './follow-link.ts'
import { createRecorder } from './gather.ts'
import { EVENT_REFUSALS, type Incoming, type Refused } from './incoming.ts'
import { placeInFunnel } from './place-in-funnel.ts'
import type { RefusedEvent } from './record.ts'
import { registerRoutes } from './register.ts'
import { readSegment, type Sender } from './segment.ts'

const BATCH_BYTES = 500 * 1024
const IMPORT_BYTES = 5 * 1024 * 1024
const MOST_EVENTS = 2500

/** Short forms are what Segment's browser library sends. */
const SINGLE = { t: 'track', i: 'identify', a: 'alias', p: 'page', s: 'screen', g: 'group' }

/** Where events come in: Segment's HTTP API. Answered after the commit, never before. */
export async function collectRoutes(app: App, context: Context) {
  const recorder = createRecorder(context.database, context.timings)
  const cookieless = cookielessIds(context.database)
  const placeOf = context.placeOf!
  const waysOf = openWays(context.database)
  const link_secret = secretFor(context.config, 'email links')
  app.addHook('onClose', () => recorder.stop())

  const sending = async (app: App) => {
    // Below /v1 alone: pages of other sites may send events, and may not even ask whether they could do anything else.
    await app.register(cors, {
      origin: true,
      credentials: true,
      maxAge: 86_400,
      exposedHeaders: ['Retry-After'],
      strictPreflight: false,
    })
    // The header does not say what the body is (clients send JSON as text/plain, gzip as a form), so the bytes are read as they are.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    for (const [short, type] of Object.entries(SINGLE)) {
      for (const path of [`/${type}`, `/${short}`]) {
        app.post(path, { bodyLimit: BATCH_BYTES, schema: describe(type) }, request => collect(request, type, BATCH_BYTES))
      }
    }
    for (const path of ['/batch', '/b']) {
      app.post(path, { bodyLimit: BATCH_BYTES, schema: describe('batch') }, request => collect(request, undefined, BATCH_BYTES))
    }
    app.post('/import', { bodyLimit: IMPORT_BYTES, schema: describe('import') }, request =>
      collect(request, undefined, IMPORT_BYTES),
    )
    app.get('/projects/:write_key/settings', { schema: { hide: true } }, request => settings(context, request))
  }
  await app.register(sending, { prefix: '/v1' })
  confirmRoute(app, context, recorder)
  followLinkRoute(app, context, recorder, link_secret)
  await registerRoutes(app, context, {
    recorder,
    waysOf,
    senderOf: async (request, key, received_at) => {
      await cookieless.prepare(received_at)
      return { ...senderOf(request, NOTHING, key, received_at, false), from_browser: true }
    },
  })

  async function collect(request: FastifyRequest, type: string | undefined, limit: number) {
    const body = decode(request.body instanceof Buffer ? request.body : Buffer.alloc(0), limit)
    if (!isBag(body)) throw refuse('unreadable_body', { message: 'The body must be a JSON object.' })
    const key = await authenticateKey(context, keyOf(request, body), request.ip)
    if (!key || (key.kind === 'secret' && !key.scopes.includes('ingest'))) throw refuse('unknown_key')
    if (key.rate_limit !== null) await spend(context.database, request, key, key.rate_limit)
    const items = type === undefined ? body.batch : [body]
    if (!Array.isArray(items))
      throw refuse('invalid_request', {
        message: 'Send the events as an array in `batch`.',
        fields: { batch: 'must be an array' },
      })
    if (items.length > MOST_EVENTS) throw refuse('too_large', { message: `A batch may have ${MOST_EVENTS} events.` })
    const received_at = Date.now()
    await cookieless.prepare(received_at)
    const sender = senderOf(request, body, key, received_at, type === undefined)

    const ways = await waysOf.get(String(key.workspace_id))
    const events: Incoming[] = []
    const places: number[] = []
    const refused: (Refused & { index: number })[] = []
    items.forEach((item, index) => {
      const event = readSegment(item, type, sender)
      if ('code' in event) refused.push({ ...event, index })
      else for (const one of placeInFunnel(event, ways)) places.push(events.push(one) && index)
    })
    const { workspace_id, key_id } = key
    const stored: RefusedEvent[] = refused.map(({ index, ...event }) => ({ ...event, workspace_id, key_id, received_at }))
    const not_stored = await recorder.submit(events, stored)
    events.forEach((event, at) => {
      const reason = not_stored.get(event)
      if (reason) refused.push({ ...reason, index: places[at]! })
    })
    if (refused.length === 0) return SUCCESS
    const rejected = refused.map(({ index, code, message }) => ({ index, code, message })).sort((a, b) => a.index - b.index)
    if (type !== undefined) throw refuseSingle(rejected[0]!)
    return { success: true, rejected }
  }

  function senderOf(
    request: FastifyRequest,
    body: Bag,
    key: Pick<KnownKey, 'workspace_id' | 'key_id'>,
    received_at: number,
    is_batch: boolean,
  ): Sender {
    const { headers } = request
    const user_agent = headers['user-agent']?.slice(0, 1000) ?? null
    return {
      workspace_id: key.workspace_id,
      key_id: key.key_id,
      received_at,
      sent_at: readSentAt(body.sentAt, received_at),
      ip: request.ip,
      user_agent,
      // Node's own fetch says `sec-fetch-mode` too, but never from which site.
      from_browser: headers.origin !== undefined || headers.referer !== undefined || headers['sec-fetch-site'] !== undefined,
      headers,
      placeOf,
      cookielessId: (ip, agent) => cookieless.idOf(key.workspace_id, ip, agent),
      contactOfLink: token => {
        const link = readLink(link_secret, token, received_at)
        return link?.workspace_id === key.workspace_id ? link.contact_id : null
      },
      shared_context: is_batch && isBag(body.context) ? body.context : NOTHING,
    }
  }
}

type Bag = Record<string, unknown>
const SUCCESS = { success: true }
const NOTHING: Bag = {}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A single event that is refused is the request's own fault; in a batch it never fails its neighbours. */
function refuseSingle({ code, message }: { code: keyof typeof EVENT_REFUSALS; message: string }) {
  return refuse(code === 'event_too_large' ? 'too_large' : 'invalid_event', {
    message: `${message} (${code})`,
    fields: { event: code },
  })
}

/** Basic user name (the colon may be missing in old clients), Bearer, or `writeKey` in the body. */
function keyOf(request: FastifyRequest, body: Bag): string {
  const [scheme, credentials] = (request.headers.authorization ?? '').split(' ', 2)
  if (scheme?.toLowerCase() === 'basic' && credentials) return Buffer.from(credentials, 'base64').toString().split(':', 1)[0]!
  if (typeof body.writeKey === 'string') return body.writeKey
  return scheme?.toLowerCase() === 'bearer' && credentials ? credentials : ''
}

/** A clock that is wrong by more than ten years is no clock; its events keep the times they say. */
function readSentAt(given: unknown, received_at: number): number | null {
  const sent_at = typeof given === 'string' || typeof given === 'number' ? new Date(given).getTime() : Number.NaN
  return Math.abs(received_at - sent_at) < 10 * 365 * 86_400_000 ? sent_at : null
}

/** What Segment's browser library asks for before it sends anything. */
async function settings(context: Context, request: FastifyRequest) {
  const { write_key } = request.params as { write_key: string }
  if (!(await authenticateKey(context, write_key, request.ip))) throw refuse('unknown_key')
  return {
    integrations: {
      'Segment.io': {
        apiKey: write_key,
        apiHost: `${request.host}/v1`,
        protocol: request.protocol,
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  }
}

function describe(type: string) {
  return {
    tags: ['collect'],
    summary: type === 'batch' || type === 'import' ? 'Events of any type, in `batch`' : `One ${type} event`,
    description:
      "Segment's HTTP API. The key is the Basic user name, a Bearer token or `writeKey` in the body. 200 means committed; events of a batch " +
      `that were not stored are listed in \`rejected\` with one of the codes ${Object.keys(EVENT_REFUSALS).join(', ')}.`,
    response: {
      200: {
        type: 'object',
        properties: {
          success: { type: 'boolean' },
          rejected: {
            type: 'array',
            items: {
              type: 'object',
              properties: { index: { type: 'integer' }, code: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  }
}
