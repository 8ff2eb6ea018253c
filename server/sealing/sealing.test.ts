import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import { type FreshApp, freshApp, freshDatabase } from '../../test/app.ts'
import {
  alias,
  basic,
  batch,
  bearer,
  bob,
  identify,
  jane,
  john,
  type Person,
  page,
  sally,
  sarah,
  track,
  traitsOf,
} from '../../test/people.ts'
import { openReceiver } from '../../test/receiver.ts'
import { live } from '../../test/wall/tenants.ts'
import { at, diaryOf } from '../appointments/diary.fixture.ts'
import type { Config } from '../config.ts'
import { open } from '../database/connect.ts'
import { openSealer } from '../database/sealing.ts'
import { scan } from '../privacy/scan.ts'
import { reencrypt } from '../sealed.ts'
import { secretFor } from '../secrets.ts'
import { hidePersonal } from './hide.ts'
import { makeSealer } from './sealer.ts'

const settings = { webhook_allowed_cidrs: ['127.0.0.0/8'], secret_key: 'the first of all secrets' }
let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp({ config: { ...settings, encrypt_contacts: true } })
})

/** Everybody who is named in the story, in each way in which somebody wrote it. */
const NAMED = [sally, sarah, john, jane, bob].flatMap(({ email, phone }) => [
  email,
  encodeURIComponent(email),
  phone,
  phone.slice(2),
])
const PHONES = ['(202) 555-0101', '202-555-0102']

/** Whatever the database and the home folder hold of them, looked at without a key. */
async function cleartext({ database, context }: FreshApp) {
  const sql = open(database.url, 'throughline_system')
  const found = await scan(sql, [...NAMED, ...PHONES])
  await sql.end()
  const { home } = context.config
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter(file => file.isFile())
  const texts = await Promise.all(files.map(file => readFile(join(file.parentPath, file.name), 'latin1')))
  return { found, files: NAMED.filter(value => texts.some(text => text.includes(value))) }
}

test('a lead, a sale and a meeting are told as ever, and neither the database nor the home folder names anybody', async () => {
  const without = await freshApp({ config: { ...settings, encrypt_contacts: false } })
  const plain = await story(without)
  const sealed = await story(fresh)
  expect(sealed).toEqual(plain)
  expect(sealed).toMatchObject({
    sally: { email: sally.email, phone: sally.phone, visitors: 3 },
    by_email: [sally.email],
    by_phone: [sally.email],
    by_words: [sally.email],
    lead: { email: sarah.email, phone: sarah.phone },
    mail: { to: sarah.email },
    imported: { email: john.email, phone: john.phone },
    merged: { id_is_kept: true, email: john.email },
    told: { email: sally.email, phone: sally.phone },
  })
  expect(sealed.file).toContain(`${sally.email},'${sally.phone}`)
  await live(fresh, fresh, [sally, john], 'secret')
  expect(await cleartext(fresh)).toEqual({ found: [], files: [] })
  expect((await cleartext(without)).found.length).toBeGreaterThan(20)
})

test('who is erased is gone from what others said, however it was written there', async () => {
  const app = await freshApp({ config: { ...settings, encrypt_contacts: true } })
  app.work()
  const { id } = await ask<Contact>(app, 'POST', '/contacts', { email: sally.email, phone: sally.phone })
  const properties = {
    text: `call ${sally.email.toUpperCase()} now`,
    phone: Number(sally.phone.slice(1)),
    other: '+1 (202) 555-0101',
  }
  await collect(app, track('asked', { anonymousId: john.laptop, properties: { ...properties, friend: jane.email } }))
  const said = async () => {
    const [row] = await app.database.system<{ properties: object }[]>`select properties from events where event = 'asked'`
    return JSON.stringify(row!.properties)
  }
  expect(JSON.parse(await said())).toEqual({ ...properties, friend: jane.email })
  const erasure = await ask<{ id: number }>(app, 'POST', '/privacy/erasures', { contact_id: id, reason: 'asked by letter' })
  const ended = () => ask<{ state: string }>(app, 'GET', `/privacy/erasures/${erasure.id}`)
  await expect.poll(async () => (await ended()).state, { timeout: 30_000 }).toBe('done')
  for (const trace of [sally.email.toUpperCase(), sally.phone.slice(1), '555-0101']) expect(await said()).not.toContain(trace)
})

test('who asks for a part of an address finds nobody, and who asks for the whole one, or a name, them', async () => {
  const emails = async (query: string) =>
    (await ask<{ data: Contact[] }>(fresh, 'GET', `/contacts?${query}`)).data.map(({ email }) => email)
  await ask(fresh, 'POST', '/leads', { lead_type: 'solar', ...traits(bob) })
  expect((await ask<{ data: unknown[] }>(fresh, 'GET', `/leads?q=${bob.email}`)).data).toHaveLength(1)
  expect(await emails('q=bob%40exam')).toEqual([])
  expect(await emails('q=bob')).toEqual([bob.email])
  expect(await emails(`q=Baker ${bob.email}`)).toEqual([bob.email])
  expect(await emails(`q=${encodeURIComponent('(202) 555-0105')}`)).toEqual([bob.email])
})

test('the secret key is changed as ever, the tokens stay; a setting or a secret that is not the one of the database ends the start', async () => {
  const { config, database } = fresh.context
  const start = (changed: Partial<Config>) => openSealer(database.url, { ...config, ...changed })
  const token = database.sealer!.seal(sally.email)
  const ring = { ...config, secret_key: 'the second of all secrets,the first of all secrets' }
  expect(await reencrypt(database.system, ring)).toMatchObject({ 'sealing.key': { reencrypted: 1, unreadable: 0 } })
  const later = await start({ secret_key: 'the second of all secrets' })
  expect(later!.seal(sally.email)).toBe(token)
  expect(later!.open(token)).toBe(sally.email)
  await expect(start({ secret_key: 'the first of all secrets' })).rejects.toThrow('cannot be opened')
  await expect(start({ encrypt_contacts: false })).rejects.toThrow('was begun with ENCRYPT_CONTACTS=on')
  expect(
    await reencrypt(database.system, { ...config, secret_key: 'the first of all secrets,the second of all secrets' }),
  ).toBeDefined()

  const other = await freshApp({ config: { encrypt_contacts: false } })
  await collect(other, identify({ anonymousId: jane.laptop, traits: traitsOf(jane) }))
  await expect(openSealer(other.database.url, { ...other.context.config, encrypt_contacts: true })).rejects.toThrow(
    'is for a database without people in it',
  )
  const empty = await freshDatabase()
  const both = await Promise.all([openSealer(empty.url, config), openSealer(empty.url, config)])
  expect(both[0]!.seal(jane.email)).toBe(both[1]!.seal(jane.email))
})

test('whatever was sealed is opened as it was, also beside signs of JSON, in bytes and where somebody sends a token', () => {
  const sealer = makeSealer(secretFor({ secret_key: 'of this test', home: '' }, 'sealing'))
  const token = sealer.seal(sally.email)
  const parts = [
    sally.email,
    sally.phone,
    'Sally@Example.com',
    '(202) 555-0101',
    'a=b@c.de',
    '%40c.de',
    '%2B12025550101',
    token,
    '~1',
    '~',
    '"',
  ]
  const others = [
    '\\',
    '\n',
    '\\n',
    '"phone":',
    '":"',
    '2025550101',
    '{',
    '[',
    ',',
    ' ',
    'phone=',
    '&',
    'é',
    '@',
    '.',
    '\u0000',
    '1',
    'Z',
  ]
  const all = [...parts, ...others]
  for (const one of all)
    for (const two of all)
      for (const three of parts) {
        const text = one + two + three
        expect(sealer.open(sealer.seal(text))).toBe(text)
        const json = JSON.stringify({ text, phone: three, [two]: [one] })
        const sealed = sealer.seal(json)
        expect(sealer.open(sealed)).toBe(json)
        expect(Object.keys(JSON.parse(sealed))).toHaveLength(Object.keys(JSON.parse(json)).length)
      }
  expect(sealer.seal(token)).not.toContain(token)
  const bytes = Buffer.concat([Buffer.from(`email=${sally.email}&`), Buffer.from([0xff, 0xfe, 0x00])])
  expect(sealer.sealBytes(bytes).includes(sally.email)).toBe(false)
  expect(sealer.openBytes(sealer.sealBytes(bytes)).equals(bytes)).toBe(true)
  // The same person, however they are written: equal in the database, but for what says how.
  expect(JSON.parse(sealer.seal(JSON.stringify({ email: sally.email }))).email).toBe(token)
  expect(sealer.seal('Sally@Example.com').startsWith(token)).toBe(true)
  expect(hidePersonal(`{"to":"${sally.email}","phone":2025550101}`)).toBe('{"to":"…","phone":"…"}')
})

async function ask<T>(app: FreshApp, method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object): Promise<T> {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: bearer(app.secret_key),
    ...(payload && { payload }),
  })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}

const traits = ({ first_name, last_name, email, phone }: Person) => ({ first_name, last_name, email, phone })

async function collect(app: FreshApp, ...messages: unknown[]) {
  const answer = await app.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: basic(app.write_key),
    payload: batch(...messages),
  })
  expect(answer.statusCode, answer.body).toBe(200)
}

/** Through every door by which people come in, and every one by which they go out again. */
async function story(app: FreshApp) {
  const receiver = await openReceiver()
  const endpoint = await ask<{ secret: string }>(app, 'POST', '/endpoints', {
    name: 'Shop',
    url: receiver.url,
    events: ['contact.created'],
  })
  app.work()
  const diary = diaryOf(app)
  const host = await diary.hireWithHours()

  // Two devices: the one gave an e-mail, the other is named by it. With the address itself these are three visitors.
  const context = {
    page: { url: `https://bread.example/?email=${encodeURIComponent(sally.email)}`, title: `Hello ${sally.email}` },
  }
  await collect(
    app,
    page('Home', { anonymousId: sally.laptop, context }),
    identify({ anonymousId: sally.laptop, userId: sally.email, traits: { ...traitsOf(sally), phone: '(202) 555-0101' } }),
    page('Home', { anonymousId: sally.mobile }),
    alias(sally.mobile, sally.email),
    track('asked', {
      anonymousId: sally.mobile,
      properties: { phone: '(202) 555-0101', text: `call ${sally.phone}\nor ${sally.email}` },
    }),
  )
  const [one, by_email, by_phone, by_words] = await Promise.all(
    [sally.email, `&email=${sally.email}`, `&phone=${encodeURIComponent(sally.phone)}`, `&q=${sally.email}`].map(
      async query => (await ask<{ data: Contact[] }>(app, 'GET', `/contacts?limit=5${query.startsWith('&') ? query : ''}`)).data,
    ),
  )
  const known = by_email![0]!
  const visitors = await ask<{ data: unknown[] }>(app, 'GET', `/contacts/${known.id}/visitors`)

  const webhook = await ask<{ webhook_id: string }>(app, 'POST', '/intake-webhooks', { name: 'Solar', lead_type: 'solar' })
  const form = new URLSearchParams({ first_name: 'Sarah', last_name: 'Johnson', email: sarah.email, phone: '202-555-0102' })
  const taken = await app.app.inject({
    method: 'POST',
    url: `/intake/${webhook.webhook_id}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: form.toString(),
  })
  const { lead_id, delivery_id } = taken.json()
  const lead = await ask<Record<string, unknown>>(app, 'GET', `/leads/${lead_id}`)
  const delivery = await ask<{ body: unknown }>(app, 'GET', `/intake-deliveries/${delivery_id}`)

  const pool = await ask<{ id: number }>(app, 'POST', '/pools', {
    name: 'Talks',
    strategy: 'weighted',
    members: [{ user_id: host.user_id }],
  })
  const type = {
    key: 'talk',
    name: 'First talk',
    interval_minutes: 60,
    notice_minutes: 60,
    pool_id: pool.id,
    address: 'talk',
    is_public: true,
  }
  await ask(app, 'POST', '/appointment-types', type)
  const { first_name, last_name, email } = sarah
  const booking = { first_name, last_name, email, phone: sarah.phone, time_zone: 'UTC', starts_at: at(10, 9) }
  const booked = await app.app.inject({ method: 'POST', url: '/api/v1/booking/talk/book', payload: booking })
  expect(booked.statusCode, booked.body).toBe(201)
  const mails = async () => (await ask<{ data: { to_address: string; body: string }[] }>(app, 'GET', '/mails')).data
  await expect.poll(async () => (await mails()).some(mail => mail.to_address === sarah.email)).toBe(true)
  const mail = (await mails()).find(mail => mail.to_address === sarah.email)!

  const file = await ask<{ id: number }>(app, 'POST', '/imports', { email: john.email, phone: john.phone, first_name: 'John' })
  await ask(app, 'POST', `/imports/${file.id}/run`)
  await expect.poll(async () => (await ask<{ state: string }>(app, 'GET', `/imports/${file.id}`)).state).toBe('done')
  const [imported] = (await ask<{ data: Contact[] }>(app, 'GET', `/contacts?email=${john.email}`)).data

  const other = await ask<Contact>(app, 'POST', '/contacts', { email: jane.email, phone: jane.phone })
  await ask(app, 'POST', `/contacts/${imported!.id}/merge`, { other_id: other.id })
  const [merged] = (await ask<{ data: Contact[] }>(app, 'GET', `/contacts?email=${jane.email}`)).data

  const asked = await ask<{ id: number }>(app, 'POST', '/exports', { of: 'contacts', columns: ['email', 'phone'] })
  const ended = () => ask<{ state: string; file: { url: string; bytes: number } | null }>(app, 'GET', `/exports/${asked.id}`)
  await expect.poll(async () => (await ended()).state).toBe('done')
  const { file: written } = await ended()
  const download = await app.app.inject({ url: written!.url.replace(/^.*(?=\/api)/, ''), headers: bearer(app.secret_key) })
  expect(download.rawPayload.length).toBe(written!.bytes)

  await expect.poll(() => receiver.received.map(({ body }) => body).join()).toContain(sally.email)
  const sent = receiver.received.find(({ body }) => body.includes(sally.email))!
  const told = new Webhook(endpoint.secret).verify(sent.body, sent.headers) as { data: { after: object } }
  await receiver.close()

  const emailsOf = (contacts: Contact[] | undefined) => contacts!.map(contact => contact.email)
  return {
    sally: { email: known.email, phone: known.phone, first_name: known.first_name, visitors: visitors.data.length },
    contacts_at_first: emailsOf(one),
    by_email: emailsOf(by_email),
    by_phone: emailsOf(by_phone),
    by_words: emailsOf(by_words),
    lead: { email: lead.email, phone: lead.phone },
    came: delivery.body,
    mail: { to: mail.to_address, names_them: mail.body.includes(sarah.first_name) },
    imported: { email: imported!.email, phone: imported!.phone },
    merged: { id_is_kept: merged!.id === imported!.id, email: merged!.email },
    file: download.body.trim().split('\r\n').sort(),
    told: told.data.after,
  }
}
