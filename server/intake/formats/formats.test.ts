import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IntakeWebhook, IntakeWebhookCreate } from '../../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { basic, batch, bob, page } from '../../../test/people.ts'
import { type Answered, deskOf } from '../desk.fixture.ts'
import { FORMATS } from './list.ts'
import { hmac } from './signature.ts'

const SECRET = 'the secret of both sides'
let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  desk = deskOf(fresh)
  fresh.work()
})

const JSON_TYPE = { 'content-type': 'application/json' }

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8').trim()
}

/** Each sender as it is set up here, a body as it sends it, and how it signs it. */
const SENDERS: {
  format: NonNullable<IntakeWebhookCreate['format']>
  body: string
  secrets?: Record<string, string>
  sign?: (body: string) => Record<string, string>
  lead: Record<string, unknown>
}[] = [
  {
    format: 'google_ads',
    body: fixture('google-ads.json'),
    secrets: { google_key: 'open sesame' },
    lead: {
      email: 'sally.google@example.com',
      phone: '+12025550131',
      first_name: 'Sally',
      last_name: 'Susa',
      zip_code: '02134',
      campaign_id: '9007199254740993',
    },
  },
  {
    format: 'tiktok',
    body: fixture('tiktok.json'),
    secrets: { app_secret: SECRET },
    sign: body => ({
      'x-open-signature': hmac(
        SECRET,
        body.replace(/[^\0-\x7f]/g, one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
        'hex',
      ),
    }),
    lead: { phone: '+12025550133', external_id: '7012345678901234567', campaign_id: '1700000000000000001' },
  },
  {
    format: 'typeform',
    body: fixture('typeform.json'),
    secrets: { secret: SECRET },
    sign: body => ({ 'typeform-signature': `sha256=${hmac(SECRET, body, 'base64')}` }),
    lead: {
      email: 'bob.typeform@example.com',
      phone: '+12025550135',
      first_name: 'Bob',
      utm_source: 'newsletter',
      distinct_id: 'anonymous-bob-laptop',
    },
  },
  {
    format: 'calendly',
    body: fixture('calendly.json'),
    secrets: { signing_key: SECRET },
    sign: body => {
      const t = Math.floor(Date.now() / 1000)
      return { 'calendly-webhook-signature': `t=${t},v1=${hmac(SECRET, `${t}.${body}`, 'hex')}` }
    },
    lead: {
      email: 'mei.calendly@example.com',
      phone: '+886912345678',
      utm_campaign: 'spring',
      first_name: 'Mei',
      last_name: 'Chen',
    },
  },
  {
    format: 'cal_com',
    body: fixture('cal-com.json'),
    secrets: { secret: SECRET },
    sign: body => ({ 'x-cal-signature-256': hmac(SECRET, body, 'hex') }),
    lead: { email: 'jane.cal@example.com', phone: '+12025550136', first_name: 'Jane', last_name: 'Roe' },
  },
  {
    format: 'zapier',
    body: fixture('zapier.json'),
    secrets: { token: SECRET },
    sign: () => ({ 'x-webhook-token': SECRET }),
    lead: { email: 'sally.zapier@example.com', phone: '+12025550137', first_name: 'Sally', utm_source: 'podcast' },
  },
]

describe.each(SENDERS)('$format', ({ format, body, secrets = {}, sign = () => ({}), lead }) => {
  let to: IntakeWebhook
  beforeAll(async () => {
    to = await desk.make({ format, secrets, name: format })
  })
  const send = (text: string, headers: Record<string, string>) => desk.send(to, text, { ...JSON_TYPE, ...headers })

  test('makes a lead of what it sends, and none of the same again', async () => {
    const first = await send(body, sign(body))
    expect(first.statusCode, first.body).toBe(201)
    const { lead_id, delivery_id } = first.json<Answered>()
    expect(await desk.lead(lead_id)).toMatchObject(lead)
    expect(await desk.delivery(delivery_id)).toMatchObject({ format, state: 'accepted' })
    const repeated = await send(body, sign(body))
    if (format !== 'zapier') expect(repeated.json<Answered>().lead_id).toBe(lead_id) // Zapier sends no id of its own
  })

  test('is recognised by itself', async () => {
    const auto = await desk.make({ format: 'auto', name: `auto ${format}` })
    const agent = format === 'zapier' ? { 'user-agent': 'Zapier' } : {}
    const answer = await desk.send(auto, body, { ...JSON_TYPE, ...sign(body), ...agent })
    const { delivery_id } = answer.json<Answered>()
    expect(await desk.delivery(delivery_id)).toMatchObject({ format })
  })

  test('is refused when its signature is wrong, of another webhook, or missing', async () => {
    const changed = body.replace('open sesame', 'open barley')
    const cases =
      format === 'google_ads'
        ? [
            { text: changed, headers: {} },
            { text: body.replace('"google_key":"open sesame",', ''), headers: {} },
          ]
        : [
            { text: body.replace('example.com', 'example.org'), headers: sign(body) },
            { text: body, headers: {} },
            ...Object.keys(sign(body)).flatMap(name =>
              ['', 'sha256=', 'x', 'é'.repeat(300), 't=1,v1=00'].map(value => ({ text: body, headers: { [name]: value } })),
            ),
          ]
    for (const { text, headers } of format === 'zapier' ? cases.slice(1) : cases) {
      const answer = await send(text, headers)
      expect(answer.statusCode, JSON.stringify(headers)).toBe(401)
      expect(answer.json<{ error: { code: string } }>().error.code).toBe('wrong_signature')
    }
  })
})

test("a trial of Google's is stored and counts for nothing", async () => {
  const to = await desk.make({ format: 'google_ads', secrets: { google_key: 'open sesame' } })
  const answer = await desk.send(
    to,
    fixture('google-ads.json').replace('{', '{"is_test":true,').replace('sally.google', 'trial'),
    JSON_TYPE,
  )
  expect(await desk.lead(answer.json<Answered>().lead_id)).toMatchObject({ is_test: true })
})

test("a question of one's own keeps the words that the person read, and large ids every digit", async () => {
  const to = await desk.make({ format: 'google_ads', secrets: { google_key: 'open sesame' } })
  const { lead_id } = (await desk.send(to, fixture('google-ads.json').replace('LONG', 'OTHER'), JSON_TYPE)).json<Answered>()
  const { fields } = await desk.lead(lead_id)
  expect(fields).toMatchObject({
    'How soon do you want to start?': 'This month',
    form_id: '4000000000123456789',
    gclid: 'EAIaIQobChMI-click',
  })
  expect(JSON.stringify(fields)).not.toContain('sesame')
})

test('a signature of Calendly is worth nothing after three minutes', async () => {
  const to = await desk.make({ format: 'calendly', secrets: { signing_key: SECRET } })
  const body = fixture('calendly.json')
  const t = Math.floor(Date.now() / 1000) - 181
  const headers = { 'calendly-webhook-signature': `t=${t},v1=${hmac(SECRET, `${t}.${body}`, 'hex')}` }
  expect((await desk.send(to, body, { ...JSON_TYPE, ...headers })).statusCode).toBe(401)
})

test('an answer that carries the distinct_id of a visitor joins their history', async () => {
  const visit = {
    method: 'POST',
    url: '/v1/batch',
    headers: basic(fresh.write_key),
    payload: batch(page('Home', { anonymousId: 'visitor-of-a-form' })),
  } as const
  await fresh.app.inject(visit)
  const to = await desk.make({ format: 'typeform' })
  const body = fixture('typeform.json')
    .replace(bob.laptop, 'visitor-of-a-form')
    .replace('a3a12ec', 'b4b12ec')
    .replaceAll('bob.typeform', 'visitor.typeform')
    .replace('0135', '0145')
  const { contact_id } = (await desk.send(to, body, JSON_TYPE)).json<Answered>()
  const visitors = (await desk.ask('GET', `/contacts/${contact_id}/visitors`)).json<{ data: { distinct_id: string }[] }>()
  expect(visitors.data.map(visitor => visitor.distinct_id)).toContain('visitor-of-a-form')
})

describe('what is no lead', () => {
  test.each([
    ['typeform', fixture('typeform.json').replace('"form_response",', '"form_response_partial",')],
    ['calendly', fixture('calendly.json').replace('invitee.created', 'invitee.canceled')],
    ['cal_com', fixture('cal-com.json').replace('BOOKING_CREATED', 'BOOKING_CANCELLED')],
    ['tiktok', fixture('tiktok.json').replace('"object":1', '"object":2')],
    ['meta', '{"object":"page","entry":[{"changes":[{"field":"feed","value":{}}]}]}'],
    ['linkedin', fixture('linkedin.json').replace('CREATED', 'DELETED')],
  ] as const)('of %s is answered as stored and makes none', async (format, body) => {
    const to = await desk.make({ format })
    const answer = await desk.send(to, body, JSON_TYPE)
    expect(answer.statusCode).toBe(200)
    expect(await desk.delivery(answer.json<Answered>().delivery_id)).toMatchObject({ state: 'ignored', lead_id: null })
  })
})

describe('senders that give ids only', () => {
  let graph: Server
  let asked: { url: string; authorization: string | undefined }[] = []
  let failures = 0
  let base = ''
  beforeAll(async () => {
    graph = createServer((request, response) => {
      asked.push({ url: request.url!, authorization: request.headers.authorization })
      const json = (status: number, body: string) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
      if (failures-- > 0) return json(400, '{"error":{"code":4,"message":"Application request limit reached"}}')
      if (request.url!.startsWith('/900/leads')) {
        const is_second = request.url!.includes('after=second')
        const paging = is_second ? {} : { paging: { next: 'https://elsewhere.example.com/', cursors: { after: 'second' } } }
        const data = is_second ? [{ id: '502' }] : [{ id: '501' }, { id: '500' }]
        return json(200, JSON.stringify({ data, ...paging }))
      }
      if (request.url!.startsWith('/901/leads')) return json(200, '{"data":[{"id":"503"}]}')
      const lost = /^\/(50\d)\?/.exec(request.url!)?.[1]
      if (lost)
        return json(200, JSON.stringify({ id: lost, field_data: [{ name: 'email', values: [`lost${lost}@example.com`] }] }))
      if (request.url!.includes('leadFormResponses')) return json(200, fixture('linkedin-response.json'))
      if (request.url!.includes('124?')) return json(400, '{"error":{"code":100,"message":"Unsupported get request"}}')
      return json(200, fixture('meta-lead.json'))
    })
    await new Promise<void>(resolve => graph.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`
  })
  afterAll(() => {
    graph.close()
  })

  test('Meta asks first whose address it is', async () => {
    const to = await desk.make({ format: 'meta', secrets: { verify_token: 'mine' } })
    const ask = (token: string) =>
      fresh.app.inject(`/intake/${to.webhook_id}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`)
    expect(await ask('mine')).toMatchObject({ statusCode: 200, body: '1158201444' })
    expect((await ask('theirs')).statusCode).toBe(403)
  })

  test('LinkedIn asks first whose address it is', async () => {
    const to = await desk.make({ format: 'linkedin', secrets: { client_secret: SECRET } })
    const answer = await fresh.app.inject(`/intake/${to.webhook_id}?challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed0`)
    expect(answer.json()).toEqual({
      challengeCode: '890e4665-4dfe-4ab1-b689-ed553bceeed0',
      challengeResponse: hmac(SECRET, '890e4665-4dfe-4ab1-b689-ed553bceeed0', 'hex'),
    })
  })

  test('leads of Meta are fetched with the token, and one that cannot be had waits with the reason', async () => {
    const to = await desk.make({ format: 'meta', secrets: { app_secret: SECRET, page_token: 'page', graph_url: base } })
    const body = fixture('meta.json')
    const headers = { ...JSON_TYPE, 'x-hub-signature-256': `sha256=${hmac(SECRET, body, 'hex')}` }
    const answer = await desk.send(to, body, headers)
    expect(answer.statusCode, answer.body).toBe(202)
    const { delivery_id } = answer.json<Answered>()
    const lead = await until(async () => (await desk.leads({ webhook_id: to.id }))[0])
    expect(lead).toMatchObject({ email: 'sarah.meta@example.com', phone: '+12025550132', campaign: 'Autumn roofs' })
    expect(lead.fields).toMatchObject({ which_rooms: ['kitchen', 'bath'] })
    expect(asked.find(({ url }) => url.startsWith('/123123123123123123?'))?.authorization).toBe('Bearer page')
    const delivery = await desk.delivery(delivery_id)
    expect(delivery.results?.map(({ state, reason }) => [state, reason])).toEqual([
      ['accepted', null],
      ['ignored', null],
      ['quarantined', 'not_fetched'],
    ])
    expect((await desk.send(to, body, { ...headers, 'x-hub-signature-256': 'sha256=00' })).statusCode).toBe(401)
  })

  test('a backfill makes what got lost on the way, page by page, and nothing that is there', async () => {
    const to = await desk.make({ format: 'meta', secrets: { page_token: 'page', graph_url: base, form_ids: '900, 901' } })
    await desk.send(to, '{"object":"page","entry":[{"changes":[{"field":"leadgen","value":{"leadgen_id":"500"}}]}]}', JSON_TYPE)
    await until(async () => (await desk.leads({ webhook_id: to.id }))[0])
    asked = []
    const asked_for = await desk.ask('POST', `/intake-webhooks/${to.id}/backfills`, { since: '2026-11-01T00:00:00Z' })
    expect(asked_for.statusCode, asked_for.body).toBe(202)
    const leads = await until(async () => {
      const all = await desk.leads({ webhook_id: to.id })
      return all.length >= 4 ? all : undefined
    })
    expect(leads.map(lead => lead.external_id).sort()).toEqual(['500', '501', '502', '503'])
    expect(asked.filter(({ url }) => url.includes('/leads?')).length).toBe(3) // two pages of one form, one of the other
    expect(asked.filter(({ url }) => url.startsWith('/500?')).length).toBe(0)
    const generic = await desk.make({ format: 'generic' })
    expect((await desk.ask('POST', `/intake-webhooks/${generic.id}/backfills`, {})).statusCode).toBe(400)
  }, 90_000)

  test('a lead of LinkedIn is fetched and its questions are known by their names', async () => {
    asked = []
    const to = await desk.make({ format: 'linkedin', secrets: { client_secret: SECRET, access_token: 'token', api_url: base } })
    const body = fixture('linkedin.json')
    const answer = await desk.send(to, body, { ...JSON_TYPE, 'x-li-signature': hmac(SECRET, `hmacsha256=${body}`, 'hex') })
    expect(answer.statusCode, answer.body).toBe(202)
    const lead = await until(async () => (await desk.leads({ webhook_id: to.id }))[0])
    expect(lead).toMatchObject({ first_name: 'John', last_name: 'Doe', email: 'john.linkedin@example.com', utm_campaign: 'b2b' })
    expect(lead.fields).toMatchObject({ 'Which products?': ['1', '3'] })
  })
})

describe('leadconduit', () => {
  test('answers in the words that sellers read, as JSON or XML', async () => {
    const to = await desk.make({ format: 'leadconduit', dedupe_hours: 24 })
    const made = await desk.send(to, fixture('leadconduit.json'), JSON_TYPE)
    expect(made.json()).toEqual({ outcome: 'success', lead: { id: expect.stringMatching(/^\d{10}$/) }, price: 0 })
    const again = await desk.send(to, fixture('leadconduit.json').replace('5fd2', '6fd2'), { ...JSON_TYPE, accept: 'text/xml' })
    expect(again.headers['content-type']).toMatch(/xml/)
    expect(again.body).toMatch(/<outcome>failure<\/outcome><reason>.+<\/reason><price>0<\/price>/)
    const wrong = await desk.send(to, '{"first_name":"Nobody"}', JSON_TYPE)
    expect(wrong.json()).toMatchObject({ outcome: 'error', reason: expect.stringMatching(/./) })
  })
})

describe('html_form', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,*/*' }

  test('takes the form of Web-to-Lead and leads back to the site that posted it, and nowhere else', async () => {
    const to = await desk.make({ format: 'html_form' })
    const body = fixture('web-to-lead.txt')
    const home = await desk.send(to, body, { ...form, origin: 'https://www.example.com' })
    expect([home.statusCode, home.headers.location]).toEqual([303, 'https://www.example.com/thanks'])
    const [lead] = await desk.leads({ webhook_id: to.id })
    expect(lead).toMatchObject({ email: 'sarah.form@example.com', phone: '+12025550139', source: 'Web' })
    expect(lead!.fields).toMatchObject({ '00N1a000007abcd': 'Blue' })
    expect(Object.keys(lead!.fields)).not.toContain('oid')
    const astray = await desk.send(to, body.replace('sarah.form', 'other.form'), { ...form, origin: 'https://evil.example.net' })
    expect([astray.statusCode, astray.headers.location]).toEqual([201, undefined])
    expect(astray.body).toContain('Thank you')
  })

  test('leads to the page that is set, and answers programs in JSON', async () => {
    const to = await desk.make({ format: 'html_form', redirect_url: 'https://example.com/done' })
    const answer = await desk.send(to, 'email=one.form%40example.com', form)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, 'https://example.com/done'])
    const program = await desk.send(to, 'email=two.form%40example.com', { ...form, accept: 'application/json' })
    expect(program.json()).toMatchObject({ outcome: 'success', lead_id: expect.any(Number) })
  })

  test('tells a robot that all went well, and makes nothing of it', async () => {
    const to = await desk.make({ format: 'html_form' })
    const answer = await desk.send(to, 'email=robot%40example.com&_gotcha=x', form)
    expect(answer.statusCode).toBeLessThan(400)
    expect(await desk.leads({ webhook_id: to.id })).toEqual([])
  })

  test('reads multipart forms and leaves files out', async () => {
    const to = await desk.make({ format: 'html_form' })
    const parts = [
      'first_name"\r\n\r\nZoë',
      'email"\r\n\r\nzoe.form@example.com',
      'photo"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n\x89PNG',
    ]
    const body = `${parts.map(part => `--XX\r\ncontent-disposition: form-data; name="${part}\r\n`).join('')}--XX--\r\n`
    await desk.send(to, body, { 'content-type': 'multipart/form-data; boundary=XX' })
    expect((await desk.leads({ webhook_id: to.id }))[0]).toMatchObject({ first_name: 'Zoë', email: 'zoe.form@example.com' })
  })
})

test('no format stumbles over anything that could be sent', () => {
  const bodies = SENDERS.map(sender => sender.body).concat(
    fixture('meta.json'),
    fixture('linkedin.json'),
    fixture('leadconduit.json'),
    fixture('web-to-lead.txt'),
  )
  const values = ['null', '[]', '{}', '"x"', '1e400', '-0', '[[{}]]', '{"__proto__":1}', '"\\u0000"', 'true']
  fc.assert(
    fc.property(
      fc.constantFrom(...bodies),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...values)), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''),
      (body, edits, content_type) => {
        const text = edits.reduce((now, [at, value]) => replaceValue(now, at, value), body)
        const raw = {
          method: 'POST',
          headers: { 'content-type': content_type, 'x-open-signature': 'zz', 'calendly-webhook-signature': '=,=,t' },
          query: new URLSearchParams('a=1&a=2'),
          body: Buffer.from(text),
          content_type: content_type.split(';')[0]!,
          ip: '203.0.113.1',
        }
        for (const format of FORMATS) {
          format.recognises(raw)
          const verdict = format.verify(raw, Object.fromEntries(format.secrets.map(({ name }) => [name, SECRET])))
          expect('unsigned' in verdict || verdict.ok === false || verdict.ok === true).toBe(true)
          const read = format.read(raw)
          if (read.ok) for (const item of read.items) expect(typeof item.fields).toBe('object')
          else expect(read.reason).toMatch(/\.$/)
        }
      },
    ),
    { seed: 20_261_121, numRuns: 2_000 },
  )
})

/** Puts another value in the place of the n-th one. */
function replaceValue(text: string, n: number, value: string): string {
  const places = [...text.matchAll(/:("[^"]*"|\d+|true|null)/g)]
  const place = places[n % Math.max(1, places.length)]
  return place ? `${text.slice(0, place.index + 1)}${value}${text.slice(place.index + place[0].length)}` : `${text}${value}`
}

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (let k = 0; k < 400; k++) {
    const found = await find()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('it did not come to that')
}
