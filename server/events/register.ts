import { createHash, randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mayLeadTo } from '../contacts/email-link.ts'
import { normalizeEmail } from '../contacts/normalize.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { answerError, refusalOf } from '../http/refusals.ts'
import type { App, Context } from '../http/routes.ts'
import type { Ways } from '../lifecycle/funnels/ways.ts'
import { authenticateKey, type KnownKey } from '../workspaces/key-cache.ts'
import { spend } from '../workspaces/spend.ts'
import type { Recorder } from './gather.ts'
import { placeInFunnel } from './place-in-funnel.ts'
import { type Form, readForm } from './read-form.ts'
import { readMultipart } from './read-multipart.ts'
import { sayOnPage } from './say-on-page.ts'
import { readSegment, type Sender } from './segment.ts'
import { readTraits } from './traits.ts'

const MOST_BYTES = 64 * 1024
/** The same form of the same browser within this time is a double click, and counts once. */
const DOUBLE_CLICK_MS = 10_000

type Collecting = {
  recorder: Recorder
  waysOf: { get(workspace: string): Promise<Ways | undefined> }
  senderOf: (request: FastifyRequest, key: KnownKey, received_at: number) => Promise<Sender>
}

/**
 * `POST /f/{write_key}`: a registration by a plain HTML form, without a script. It becomes the event `registration` as any other, and
 * whoever sent it is led on, or reads that it worked. Answers are pages, also when something is wrong.
 */
export async function registerRoutes(app: App, context: Context, { recorder, waysOf, senderOf }: Collecting) {
  await app.register(async (app: App) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async (_: FastifyRequest, body: string) => new URLSearchParams(body),
    )
    app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer) =>
      readMultipart(body, request.headers['content-type']!),
    )
    app.setErrorHandler((error, request, reply) => {
      if (!request.headers.accept?.includes('text/html')) return answerError(error, request, reply)
      const { status, message, code, retry_after } = refusalOf(error, request)
      if (code === 'internal') request.log.error({ err: error, request_id: request.id }, 'a form could not be taken in')
      if (retry_after !== undefined) reply.header('retry-after', retry_after)
      return sayOnPage(reply, status, { title: 'That did not work', sentence: MESSAGES[code] ?? message, back: true })
    })
    app.post('/f/:write_key', { bodyLimit: MOST_BYTES, schema: DESCRIPTION }, register)
  })

  async function register(request: FastifyRequest, reply: FastifyReply) {
    const { write_key } = request.params as { write_key: string }
    const key = await authenticateKey(context, write_key, request.ip)
    if (key?.kind !== 'write') throw refuse('unknown_key')
    if (key.rate_limit !== null) await spend(context.database, request, key, key.rate_limit)
    const { workspace_id } = key
    const form = readForm((request.body as URLSearchParams | null) ?? new URLSearchParams(), request.headers)
    const ways = await waysOf.get(String(workspace_id))
    const next = await whereNext(workspace_id, form.redirect, ways)
    // A robot filled in what nobody sees: it is told what everybody is told.
    if (form.is_trap) return thank(reply, form, next)
    if (normalizeEmail(String(readTraits(form.properties, false)?.email ?? '')) === undefined)
      throw refuse('invalid_fields', { message: 'Please go back and type your e-mail address, such as maya@example.com.' })

    const received_at = Date.now()
    const sender = await senderOf(request, key, received_at)
    const event = readSegment(messageOf(form, sender), 'track', sender)
    if ('code' in event) throw refuse('invalid_event', { message: event.message })
    const events = placeInFunnel({ ...event, is_asked: true }, ways)
    const not_stored = await recorder.submit(events, [])
    if (not_stored.has(events[0]!)) throw refuse('invalid_event', { message: 'Something in this form cannot be stored.' })
    return thank(reply, form, next)
  }

  /** An address that the workspace allows for its links, or on the host of a page of its funnels: never anywhere else. */
  async function whereNext(workspace_id: number, redirect: string | null, ways: Ways | undefined) {
    if (redirect === null) return null
    const [row] = await inWorkspace(
      context.database,
      workspace_id,
      sql => sql<{ allowed_hosts: string[] }[]>`select allowed_hosts from workspaces where id = ${workspace_id}`,
    )
    const hosts = (ways?.pages ?? []).map(({ url }) => (url ?? '').split('/', 1)[0]!).filter(host => !host.includes('*'))
    return mayLeadTo(redirect, [...row!.allowed_hosts, ...hosts], context.config.public_url) ? redirect : null
  }
}

function thank(reply: FastifyReply, { redirect }: Form, next: string | null) {
  if (next !== null) return reply.redirect(next, 303)
  const hint =
    redirect === null
      ? undefined
      : 'For whoever made the form: it wants to lead on to a host that is not allowed. Add the host in Settings, Allowed hosts.'
  return sayOnPage(reply, 200, { title: 'You are registered', sentence: 'Thank you. It has arrived.', hint })
}

function messageOf(form: Form, { ip, user_agent, received_at }: Sender) {
  const same = [form.distinct_id, ip, user_agent, Math.floor(received_at / DOUBLE_CLICK_MS), JSON.stringify(form.properties)]
  const { page_url, referrer } = form
  return {
    event: 'registration',
    anonymousId: form.distinct_id ?? randomUUID(),
    messageId: `form ${createHash('sha256').update(JSON.stringify(same)).digest('hex')}`,
    properties: form.properties,
    context: { page: { ...(page_url && { url: page_url }), ...(referrer && { referrer }) } },
  }
}

/** Whoever fills in a form cannot do anything about keys and content types. */
const MESSAGES: Partial<Record<string, string>> = {
  unknown_key: 'This form is not connected (any more). For whoever made it: copy its address again from Funnels.',
  unsupported_media_type:
    'This form cannot be read. For whoever made it: leave out its `enctype`, or make it `multipart/form-data`; `text/plain` cannot be told apart.',
  too_large: 'This is too much text for a registration. Please go back and write less.',
  internal: 'Something broke on our side. Please go back and send it again in a minute.',
  unavailable: 'We cannot take it in at this moment. Please go back and send it again in a minute.',
  overloaded: 'We cannot take it in at this moment. Please go back and send it again in a minute.',
}

const DESCRIPTION = {
  tags: ['collect'],
  summary: 'A registration by a plain HTML form',
  description:
    'For `<form method="post" action="https://host/f/{write_key}">`, without a script. `email` must be there; `first_name`, `last_name`, ' +
    '`phone`, `utm_*`, `referral_code` (or `ref`), `funnel_id`, `page_id` and fields of your own become properties of the event ' +
    '`registration`. `distinct_id` is the visitor of the tracker, which fills in a hidden field of that name. `redirect` is where the browser ' +
    'goes next (303): an allowed host of the workspace, or the host of a page of its funnels. A field `_gotcha` that is not empty was filled ' +
    'in by a robot: nothing is stored. Files are refused. Browsers are answered with pages, also when something is wrong.',
  consumes: ['application/x-www-form-urlencoded', 'multipart/form-data'],
  security: [],
}
