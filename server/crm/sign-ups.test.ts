import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { CrmConnection } from '../../shared/crm.ts'
import { identify, track } from '../../test/people.ts'
import { open } from '../database/connect.ts'
import { personOf, signingUp, until } from './signing-up.fixture.ts'

const { desk, ask, send, signUp, connect, linkOf, linked, failures, hurry } = signingUp()

test('who signs up is added to the CRM in the background, and only the id of its app user is stored', async () => {
  const { standin } = await connect()
  await signUp('sarah@example.com')
  const link = await linked('sarah@example.com')
  const person = personOf(standin, 'sarah@example.com')!
  expect(person).toMatchObject({
    id: link.external_id,
    first_name: 'Sarah',
    last_name: "O'Brien",
    our_id: String(link.contact_id),
  })
  expect(link).toMatchObject({ state: 'WroteSalesforceAppUserUid', due: false, error: null })
  expect(standin.signIns()).toBe(1)
})

test('somebody without a name is added, whatever their domain ends with (fault 7 of the original)', async () => {
  const { standin } = await connect()
  await signUp('sarah@museum.photography', { first_name: undefined, last_name: undefined })
  await linked('sarah@museum.photography')
  expect(personOf(standin, 'sarah@museum.photography')).toMatchObject({ first_name: null, last_name: null })
})

test('a visitor is no sign-up; a member is', async () => {
  const { standin } = await connect()
  await send(track('form_submitted', { anonymousId: 'only a form', properties: { email: 'form@example.com' } }))
  await send(identify({ anonymousId: 'logs in', userId: 'u-1', traits: { email: 'member@example.com' } }))
  await linked('member@example.com')
  expect(standin.people().map(({ email }) => email)).toEqual(['member@example.com'])
})

test('the sign-up is answered while the CRM is away, and the CRM hears of it when it is back', async () => {
  const { standin } = await connect()
  standin.fault({ drop: 'before', times: Number.POSITIVE_INFINITY })
  await signUp('patient@example.com')
  const [failure] = await until(async () => {
    const log = await failures()
    return log.length > 0 && log
  })
  expect(failure).toMatchObject({ operation: 'add_user', kind: 'network', email: 'patient@example.com' })
  expect(failure!.code).toMatch(/^NewUserSalesforceWriteError-\d{4}-\d\d-\d\dT/)
  expect(await linkOf('patient@example.com')).toMatchObject({ external_id: null, due: true, state: 'RequestAddToSalesforce' })
  standin.heal()
  await hurry()
  expect(await linked('patient@example.com')).toMatchObject({ state: 'WroteSalesforceAppUserUid' })
})

test('an answer that got lost makes nobody twice', async () => {
  const { standin } = await connect()
  standin.fault({ match: 'PATCH', drop: 'after_commit' })
  await signUp('lost@example.com')
  await until(async () => (await failures()).length === 1)
  expect(standin.people()).toHaveLength(1)
  await hurry()
  const link = await linked('lost@example.com')
  expect(standin.people().map(({ id }) => id)).toEqual([link.external_id])
})

test('what a CRM refuses is logged with the code of the seed, shown, and told again when somebody asks', async () => {
  const { standin, connection } = await connect()
  standin.fault({ match: 'PATCH', status: 400, body: [{ errorCode: 'INVALID_FIELD', message: 'No such column' }] })
  await signUp('refused@example.com')
  const link = await until(async () => {
    const found = await linkOf('refused@example.com')
    return found?.state === 'WroteSalesforceErrorToDb' && found
  })
  expect(link).toMatchObject({ due: false, external_id: null })
  expect(link.error).toContain('No such column')
  expect(await failures()).toMatchObject([{ kind: 'validation', http_status: 400, contact_id: link.contact_id }])
  expect((await ask<CrmConnection>('GET', `/crm/connections/${connection.id}`)).body).toMatchObject({
    failed: 1,
    links: 0,
    waiting: 0,
  })
  expect((await ask('POST', `/crm/connections/${connection.id}/again`)).body).toEqual({ asked: 1 })
  await linked('refused@example.com')
})

test('a limit is waited for as long as the CRM says, by everybody, and is no failure of the sign-up', async () => {
  const { standin, connection } = await connect()
  standin.fault({ match: 'PATCH', status: 429, headers: { 'retry-after': '120' }, body: [] })
  await signUp('first@example.com')
  const read = async () => (await ask<CrmConnection>('GET', `/crm/connections/${connection.id}`)).body
  const waiting = await until(async () => {
    const found = await read()
    return found.wait_until ? found : null
  })
  expect(Date.parse(waiting.wait_until!) - Date.now()).toBeGreaterThan(100_000)
  await signUp('second@example.com')
  await until(async () => (await read()).waiting === 2)
  await hurry()
  await sleep(300)
  expect(standin.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  await desk.fresh.database.system`update crm_connections set wait_until = null`
  await hurry()
  await linked('first@example.com')
  await linked('second@example.com')
})

test('wrong credentials let everybody wait; new ones tell them', async () => {
  const { standin, connection } = await connect()
  const wrong = await ask('PATCH', `/crm/connections/${connection.id}`, { settings: { client_secret: 'of somebody else' } })
  expect(wrong.status).toBe(200)
  await signUp('locked-out@example.com')
  await until(async () => (await failures()).some(({ kind }) => kind === 'auth'))
  expect(standin.people()).toEqual([])
  await ask('PATCH', `/crm/connections/${connection.id}`, { settings: { client_secret: standin.settings.client_secret } })
  await linked('locked-out@example.com')
})

test('a new e-mail is told, and the id stays', async () => {
  const { standin } = await connect()
  await signUp('old@example.com')
  const link = await linked('old@example.com')
  await ask('PATCH', `/contacts/${link.contact_id}`, { email: 'new@example.com' })
  await until(async () => personOf(standin, 'new@example.com'))
  expect(await linked('new@example.com')).toMatchObject({ external_id: link.external_id })
  expect(standin.people()).toHaveLength(1)
})

test('an e-mail that a CRM refuses is logged, and the next one is told', async () => {
  const { standin } = await connect()
  await signUp('valid@example.com')
  const link = await linked('valid@example.com')
  standin.fault({ match: 'PATCH', status: 400, body: [{ errorCode: 'INVALID_EMAIL_ADDRESS', message: 'invalid email address' }] })
  await ask('PATCH', `/contacts/${link.contact_id}`, { email: 'odd@example.com' })
  await until(async () => (await failures()).some(({ operation }) => operation === 'change_email'))
  await ask('PATCH', `/contacts/${link.contact_id}`, { email: 'right@example.com' })
  await until(async () => personOf(standin, 'right@example.com'))
})

test('who signed up before the CRM was connected is added when somebody asks, and only once', async () => {
  const visitor = await signUp('earlier@example.com')
  const { standin, connection } = await connect()
  await send(track('came back', { anonymousId: visitor }))
  await signUp('now@example.com')
  await linked('now@example.com')
  expect(standin.people().map(({ email }) => email)).toEqual(['now@example.com'])
  expect((await ask<{ asked: number }>('POST', `/crm/connections/${connection.id}/earlier`)).body.asked).toBeGreaterThan(0)
  await linked('earlier@example.com')
  await until(async () => (await ask<{ asked: number }>('POST', `/crm/connections/${connection.id}/earlier`)).body.asked === 0)
  const emails = standin.people().map(({ email }) => email)
  expect(new Set(emails).size).toBe(emails.length)
})

test('what the database cannot take is kept in a file beside it, on the disk', async () => {
  const { standin } = await connect()
  const system = open(desk.fresh.database.url)
  onTestFinished(() => system.end())
  await system.unsafe(`
    create function refuse_links() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
    create trigger refuse_links before update on crm_links for each row when (new.external_id is not null) execute function refuse_links()`)
  onTestFinished(async () => void (await system.unsafe('drop function if exists refuse_links cascade')))
  await signUp('aside@example.com')
  const file = join(desk.fresh.context.config.home, 'crm', 'fallback.jsonl')
  const lines = await until(async () => (await readFile(file, 'utf8').catch(() => '')).trim())
  expect(JSON.parse(lines.split('\n')[0]!)).toMatchObject({
    state: 'LoggedDbFailure',
    operation: 'add_user',
    external_id: personOf(standin, 'aside@example.com')!.id,
  })
  await system.unsafe('drop function refuse_links cascade')
  await hurry()
  await linked('aside@example.com')
  expect(standin.people()).toHaveLength(1)
})
