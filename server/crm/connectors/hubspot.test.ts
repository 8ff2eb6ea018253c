import { describe, expect, test } from 'vitest'
import { type HubSpotOptions, hubspotStandin } from '../../../test/crm/hubspot.ts'
import { answerOf, appUser, connecting, errorOf } from './connecting.fixture.ts'

// What is HubSpot's own; the rest is asked of every connector in connectors.test.ts.

const { connect } = connecting()

const connected = async (options: HubSpotOptions = {}, settings: Record<string, string> = {}) =>
  connect('hubspot', await hubspotStandin(options), settings)
const BY_OUR_ID = { id_property: 'throughline_id' }

describe('signing in', () => {
  test('says which account it is', async () => {
    const { manager } = await connected()
    expect(answerOf(await manager.getConnection())).toEqual({ account: 'HubSpot account 123456' })
  })

  test('without a token nothing is asked', async () => {
    const { standin, manager } = await connected({}, { token: '' })
    expect(errorOf(await manager.getConnection()).kind).toBe('auth')
    expect(standin.requests).toEqual([])
  })

  test('names the properties that contacts have not', async () => {
    const { manager } = await connected({}, { review_property: 'look_at', fields: 'school = school' })
    const { kind, message } = errorOf(await manager.getConnection())
    expect(kind).toBe('validation')
    expect(message).toContain('look_at, school')
  })
})

describe('adding somebody by e-mail', () => {
  test('writes the language and what the settings give a property, as texts', async () => {
    const { standin, manager } = await connected()
    const user = appUser({ language: 'he', properties: { is_educator: true, school: 'Oakwood' } })
    const { external_id } = answerOf(await manager.addUser(user))
    expect(standin.get(external_id)).toMatchObject({ hs_language: 'he', educator: 'true', email: 'sarah@example.com' })
  })

  test('finds who is there in capital letters, or with it as another e-mail', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@work.example' })
    standin.set(id, { hs_additional_emails: 'sarah@home.example;sarah@example.com' })
    expect(answerOf(await manager.addUser(appUser({ email: 'Sarah@Example.com' })))).toEqual({ external_id: id, created: false })
    expect(standin.people()).toEqual([expect.objectContaining({ id, email: 'sarah@work.example', first_name: 'Sarah' })])
  })

  test('nobody tells anything: it is only looked whether they are there', async () => {
    const { standin, manager } = await connected()
    const external_id = standin.put({ email: 'sarah@example.com', first_name: 'Sarah' })
    const silent = appUser({ first_name: null, last_name: null, language: null })
    expect(answerOf(await manager.addUser(silent))).toEqual({ external_id, created: false })
    expect(standin.people()).toEqual([expect.objectContaining({ first_name: 'Sarah' })])
  })

  test('a contact that was made in the meantime is used', async () => {
    const { standin, manager } = await connected()
    const external_id = standin.put({ email: 'sarah@example.com' })
    // Both say what they say while somebody else makes the contact.
    standin.fault({
      match: 'PATCH',
      status: 404,
      body: { status: 'error', message: 'resource not found', category: 'OBJECT_NOT_FOUND' },
    })
    const conflict = { status: 'error', message: `Contact already exists. Existing ID: ${external_id}`, category: 'CONFLICT' }
    standin.fault({ match: 'POST', status: 409, body: conflict })
    expect(answerOf(await manager.addUser(appUser()))).toEqual({ external_id, created: false })
    expect(standin.people()).toEqual([expect.objectContaining({ first_name: 'Sarah' })])
  })
})

describe.each([false, true])('adding somebody by our contact id, with 207: %s', multi_status => {
  test('finds them after their e-mail changed here', async () => {
    const { standin, manager } = await connected({ multi_status }, BY_OUR_ID)
    const { external_id } = answerOf(await manager.addUser(appUser()))
    const again = answerOf(await manager.addUser(appUser({ email: 'sarah@new.example' })))
    expect(again).toEqual({ external_id, created: false })
    expect(standin.people()).toEqual([expect.objectContaining({ id: external_id, our_id: '483920', email: 'sarah@new.example' })])
  })

  test('who is there by e-mail alone gets our id', async () => {
    const { standin, manager } = await connected({ multi_status }, BY_OUR_ID)
    answerOf(await manager.addEmailToMailingLists('sarah@example.com', ['Newsletter']))
    const { external_id, created } = answerOf(await manager.addUser(appUser()))
    expect(created).toBe(false)
    const person = { id: external_id, our_id: '483920', first_name: 'Sarah', lists: ['Newsletter'] }
    expect(standin.people()).toEqual([expect.objectContaining(person)])
  })

  test('who is there with it as another e-mail keeps the first one', async () => {
    const { standin, manager } = await connected({ multi_status }, BY_OUR_ID)
    const id = standin.put({ email: 'sarah@work.example' })
    standin.set(id, { hs_additional_emails: 'sarah@example.com' })
    expect(answerOf(await manager.addUser(appUser()))).toEqual({ external_id: id, created: false })
    expect(standin.people()).toEqual([expect.objectContaining({ email: 'sarah@work.example', our_id: '483920' })])
  })

  test('who is there as another contact of ours stays that, and is named', async () => {
    const { standin, manager } = await connected({ multi_status }, BY_OUR_ID)
    const existing_id = standin.put({ email: 'sarah@example.com', our_id: '111111' })
    expect(errorOf(await manager.addUser(appUser()))).toMatchObject({ kind: 'duplicate', code: 'CONFLICT', existing_id })
    expect(standin.people()).toEqual([expect.objectContaining({ our_id: '111111', first_name: null })])
  })

  test('an e-mail that is none is said as what it is', async () => {
    const { manager } = await connected({ multi_status }, BY_OUR_ID)
    const error = errorOf(await manager.addUser(appUser({ email: 'no address' })))
    expect(error).toMatchObject({ kind: 'validation', code: 'VALIDATION_ERROR', http_status: multi_status ? 207 : 400 })
    expect(error.message).toContain('INVALID_EMAIL')
  })
})

test('a batch that says nothing of its contact is no answer', async () => {
  const { standin, manager } = await connected({}, BY_OUR_ID)
  standin.fault({ status: 207, body: { status: 'COMPLETE', results: [] } })
  expect(errorOf(await manager.addUser(appUser())).kind).toBe('unexpected')
})

describe('lists', () => {
  test('are read to the last page, and companies and active lists are not among them', async () => {
    const { manager } = await connected({ page_size: 2 })
    expect(answerOf(await manager.getAvailableLists())).toEqual(['Newsletter', 'Educators', 'עברית'])
  })

  test('one that was made meanwhile is found, one that is not there is said, an active one cannot be joined', async () => {
    const { standin, manager } = await connected()
    answerOf(await manager.addEmailToMailingLists('reader@example.com', ['Newsletter']))
    standin.addList('Brand new', 'SNAPSHOT')
    answerOf(await manager.addEmailToMailingLists('reader@example.com', ['Brand new']))
    expect(standin.people()).toEqual([expect.objectContaining({ lists: ['Newsletter', 'Brand new'] })])
    for (const name of ['Of nobody', 'Sustainers', 'Companies that pay']) {
      const error = errorOf(await manager.addEmailToMailingLists('reader@example.com', [name]))
      expect(error).toMatchObject({ kind: 'validation', message: expect.stringContaining(name) })
    }
  })

  test('their names are read once', async () => {
    const { standin, manager } = await connected()
    for (let k = 0; k < 3; k++) answerOf(await manager.addEmailToMailingLists(`reader-${k}@example.com`, ['Newsletter']))
    expect(standin.requests.filter(({ path }) => path.endsWith('/lists/search'))).toHaveLength(1)
  })

  test('a contact that HubSpot cannot put on a list is said', async () => {
    const { standin, manager } = await connected()
    standin.fault({ match: 'PUT', status: 200, body: { recordsIdsAdded: [], recordIdsMissing: ['1'] } })
    expect(errorOf(await manager.addUser(appUser({ lists: ['Newsletter'] }))).kind).toBe('not_found')
  })

  test('pages that lead nowhere end', async () => {
    const { standin, manager } = await connected()
    standin.fault({ status: 200, body: { lists: [], hasMore: true, offset: 0, total: 5 }, times: 10 })
    expect(errorOf(await manager.getAvailableLists()).kind).toBe('unexpected')
  })
})

describe('spam', () => {
  test('with deals is not deleted', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@example.com' })
    standin.set(id, { num_associated_deals: '2' })
    expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: false })
    expect(standin.people()).toEqual([expect.objectContaining({ in_review: true, is_deleted: false })])
  })

  test('on more lists than a page holds is not deleted', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@example.com' })
    const body = { results: [{ listId: '77' }], paging: { next: { after: 'NTAw' } } }
    standin.fault({ match: 'GET /crm/v3/lists/records', status: 200, body })
    expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: false })
  })

  test('is not deleted while the list of sustainers is not found', async () => {
    const { standin, manager } = await connected({}, { sustainer_list: 'Friends' })
    const id = standin.put({ email: 'sarah@example.com' })
    expect(errorOf(await manager.markAsSpam(id, 'delete'))).toMatchObject({ kind: 'validation' })
    expect(standin.people()).toEqual([expect.objectContaining({ is_deleted: false })])
  })
})

test('sustainers may be a list by its id, and how many there are is said', async () => {
  const { standin, manager } = await connected({}, { sustainer_list: '4' })
  const id = standin.put({ sustains: true })
  expect(answerOf(await manager.readSustainers(null))).toEqual({
    members: [{ external_id: id, is_sustainer: true }],
    next: null,
    total: 1,
  })
})

test('what the settings do not name is not asked', async () => {
  const { standin, manager } = await connected({}, { sustainer_list: '', old_id_property: '' })
  const id = standin.put({ email: 'spam@example.com', old_id: 'nb-1' })
  expect(manager.keepsOldIds()).toBe(false)
  expect(errorOf(await manager.findByOldId('nb-1')).kind).toBe('not_found')
  expect(errorOf(await manager.readSustainers(null)).kind).toBe('validation')
  expect(standin.requests).toEqual([])
  expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: false })
})

test('an old id in a property that is not unique is a matter of the settings', async () => {
  const { manager } = await connected({}, { old_id_property: 'firstname' })
  expect(errorOf(await manager.findByOldId('nb-1')).kind).toBe('validation')
})

test('the limit of ten seconds says so, and a record that is locked passes', async () => {
  const { standin, manager } = await connected({ per_ten_seconds: 1 })
  const id = standin.put({ email: 'sarah@example.com' })
  answerOf(await manager.getById(id))
  expect(errorOf(await manager.getById(id))).toMatchObject({ kind: 'rate_limited', code: 'TEN_SECONDLY_ROLLING' })
  standin.fault({ status: 423, body: { status: 'error', message: 'This record is locked', category: 'LOCKED' } })
  expect(errorOf(await manager.getById(id)).kind).toBe('server')
})

test("errors carry the number by which HubSpot's support finds them", async () => {
  const { manager } = await connected()
  expect(errorOf(await manager.getById('1')).request_id).toMatch(/^[\da-f-]{36}$/)
})
