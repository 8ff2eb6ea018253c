import { describe, expect, test } from 'vitest'
import { type SalesforceOptions, salesforceStandin } from '../../../test/crm/salesforce.ts'
import { answerOf, appUser, connecting, errorOf } from './connecting.fixture.ts'

// What is Salesforce's own; the rest is asked of every connector in connectors.test.ts.

const { connect } = connecting()
const connected = async (options: SalesforceOptions = {}, settings: Record<string, string> = {}) =>
  connect('salesforce', await salesforceStandin(options), settings)

describe('signing in', () => {
  test.each([
    ['without a secret', {}, { client_secret: '' }, 'not set'],
    ['by JWT without a user', { auth: 'jwt' }, { username: '' }, 'not set'],
    ['by JWT with a key that is none', { auth: 'jwt' }, { private_key: 'my key' }, 'cannot be read'],
    ['by JWT for another login host', { auth: 'jwt' }, { audience: 'https://test.salesforce.com' }, 'audience is invalid'],
    ['by JWT, where the app wants a secret', { auth: 'jwt' }, { auth: 'client_credentials', client_secret: 'x' }, 'grant type'],
  ] as const)('%s says why not', async (_, options, settings, words) => {
    const { manager } = await connected(options, settings)
    const error = errorOf(await manager.getConnection())
    expect(error.kind).toBe('auth')
    expect(error.message).toContain(words)
  })

  test('an address that is no address is a value', async () => {
    const { manager } = await connected({}, { url: 'acme.my.salesforce.com' })
    expect(errorOf(await manager.getConnection()).kind).toBe('network')
  })

  test('a token in an answer that is not understood stands in no sentence', async () => {
    const { standin, manager } = await connected()
    standin.fault({ match: 'POST /services/oauth2/token', status: 200, body: 'access_token=00D-secret&token_type=Bearer' })
    const { kind, message } = errorOf(await manager.getConnection())
    expect(kind).toBe('unexpected')
    expect(message).not.toContain('00D-secret')
  })

  test('names the object that is not there, and the fields that it has not', async () => {
    const { manager } = await connected({}, { object: 'Member__c' })
    expect(errorOf(await manager.getConnection())).toMatchObject({
      kind: 'validation',
      message: expect.stringContaining('Member__c'),
    })
    const { manager: other } = await connected({}, { language_field: 'Tongue__c', fields: 'is_educator = Teaches__c' })
    const { kind, message } = errorOf(await other.getConnection())
    expect(kind).toBe('validation')
    expect(message).toMatch(/^App_User__c has no Tongue__c, Teaches__c,/)
  })

  test('a session that is void is renewed, whatever the status says', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@example.com' })
    answerOf(await manager.getById(id))
    standin.fault({ status: 403, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }] })
    expect(answerOf(await manager.getById(id)).external_id).toBe(id)
    expect(standin.signIns()).toBe(2)
  })
})

describe('adding somebody', () => {
  test('writes our contact id, the language by its name there, and what the settings give a field', async () => {
    const { standin, manager } = await connected({}, { languages: 'he = Hebrew\nen = English' })
    const properties = { is_educator: true, school: 'Oakwood' }
    const { external_id } = answerOf(await manager.addUser(appUser({ language: 'he', properties })))
    expect(external_id).toMatch(/^a0X\w{15}$/)
    expect(standin.people()).toEqual([expect.objectContaining({ id: external_id, our_id: '483920' })])
    const fields = { Language__c: 'Hebrew', Educator__c: true }
    expect(standin.record(external_id)).toMatchObject(fields)
    answerOf(await manager.addUser(appUser({ language: 'yi' })))
    expect(standin.record(external_id)).toMatchObject({ ...fields, Language__c: 'yi' })
  })

  test('several records with our id are a duplicate that a person has to look at', async () => {
    const { standin, manager } = await connected()
    const ids = [standin.put({ our_id: '483920' }), standin.put({ our_id: '483920' })]
    const error = errorOf(await manager.addUser(appUser()))
    expect(error).toMatchObject({ kind: 'duplicate', http_status: 300 })
    for (const id of ids) expect(error.message).toContain(id)
    expect(error).not.toHaveProperty('existing_id')
  })

  test.each([
    ['a duplicate rule', { duplicate_rule: true }],
    ['a duplicate rule, as it was spelt once', { duplicate_rule: 'misspelt' }],
    ['a unique field', { unique_email: true }],
  ] as const)('whom %s finds there already gets our id', async (_, options) => {
    const { standin, manager } = await connected(options)
    const external_id = standin.put({ email: 'Sarah@example.com'.toLowerCase(), first_name: 'S.' })
    expect(answerOf(await manager.addUser(appUser()))).toEqual({ external_id, created: false })
    expect(standin.people()).toEqual([expect.objectContaining({ id: external_id, our_id: '483920', first_name: 'Sarah' })])
  })

  test('who is there as another contact of ours stays that, and is named', async () => {
    const { standin, manager } = await connected({ unique_email: true })
    const id = standin.put({ email: 'sarah@example.com', our_id: '111111' })
    expect(errorOf(await manager.addUser(appUser()))).toMatchObject({ kind: 'duplicate', code: 'DUPLICATE_VALUE' })
    expect(standin.people()).toEqual([expect.objectContaining({ id, our_id: '111111' })])
  })

  test('a duplicate with another e-mail, which a rule found by name, is not taken for the same person', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'other@example.com' })
    const record = { attributes: { type: 'App_User__c' }, Id: id }
    const duplicateResult = { matchResults: [{ matchRecords: [{ record }] }] }
    const refusal = { errorCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?', duplicateResult }
    standin.fault({ match: 'PATCH', status: 400, body: [refusal] })
    expect(errorOf(await manager.addUser(appUser()))).toMatchObject({ kind: 'duplicate', existing_id: id })
    expect(standin.people()).toEqual([expect.objectContaining({ id, our_id: null })])
  })

  test.each([
    [
      'several records',
      [
        { Id: 'a0X5e0000000001AAA', type: 'App_User__c' },
        { Id: 'a0X5e0000000002AAA', type: 'App_User__c' },
      ],
    ],
    ['a record of another object', [{ Id: '00Q5e0000000001AAA', type: 'Lead' }]],
  ])('%s that stand in the way are none to use instead', async (_, matches) => {
    const { standin, manager } = await connected()
    answerOf(await manager.getConnection())
    const matchRecords = matches.map(({ Id, type }) => ({ record: { attributes: { type }, Id } }))
    const refusal = {
      errorCode: 'DUPLICATES_DETECTED',
      message: 'Use one?',
      duplicateResult: { matchResults: [{ matchRecords }] },
    }
    standin.fault({ match: 'PATCH', status: 400, body: [refusal] })
    const error = errorOf(await manager.addUser(appUser()))
    expect(error.kind).toBe('duplicate')
    expect(error).not.toHaveProperty('existing_id')
  })

  test('who told no last name has the e-mail for one, where one is needed, and it is not written again', async () => {
    const { standin, manager } = await connected({ needs_last_name: true })
    answerOf(await manager.addUser(appUser({ last_name: null })))
    expect(standin.people()).toEqual([expect.objectContaining({ last_name: 'sarah@example.com' })])
    answerOf(await manager.addUser(appUser()))
    answerOf(await manager.addUser(appUser({ last_name: null })))
    expect(standin.people()).toEqual([expect.objectContaining({ last_name: 'Johnson' })])
  })

  test('a record that somebody else writes to just now is tried later', async () => {
    const { standin, manager } = await connected()
    const body = [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record' }]
    answerOf(await manager.getConnection())
    standin.fault({ status: 400, body })
    expect(errorOf(await manager.addUser(appUser()))).toMatchObject({ kind: 'server', code: 'UNABLE_TO_LOCK_ROW' })
  })

  test('the lists are told to the flow even when the person was there already', async () => {
    const { standin, manager } = await connected()
    answerOf(await manager.addUser(appUser({ lists: ['Newsletter'] })))
    standin.fault({ match: 'POST /services/data', status: 503, body: '' })
    expect(errorOf(await manager.addUser(appUser({ lists: ['Educators'] }))).kind).toBe('server')
    answerOf(await manager.addUser(appUser({ lists: ['Educators'] })))
    expect(standin.people()).toEqual([expect.objectContaining({ lists: ['Newsletter', 'Educators'] })])
  })
})

describe('asking in SOQL', () => {
  test.each([
    "o'brien@example.com",
    'a\\b@example.com',
    "x' OR Email__c != '@example.com",
    "\\' OR Id != null LIMIT 1 --",
    'a\nb',
  ])('an e-mail stays a text: %j', async email => {
    const { standin, manager } = await connected()
    standin.put({ email: 'sarah@example.com' })
    expect(errorOf(await manager.findByEmail(email)).kind).toBe('not_found')
    const external_id = standin.put({ email })
    expect(answerOf(await manager.findByEmail(email))).toEqual({ external_id, email })
  })

  test('pages are followed at our address alone', async () => {
    const { standin, manager } = await connected()
    answerOf(await manager.getConnection())
    const page = (nextRecordsUrl: unknown) => ({ totalSize: 9, done: false, records: [], nextRecordsUrl })
    for (const elsewhere of ['https://elsewhere.example/', '//elsewhere.example/', '@elsewhere.example/', 'https://']) {
      standin.fault({ status: 200, body: page(elsewhere) })
      const { next } = answerOf(await manager.readSustainers(null))
      const before = standin.requests.length
      const followed = await manager.readSustainers(next)
      expect(errorOf(followed).kind).not.toBe('network')
      expect(standin.requests.slice(before).map(({ status }) => status)).not.toContain(200)
    }
    for (const nowhere of [undefined, '', 7]) {
      standin.fault({ status: 200, body: page(nowhere) })
      expect(errorOf(await manager.readSustainers(null)).kind).toBe('unexpected')
    }
  })

  test('a page with a record that has no id is no page: whoever it was would be taken for one who ended', async () => {
    const { standin, manager } = await connected()
    answerOf(await manager.getConnection())
    standin.fault({ status: 200, body: { totalSize: 2, done: true, records: [{ Id: 'a0X5e0000000001AAA' }, { Id: null }] } })
    expect(errorOf(await manager.readSustainers(null)).kind).toBe('unexpected')
  })

  test('how many sustain is said with every page', async () => {
    const { standin, manager } = await connected({ page_size: 2 })
    for (let k = 0; k < 5; k++) standin.put({ sustains: true })
    const first = answerOf(await manager.readSustainers(null))
    expect([first.total, answerOf(await manager.readSustainers(first.next)).total]).toEqual([5, 5])
  })

  test('lists are what the query of the settings finds', async () => {
    const { manager } = await connected({}, { lists_query: "SELECT Name FROM Campaign WHERE Name = 'Educators'" })
    expect(answerOf(await manager.getAvailableLists())).toEqual(['Educators'])
    const { manager: other } = await connected({}, { lists_query: 'SELECT FROM Campaign' })
    expect(errorOf(await other.getAvailableLists())).toMatchObject({ kind: 'validation', code: 'MALFORMED_QUERY' })
  })
})

test('what the settings do not name is not asked', async () => {
  const { standin, manager } = await connected({}, { sustainer_field: '', old_id_field: '' })
  const id = standin.put({ email: 'spam@example.com', old_id: 'nb-1' })
  expect(manager.keepsOldIds()).toBe(false)
  expect(errorOf(await manager.findByOldId('nb-1')).kind).toBe('not_found')
  expect(errorOf(await manager.readSustainers(null)).kind).toBe('validation')
  expect(standin.requests).toEqual([])
  expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: false })
  expect(standin.people()).toEqual([expect.objectContaining({ in_review: true, is_deleted: false })])
})

test('the limit of the day is a limit, and no matter of credentials', async () => {
  const { manager } = await connected({ daily_limit: 2 })
  for (let k = 0; k < 2; k++) answerOf(await manager.getConnection())
  expect(errorOf(await manager.addUser(appUser()))).toMatchObject({ kind: 'rate_limited', code: 'REQUEST_LIMIT_EXCEEDED' })
})

test('of a long story only the beginning stands in the log', async () => {
  const { standin, manager } = await connected()
  answerOf(await manager.getConnection())
  standin.fault({ status: 400, body: [{ errorCode: 'APEX_ERROR', message: 'caused by: '.repeat(10_000) }] })
  expect(errorOf(await manager.getById('a0X5e0000000001AAA')).message.length).toBeLessThan(1100)
})
