import { setTimeout as later } from 'node:timers/promises'
import cors from '@fastify/cors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import { isAllowed } from '../http/ip-ranges.ts'
import type { App, Context } from '../http/routes.ts'
import { type Address, openAddresses } from './address.ts'
import { replyOf, storedOutcome } from './answer.ts'
import type { Format, Outcome, Raw, Read, Reply } from './formats/format.ts'
import type { Intake } from './intake.ts'
import { asMeetings, formatOf, readWith } from './read.ts'
import { openSenders, type Sender } from './sender.ts'

const FOR_MEETINGS = '/:webhook_id/appointments'
const MOST_BYTES = 1024 * 1024
/** A sender that waits longer is told that its lead is stored, which is true; it is made meanwhile. */
const PATIENCE_MS = 8000

/** Where leads come in. What is answered 2xx or 422 is stored, before anybody looked at it. */
export async function receiveRoutes(app: App, context: Context, intake: Intake) {
  const addressOf = openAddresses(context)
  const senderOf = openSenders(context.database)

  const receiving = async (app: App) => {
    // A page may post its form by itself; it gets no cookie of ours along. Below /intake alone, as in events/collect.ts.
    await app.register(cors, { origin: true, maxAge: 86_400, exposedHeaders: ['Retry-After'], strictPreflight: false })
    // The header does not say what the body is, and signatures are of its bytes.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const routed = { method: ['GET', 'POST'], bodyLimit: MOST_BYTES, handler: receive }
    app.route({ ...routed, url: '/:webhook_id', schema: DESCRIPTION })
    app.route({ ...routed, url: FOR_MEETINGS, schema: DESCRIPTION_OF_MEETINGS })
  }
  await app.register(receiving, { prefix: '/intake' })

  async function receive(request: FastifyRequest, reply: FastifyReply) {
    const { webhook_id } = request.params as { webhook_id: string }
    const address = webhook_id.length > 100 ? undefined : await addressOf.get(webhook_id)
    if (!address) throw refuse('not_found', { message: 'No webhook has this address. Copy it again from its page.' })
    const raw = rawOf(request)
    if (!isAllowed(raw.ip, address.allowed_ips)) {
      throw refuse('forbidden', { message: `This webhook takes nothing from ${raw.ip}. Add the address in its settings.` })
    }
    const sender = await senderOf(address, raw)
    const format = formatOf(address.format, raw)
    const hello = format.handshake?.(raw, address.secrets)
    if (hello) return send(reply, hello)
    if (isEmpty(raw)) return send(reply, NOTHING_CAME)
    requireSignature(format, raw, address)
    const is_meeting = request.routeOptions.url?.endsWith(FOR_MEETINGS) ?? false
    const { outcome, is_replayed } = await takeIn(address, sender, format, raw, is_meeting)
    if (is_replayed) reply.header('idempotency-replayed', 'true')
    return send(reply, replyOf(format, { ...outcome, redirect_url: address.redirect_url }, raw))
  }

  async function takeIn(address: Address, sender: Sender | null, format: Format, raw: Raw, is_meeting: boolean) {
    const read = is_meeting ? asMeetings(readWith(format, raw)) : readWith(format, raw)
    const { workspace_id, id: webhook_id } = address
    const key = keyOf(raw, read)
    const provider_id = sender?.provider_id ?? null
    const received_at = Date.now()
    const stored = await intake.store({
      workspace_id,
      webhook_id,
      provider_id,
      rate_limit: sender?.rate_limit ?? null,
      received_at,
      method: raw.method,
      content_type: raw.content_type,
      headers: withoutCredentials(raw.headers),
      ip: raw.ip,
      query: raw.query.size === 0 ? null : raw.query.toString(),
      body: raw.body,
      format: format.name,
      ...key,
      is_meeting,
      parts: read.ok ? Math.max(1, read.items.length) : 1,
      is_test: address.test_mode || (read.ok && read.items.length > 0 && read.items.every(item => item.is_test)),
    })
    if (stored.kind === 'limited') throw refuse('too_many_requests', { retry_after: stored.retry_after })
    if (stored.kind === 'unstorable') throw refuse('invalid_request', { message: 'The database could not store this request.' })
    if (stored.kind === 'known' && !stored.is_same) throw refuse('idempotency_mismatch')
    const is_replayed = stored.kind === 'known'
    if (stored.kind === 'known' && stored.is_done) return { outcome: stored.answered ?? storedOutcome(stored.id), is_replayed }
    const waiting = { workspace_id, webhook_id, id: stored.id, provider_id, received_at, format: format.name, is_meeting, read }
    const made = intake.process(waiting)
    // It is stored: whatever stops us now, the sweep takes it up (sweep.ts), so its sender must not send it again.
    const safe = made.catch(error => {
      app.log.warn({ err: error, delivery_id: stored.id }, 'a delivery is stored and could not be processed yet')
      return storedOutcome(stored.id)
    })
    const waits = address.answer === 'sync' || !address.active
    return { outcome: waits ? await patiently(safe, stored.id) : storedOutcome(stored.id), is_replayed }
  }
}

async function patiently(made: Promise<Outcome>, delivery_id: number): Promise<Outcome> {
  const impatience = new AbortController()
  const late = later(PATIENCE_MS, storedOutcome(delivery_id), { signal: impatience.signal, ref: false }).catch(() =>
    storedOutcome(delivery_id),
  )
  try {
    return await Promise.race([made, late])
  } finally {
    impatience.abort()
  }
}

function rawOf(request: FastifyRequest): Raw {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const url = request.raw.url ?? ''
  const at = url.indexOf('?')
  return {
    method: request.method,
    headers,
    query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    content_type: (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase(),
    ip: request.ip,
  }
}

/** A look at the address, by a person or a monitor. HEAD must change nothing, whatever stands behind the question mark. */
function isEmpty({ method, body, query }: Raw) {
  return method === 'HEAD' || (body.length === 0 && query.size === 0)
}

const NOTHING_CAME: Reply = {
  status: 200,
  body: {
    outcome: 'failure',
    reason: 'empty',
    message: 'This address is right. Send leads to it with POST, as JSON or as a form.',
  },
}

function requireSignature(format: Format, raw: Raw, { secrets, require_signature }: Address) {
  const verdict = format.verify(raw, secrets)
  if ('unsigned' in verdict) {
    if (require_signature) throw refuse('wrong_signature', { message: 'This webhook takes only what is signed.' })
  } else if (!verdict.ok) throw refuse('wrong_signature', { message: verdict.reason })
}

/** The sender's own id of a single lead, or the key of the request. The ids of several are looked at one by one (facts.ts). */
function keyOf({ headers }: Raw, read: Read): { delivery_key: string | null; is_promised: boolean } {
  const promised = headers['idempotency-key']
  if (promised !== undefined && (promised.length === 0 || promised.length > 255)) {
    throw refuse('invalid_request', { fields: { 'idempotency-key': 'must have 1 to 255 characters' } })
  }
  if (promised !== undefined) return { delivery_key: `request ${promised}`, is_promised: true }
  const only = read.ok && read.items.length === 1 ? read.items[0]! : undefined
  const own = only && !only.is_test ? only.delivery_key : null
  return { delivery_key: own === null ? null : `lead ${own.slice(0, 500)}`, is_promised: false }
}

const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key'])
const MOST_HEADERS = 60

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !CREDENTIALS.has(name))
  return Object.fromEntries(kept.slice(0, MOST_HEADERS).map(([name, value]) => [name, value.slice(0, 1000)]))
}

function send(reply: FastifyReply, { status, headers = {}, body }: Reply) {
  reply.code(status).headers(headers)
  if (body === null) return reply.send()
  if (typeof body === 'string')
    return reply.header('content-type', headers['content-type'] ?? 'text/plain; charset=utf-8').send(body)
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}

const DESCRIPTION = {
  tags: ['intake'],
  summary: 'Send a lead',
  description:
    'JSON, a form, or the format that the webhook is set to. A provider names itself in the header `lead_source_provider_id` and sends its ' +
    'key as Bearer or `x-api-key`. 201 means that the lead was made; 200 with `outcome: "failure"` says in `reason` why it was not ' +
    '(`duplicate`, `cap_hour`, `cap_day`, `cap_month`, `filtered`, `inactive`) and that it should not be sent again; 202 means that it is ' +
    'stored. With an `Idempotency-Key`, or an id of the sender that the format knows, a repeated request is answered as the first one.',
  security: [],
}

const DESCRIPTION_OF_MEETINGS = {
  ...DESCRIPTION,
  summary: 'Send an appointment',
  description:
    'As a lead, with a time: `scheduled_at` with its offset, or `date` and `time` as a clock shows them in `time_zone` (without one, the ' +
    "workspace's). It makes an appointment of the person's open lead from this webhook, or of a new one, and the routing rules say whose it " +
    'is. The same `external_id` again with another time moves it; `status: "cancelled"` cancels it. 201 carries `appointment_id`.',
}
