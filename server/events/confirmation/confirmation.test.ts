import { beforeAll, expect, test } from 'vitest'
import type { Funnel } from '../../../shared/funnels.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { asking } from '../../../test/asking.ts'
import { basic, batch, track } from '../../../test/people.ts'

let fresh: FreshApp
let funnel_id: string
beforeAll(async () => {
  fresh = await freshApp()
  fresh.work()
  funnel_id = (await api<Funnel>('POST', '/funnels', { name: 'Bread school', confirm_email: true })).funnel_id
  await api('POST', '/pages', { funnel_id, kind: 'watch', url: 'bread.example/watch' })
})

const { ask: api } = asking(() => fresh)

async function register(email: string, more: Record<string, unknown> = {}, timestamp?: string) {
  const payload = batch(
    track('registration', {
      anonymousId: `device of ${email}`,
      properties: { email, funnel_id, ...more },
      ...(timestamp && { timestamp }),
    }),
  )
  const response = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload })
  expect(response.json()).toEqual({ success: true })
}

const mailsTo = (email: string) => fresh.database.system<{ subject: string; body: string; about: string }[]>`
  select subject, body, about from mails where workspace_id = ${fresh.workspace_id} and to_address = ${email} order by id`

/** What comes after has been told, so what came before has been, too. */
async function settled() {
  const email = `marker-${Math.random().toString(36).slice(2)}@example.com`
  await register(email)
  await expect.poll(async () => (await mailsTo(email)).length).toBe(1)
}

async function linkTo(email: string) {
  await expect.poll(async () => (await mailsTo(email)).length).toBeGreaterThan(0)
  return new URL(/https?:\S+\/confirm\/\S+/.exec((await mailsTo(email)).at(-1)!.body)![0]).pathname
}

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const follow = (url: string, headers: Record<string, string> = {}) =>
  fresh.app.inject({ url, headers: { 'user-agent': BROWSER, accept: 'text/html', ...headers } })

const confirmations = (email: string) => fresh.database.system<{ properties: object; contact_email: string }[]>`
  select e.properties, c.email as contact_email
    from events e
    join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
    left join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id
   where e.workspace_id = ${fresh.workspace_id} and e.event = 'registration_confirmed' and not e.is_bot
     and e.properties ->> 'email' = ${email}`

test('who registers is written to once, and following the link confirms once, as an event of theirs', async () => {
  await register('Maya@Example.com', { first_name: 'Buy at spam.example' })
  const link = await linkTo('maya@example.com')
  const [mail] = await mailsTo('maya@example.com')
  expect(mail!.subject).toContain('Bread school')
  expect(mail!.body).not.toContain('spam')
  const { data } = await api<{ data: { id: number }[] }>('GET', '/contacts?email=maya@example.com')
  expect(mail!.about).toBe(`contact ${data[0]!.id}`)

  const answers = await Promise.all([follow(link), follow(link), follow(link)])
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
  expect(answers[0]!.body).toContain('Your address is confirmed')
  await follow(link)
  expect(await confirmations('maya@example.com')).toEqual([
    { properties: { funnel_id, email: 'maya@example.com' }, contact_email: 'maya@example.com' },
  ])
})

test('the link that leads on from there tells the tracker who it is', async () => {
  await register('lea@example.com')
  const { body } = await follow(await linkTo('lea@example.com'))
  const [, email_link_token] = /href="https:\/\/bread\.example\/watch\?tl=([^"]+)"/.exec(body)!
  const opened = track('email_link_opened', { anonymousId: 'another device', context: { email_link_token } })
  await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload: batch(opened) })
  const [visitor] = await fresh.database.system<{ email: string }[]>`
    select c.email
      from visitors v
      join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id
     where v.workspace_id = ${fresh.workspace_id} and v.distinct_id = 'another device'`
  expect(visitor!.email).toBe('lea@example.com')
})

test('a registration again soon sends no second mail, a later one does, and one that is confirmed never', async () => {
  await register('ida@example.com')
  await linkTo('ida@example.com')
  await register('ida@example.com')
  await settled()
  expect(await mailsTo('ida@example.com')).toHaveLength(1)
  const age = () => fresh.database.system`
    update email_confirmations set asked_at = now() - interval '11 minutes' where workspace_id = ${fresh.workspace_id}`
  await age()
  await register('ida@example.com')
  await expect.poll(async () => (await mailsTo('ida@example.com')).length).toBe(2)
  await follow(await linkTo('ida@example.com'))
  await age()
  await register('ida@example.com')
  await settled()
  expect(await mailsTo('ida@example.com')).toHaveLength(2)
})

test('a program that looks at every link, a link that was changed and one of another funnel confirm nothing', async () => {
  await register('rosa@example.com')
  const link = await linkTo('rosa@example.com')
  expect(
    (await follow(link, { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' })).statusCode,
  ).toBe(200)
  const [body, signature] = link.split('.')
  const changed = await follow(`${body}x.${signature}`)
  expect([changed.statusCode, changed.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  expect((await follow('/confirm/nothing', { accept: '*/*' })).json()).toMatchObject({ error: { code: 'not_found' } })
  expect(await confirmations('rosa@example.com')).toEqual([])
  await follow(link)
  expect(await confirmations('rosa@example.com')).toHaveLength(1)
})

test('nobody is written to by a funnel that does not ask, about a registration of last year, or without an address', async () => {
  const other = (await api<Funnel>('POST', '/funnels', { name: 'Cake school' })).funnel_id
  await register('quiet@example.com', { funnel_id: other })
  await register('old@example.com', {}, '2025-01-01T00:00:00Z')
  await register('no address')
  await settled()
  for (const email of ['quiet@example.com', 'old@example.com', 'no address']) expect(await mailsTo(email)).toEqual([])
})
