import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ContactCrm, CrmConnection, CrmLink, CrmLogEntry, MailingListMember } from '../../shared/crm.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type SalesforceOptions, salesforceStandin } from '../../test/crm/salesforce.ts'
import type { Standin } from '../../test/crm/standin.ts'
import { basic, batch, bearer, identify, track } from '../../test/people.ts'
import { open } from '../database/connect.ts'

type Answer<T> = { status: number; body: T }

let fresh: FreshApp
let nobody = 0

beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  fresh.work()
})
/** Each test has a CRM of its own, and lists of its own. */
afterEach(async () => {
  await fresh.database.system`delete from crm_connections`
  await fresh.database.system`delete from mailing_lists`
  await fresh.database.system`delete from crm_log`
})

async function ask<T>(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, payload?: object): Promise<Answer<T>> {
  const headers = bearer(fresh.secret_key)
  const answer = await fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.body === '' ? (undefined as T) : answer.json<T>() }
}

async function send(...messages: object[]) {
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    payload: batch(...messages),
    headers: basic(fresh.write_key),
  })
  expect(answer.json()).toEqual({ success: true })
}

/** Somebody new registers, in the language of the page, and tells something. */
async function signUp(email: string, { locale = 'en-US', ...told }: { locale?: string } & Record<string, unknown> = {}) {
  const anonymousId = `visitor ${++nobody} of ${email}`
  const properties = { email, first_name: 'Sarah', last_name: "O'Brien", ...told }
  await send({ ...track('registration', { anonymousId, properties }), context: { locale } })
  return anonymousId
}

async function until<T>(read: () => Promise<T | undefined | null | false>): Promise<T> {
  for (;;) {
    const found = await read()
    if (found) return found
    await sleep(20)
  }
}

async function connect(options: SalesforceOptions = {}, settings: object = {}) {
  const standin = await salesforceStandin(options)
  onTestFinished(() => standin.close())
  const given = { provider: 'salesforce', settings: standin.settings, ...settings }
  const { body } = await ask<CrmConnection>('POST', '/crm/connections', given)
  return { standin, connection: body }
}

const linkOf = async (email: string, connection?: CrmConnection) => {
  const { body } = await ask<{ data: CrmLink[] }>('GET', `/crm/links?q=${encodeURIComponent(email)}`)
  return body.data.find(link => !connection || link.connection_id === connection.id)
}
const linked = (email: string, connection?: CrmConnection) =>
  until(async () => {
    const link = await linkOf(email, connection)
    return link?.external_id && !link.due ? link : null
  })
const failures = async () => (await ask<{ data: CrmLogEntry[] }>('GET', '/crm/log')).body.data
const personOf = (standin: Standin, email: string) => standin.people().find(person => person.email === email)
/** What waits for its time is due now. */
const hurry = () => fresh.database.system`
  with due as (update jobs set run_at = now() where queue = 'crm_tell' and state = 'queued' returning id)
  select pg_notify('throughline_jobs', 'crm_tell') from due`

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
  await fresh.database.system`update crm_connections set wait_until = null`
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

describe('mailing lists', () => {
  const makeList = async (name: string, rule: object = {}) =>
    (await ask<{ id: number }>('POST', '/crm/lists', { name, ...rule })).body.id
  const membersOf = async (id: number) =>
    (await ask<{ data: MailingListMember[] }>('GET', `/crm/lists/${id}/contacts`)).body.data.map(({ email }) => email)

  test('are joined by language and by what was told at sign-up, and the CRM is told with the sign-up', async () => {
    const { standin } = await connect()
    const english = await makeList('Newsletter', { languages: ['en'] })
    const hebrew = await makeList('עברית', { languages: ['he'] })
    const educators = await makeList('Educators', { languages: ['en'], property: 'educator' })
    await signUp('teacher@example.com', { educator: true })
    await signUp('reader@example.com', { educator: false })
    await signUp('moshe@example.com', { locale: 'he_IL' })
    for (const email of ['teacher', 'reader', 'moshe']) await linked(`${email}@example.com`)
    expect(await membersOf(english)).toEqual(['reader@example.com', 'teacher@example.com'])
    expect(await membersOf(hebrew)).toEqual(['moshe@example.com'])
    expect(await membersOf(educators)).toEqual(['teacher@example.com'])
    expect(personOf(standin, 'teacher@example.com')!.lists.sort()).toEqual(['Educators', 'Newsletter'])
    expect(personOf(standin, 'moshe@example.com')!.lists).toEqual(['עברית'])
  })

  test('take an e-mail alone, by an event or by the API, of somebody who is not known here', async () => {
    const { standin } = await connect()
    const id = await makeList('Newsletter')
    const properties = { email: 'Only@Example.com', lists: ['newsletter', 'one that is none'] }
    await send(track('mailing_list_signup', { anonymousId: 'a reader', properties }))
    await until(async () => personOf(standin, 'only@example.com')?.lists.includes('Newsletter'))
    const joined = await ask<MailingListMember>('POST', `/crm/lists/${id}/contacts`, { email: 'by-api@example.com' })
    expect(joined).toMatchObject({ status: 201, body: { email: 'by-api@example.com', contact_id: null, source: 'api' } })
    await until(async () => personOf(standin, 'by-api@example.com')?.lists.includes('Newsletter'))
    expect(await membersOf(id)).toEqual(['by-api@example.com', 'only@example.com'])
    expect((await ask('POST', `/crm/lists/${id}/contacts`, { email: 'no address' })).status).toBe(422)
    expect(await linkOf('only@example.com')).toBeUndefined()
  })

  test('are not joined again by who left, nor by who was there before the list', async () => {
    await connect()
    const before = await signUp('before@example.com')
    await linked('before@example.com')
    const id = await makeList('Newsletter')
    const later = await signUp('later@example.com')
    await linked('later@example.com')
    expect(await membersOf(id)).toEqual(['later@example.com'])
    expect((await ask('DELETE', `/crm/lists/${id}/contacts/later@example.com`)).status).toBe(204)
    await send(track('came back', { anonymousId: later }), track('came back', { anonymousId: before }))
    await signUp('another@example.com')
    await linked('another@example.com')
    expect(await membersOf(id)).toEqual(['another@example.com'])
  })
})

describe('marks', () => {
  const mark = (id: number, mark: string) => ask<ContactCrm>('PUT', `/contacts/${id}/crm-mark`, { mark, note: 'sells pills' })

  test('spam is for review by default', async () => {
    const { standin } = await connect()
    await signUp('pills@example.com')
    const { contact_id } = await linked('pills@example.com')
    expect((await mark(contact_id, 'spam')).body.mark).toMatchObject({ mark: 'spam', note: 'sells pills' })
    await until(async () => personOf(standin, 'pills@example.com')!.in_review)
    expect(personOf(standin, 'pills@example.com')).toMatchObject({ is_deleted: false })
    expect((await ask<ContactCrm>('DELETE', `/contacts/${contact_id}/crm-mark`)).body.mark).toBeNull()
  })

  test('by policy it is deleted there, and is not added again', async () => {
    const { standin } = await connect({}, { spam_policy: 'delete' })
    const visitor = await signUp('junk@example.com')
    const { contact_id } = await linked('junk@example.com')
    await mark(contact_id, 'spam')
    await until(async () => personOf(standin, 'junk@example.com')!.is_deleted)
    await linked('junk@example.com')
    await send(track('came back', { anonymousId: visitor }))
    await signUp('after@example.com')
    await linked('after@example.com')
    expect(
      standin
        .people()
        .filter(({ is_deleted }) => !is_deleted)
        .map(({ email }) => email),
    ).toEqual(['after@example.com'])
  })
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

test('two CRMs at once are both told, and one that is switched off hears everything when it is switched on', async () => {
  const one = await connect()
  const two = await connect({}, { name: 'The new one', active: false })
  await signUp('both@example.com')
  await linked('both@example.com', one.connection)
  expect(await linkOf('both@example.com', two.connection)).toMatchObject({ external_id: null, due: true })
  await ask('PATCH', `/crm/connections/${two.connection.id}`, { active: true })
  await linked('both@example.com', two.connection)
  expect([one, two].map(({ standin }) => standin.people().length)).toEqual([1, 1])
})

test('what the database cannot take is kept in a file beside it, on the disk', async () => {
  const { standin } = await connect()
  const system = open(fresh.database.url)
  onTestFinished(() => system.end())
  await system.unsafe(`
    create function refuse_links() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
    create trigger refuse_links before update on crm_links for each row when (new.external_id is not null) execute function refuse_links()`)
  onTestFinished(async () => void (await system.unsafe('drop function if exists refuse_links cascade')))
  await signUp('aside@example.com')
  const file = join(fresh.context.config.home, 'crm', 'fallback.jsonl')
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

test('ids from elsewhere are stored in one request; what is wrong is said of each', async () => {
  const { connection } = await connect({}, { active: false })
  await signUp('member@old.example')
  await until(() => linkOf('member@old.example'))
  const links = [
    { email: 'member@old.example', external_id: 'NB-1' },
    { email: 'member@old.example', external_id: 'NB-2' },
    { email: 'stranger@old.example', external_id: 'NB-3' },
    { contact_id: 999_999_999, external_id: 'NB-1' },
  ]
  const { body } = await ask<{ stored: number; refused: { index: number }[] }>(
    'POST',
    `/crm/connections/${connection.id}/links`,
    { links },
  )
  expect(body.stored).toBe(1)
  expect(body.refused.map(({ index }) => index)).toEqual([1, 2, 3])
  expect(await linkOf('NB-1')).toMatchObject({ email: 'member@old.example', due: false })
  expect((await ask('DELETE', `/crm/connections/${connection.id}`)).body).toMatchObject({ error: { code: 'in_use' } })
  expect((await ask('DELETE', `/crm/connections/${connection.id}?drop_links=true`)).status).toBe(204)
})

test('an id that is let go is gone here, the CRM is told nothing, and they are not added again by themselves', async () => {
  const { standin, connection } = await connect()
  await signUp('let-go@example.com')
  const { contact_id } = await linked('let-go@example.com')
  const asked = standin.people().length
  expect((await ask('DELETE', `/crm/connections/${connection.id}/links/${contact_id}`)).status).toBe(204)
  expect((await ask('DELETE', `/crm/connections/${connection.id}/links/${contact_id}`)).status).toBe(404)
  expect(await linkOf('let-go@example.com')).toBeUndefined()
  await ask('PATCH', `/contacts/${contact_id}`, { email: 'gone@example.com' })
  await signUp('after-that@example.com')
  await linked('after-that@example.com')
  expect(await linkOf('gone@example.com')).toBeUndefined()
  expect(standin.people().length).toBe(asked + 1)
  const links = [{ email: 'gone@example.com', external_id: 'given-by-hand' }]
  await ask('POST', `/crm/connections/${connection.id}/links`, { links })
  expect(await linkOf('gone@example.com')).toMatchObject({ external_id: 'given-by-hand' })
})

test('secrets are shown to nobody, and stay when they are not given again', async () => {
  const { connection, standin } = await connect()
  expect(connection.secrets).toEqual(['client_secret'])
  expect(JSON.stringify(connection)).not.toContain(standin.settings.client_secret)
  const { body } = await ask<CrmConnection>('PATCH', `/crm/connections/${connection.id}`, {
    name: 'Ours',
    settings: { version: '61.0' },
  })
  expect(body).toMatchObject({ name: 'Ours', secrets: ['client_secret'], is_complete: true })
  const unknown = await ask<{ error: { fields: object } }>('PATCH', `/crm/connections/${connection.id}`, {
    settings: { colour: 'red' },
  })
  expect(unknown.body.error.fields).toEqual({ 'settings.colour': 'is not a setting of Salesforce' })
  expect((await ask('POST', `/crm/connections/${connection.id}/tests`)).body).toMatchObject({ ok: true })
})
