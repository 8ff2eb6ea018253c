import { beforeAll, expect, test } from 'vitest'
import type { Funnel } from '../../shared/funnels.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'

let fresh: FreshApp
let funnel_id: string
let page_id: string
beforeAll(async () => {
  fresh = await freshApp()
  funnel_id = (await api<Funnel>('POST', '/funnels', { name: 'Bread school' })).funnel_id
  const page = { funnel_id, kind: 'registration', url: 'bread.example/join' }
  page_id = (await api<{ page_id: string }>('POST', '/pages', page)).page_id
})

const { ask: api } = asking(() => fresh)

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

async function post(fields: Record<string, string>, headers: Record<string, string> = {}, key = fresh.write_key) {
  const {
    statusCode,
    body,
    headers: answered,
  } = await fresh.app.inject({
    method: 'POST',
    url: `/f/${key}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html,*/*',
      'user-agent': AGENT,
      'x-forwarded-for': '203.0.113.9',
      ...headers,
    },
    payload: new URLSearchParams(fields).toString(),
  })
  return { status: statusCode, body, location: answered.location, type: answered['content-type'] }
}

type Registration = { distinct_id: string; properties: Record<string, string>; first_touch: Record<string, string>; ip: string }
const registrations = (email: string) => fresh.database.system<Registration[]>`
  select v.distinct_id, e.properties, v.first_touch, host(s.ip) as ip
    from events e
    join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
    left join sessions s on s.workspace_id = e.workspace_id and s.id = e.session_id
   where e.workspace_id = ${fresh.workspace_id} and e.event = 'registration' and e.properties ->> 'email' = ${email}`

test('a form without a script is a registration with all that it says, and its sender reads that it worked', async () => {
  const answer = await post(
    {
      email: 'maya@example.com',
      first_name: 'Maya',
      phone: '+41446681800',
      utm_source: 'newsletter',
      ref: 'FRIEND-7',
      goal: 'a sourdough',
      funnel_id,
      page_id,
      password: 'hunter2',
    },
    { referer: 'https://bread.example/join?utm_campaign=spring' },
  )
  expect(answer).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' })
  expect(answer.body).toContain('You are registered')
  const [event] = await registrations('maya@example.com')
  expect(event!.properties).toEqual({
    email: 'maya@example.com',
    first_name: 'Maya',
    phone: '+41446681800',
    utm_source: 'newsletter',
    referral_code: 'FRIEND-7',
    goal: 'a sourdough',
    funnel_id,
    page_id,
  })
  expect(event!.first_touch).toMatchObject({ utm_source: 'newsletter', utm_campaign: 'spring', referral_code: 'FRIEND-7' })
  expect(event!.ip).toBe('203.0.113.9')
  const { data } = await api<{ data: object[] }>('GET', '/contacts?email=maya@example.com')
  expect(data).toMatchObject([{ first_name: 'Maya', stage: 'lead', phone: '+41446681800' }])
})

test('a form that is sent in parts says the same, and one with a file or as plain text is refused in words', async () => {
  const send = async (form: FormData | string, type?: string) => {
    const request = new Request('http://localhost', {
      method: 'POST',
      body: form,
      ...(type && { headers: { 'content-type': type } }),
    })
    return fresh.app.inject({
      method: 'POST',
      url: `/f/${fresh.write_key}`,
      headers: { 'content-type': request.headers.get('content-type')!, accept: 'text/html', 'user-agent': AGENT },
      payload: Buffer.from(await request.arrayBuffer()),
    })
  }
  const form = new FormData()
  for (const [name, value] of [
    ['email', 'parts@example.com'],
    ['first_name', 'Mäya'],
    ['topic', 'rye'],
    ['topic', 'wheat'],
    ['page_id', page_id],
  ])
    form.append(name!, value!)
  form.append('picture', new File([], '')) // nobody chose one
  expect((await send(form)).body).toContain('You are registered')
  const [event] = await registrations('parts@example.com')
  expect(event!.properties).toMatchObject({ first_name: 'Mäya', topic: 'rye, wheat', funnel_id, page_id })
  expect(event!.properties).not.toHaveProperty('picture')

  form.set('email', 'file@example.com')
  form.set('picture', new File(['x'], 'loaf.png'))
  const refused = await send(form)
  expect(refused.statusCode).toBe(422)
  expect(refused.body).toContain('without the file')
  expect(await registrations('file@example.com')).toEqual([])
  expect((await send('email=a@example.com', 'text/plain')).statusCode).toBe(415)
  expect((await send('nothing', 'multipart/form-data; boundary=x')).statusCode).toBe(400)
})

test('it keeps the visitor whom the tracker knows, by its field or its cookie, and otherwise is somebody new', async () => {
  await post({ email: 'a@example.com', distinct_id: 'device-a' }, { cookie: 'tl_id=device-b' })
  await post({ email: 'b@example.com' }, { cookie: 'x=1; tl_id=device-b; y=2' })
  await post({ email: 'c@example.com' })
  const ids = await Promise.all(['a', 'b', 'c'].map(async name => (await registrations(`${name}@example.com`))[0]!.distinct_id))
  expect(ids).toEqual(['device-a', 'device-b', expect.stringMatching(/^[0-9a-f-]{36}$/)])
})

test('it is of the funnel whose page it names, or whose page it was sent from', async () => {
  await post({ email: 'named@example.com', page_id })
  await post({ email: 'from@example.com' }, { referer: 'https://www.bread.example/join/?x=1' })
  for (const name of ['named', 'from']) {
    expect((await registrations(`${name}@example.com`))[0]!.properties).toMatchObject({ funnel_id, page_id })
  }
})

test('it leads on to allowed hosts and to those of the funnels’ pages, and nowhere else', async () => {
  await api('PATCH', `/workspaces/${fresh.workspace_id}`, { allowed_hosts: ['thanks.example'] })
  for (const redirect of ['https://thanks.example/you?a=1', 'https://www.bread.example/watch/1']) {
    expect(await post({ email: 'd@example.com', redirect })).toMatchObject({ status: 303, location: redirect })
  }
  for (const redirect of [
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    'https://thanks.example.evil.example/',
  ]) {
    const answer = await post({ email: `${redirect.length}@example.com`, redirect })
    expect([answer.status, answer.location]).toEqual([200, undefined])
    expect(answer.body).toContain('not allowed')
    expect(await registrations(`${redirect.length}@example.com`)).toHaveLength(1)
  }
})

test('what cannot be taken in is said on a page, in words for whoever typed it, and nothing is stored', async () => {
  const wrong = await post({ email: '<b>nobody</b>' })
  expect([wrong.status, wrong.type]).toEqual([422, 'text/html; charset=utf-8'])
  expect(wrong.body).toContain('type your e-mail address')
  expect((await post({ first_name: 'Maya' })).status).toBe(422)
  const unknown = await post({ email: 'e@example.com' }, {}, 'wk_nobodys')
  expect([unknown.status, unknown.type]).toEqual([401, 'text/html; charset=utf-8'])
  expect((await post({ email: 'e@example.com' }, {}, fresh.secret_key)).status).toBe(401)
  const program = await post({}, { accept: '*/*' })
  expect(JSON.parse(program.body)).toMatchObject({ error: { code: 'invalid_fields' } })
  expect((await post({ email: 'e@example.com' }, { 'content-type': 'application/json' })).status).toBe(415)
  expect((await post({ email: 'e@example.com', essay: 'x'.repeat(70_000) })).status).toBe(413)
  expect(await registrations('e@example.com')).toEqual([])
})

test('a robot that fills in what nobody sees is thanked, and nothing is stored', async () => {
  expect((await post({ email: 'robot@example.com', _gotcha: 'https://spam.example' })).body).toContain('You are registered')
  expect(await registrations('robot@example.com')).toEqual([])
})

test('odd bytes are stored as what can be stored', async () => {
  const { statusCode } = await fresh.app.inject({
    method: 'POST',
    url: `/f/${fresh.write_key}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': AGENT },
    payload: 'email=odd%40example.com&first_name=%00%ED%A0%80x&=empty&+=blank&__proto__=1&a=1&a=2',
  })
  expect(statusCode).toBe(200)
  const [event] = await registrations('odd@example.com')
  expect(event!.properties).toMatchObject({ email: 'odd@example.com', a: '1, 2' })
  expect(event!.properties.first_name).toMatch(/x$/)
})
