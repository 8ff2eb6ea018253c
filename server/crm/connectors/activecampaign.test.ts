import { expect, test } from 'vitest'
import { SUSTAINER_TAG } from '../../../test/crm/activecampaign/account.ts'
import { type ActivecampaignOptions, activecampaignStandin } from '../../../test/crm/activecampaign.ts'
import { activecampaign } from './activecampaign/provider.ts'
import { answerOf, appUser, connecting, errorOf, readAllSustainers } from './connecting.fixture.ts'

// What holds for every CRM is in connectors.test.ts. Here is what only ActiveCampaign does.

const { connect } = connecting()

/** In no hurry only where there is a limit. */
async function connected(options: ActivecampaignOptions = {}, settings: Record<string, string> = {}) {
  activecampaign.pace.requests = options.limit ? 5 : 1000
  const standin = await activecampaignStandin({ limit: { requests: 1000, per_ms: 1000 }, ...options })
  const { manager } = await connect('activecampaign', standin, settings)
  return { standin, manager, account: standin.account }
}

test('keeps to five requests a second, so that nothing is refused', async () => {
  const { standin, manager } = await connected({ limit: { requests: 5, per_ms: 400 } })
  const id = standin.put({ email: 'sarah@example.com' })
  for (const result of await Promise.all(Array.from({ length: 12 }, () => manager.getById(id)))) answerOf(result)
  expect(standin.requests.filter(({ status }) => status === 429)).toEqual([])
})

test('says when to come again when somebody else used up the limit', async () => {
  const { standin, manager } = await connected({ limit: { requests: 1, per_ms: 30_000 } })
  const id = standin.put({ email: 'sarah@example.com' })
  answerOf(await manager.getById(id))
  const { kind, retry_after_ms } = errorOf(await manager.getById(id))
  expect(kind).toBe('rate_limited')
  expect(retry_after_ms).toBeGreaterThan(0)
})

test('finds the member by our id where the e-mail changed on either side', async () => {
  const { standin, manager } = await connected()
  const { external_id } = answerOf(await manager.addUser(appUser()))
  expect(answerOf(await manager.addUser(appUser({ email: 'sarah@new.example' })))).toEqual({ external_id, created: false })
  expect(standin.people()).toMatchObject([{ id: external_id, email: 'sarah@new.example', our_id: '483920' }])
})

test('adds somebody anew whose contact was deleted, though the value of its field is still found', async () => {
  const { standin, manager, account } = await connected()
  const gone = standin.put({ email: 'sarah@example.com', is_deleted: true })
  const field = account.fieldId('THROUGHLINE_ID')
  const body = { fieldValues: [{ id: '9', contact: gone, field, value: '483920' }], meta: { total: '1' } }
  standin.fault({ match: 'GET /api/3/fieldValues', status: 200, body })
  expect(answerOf(await manager.addUser(appUser()))).toMatchObject({ created: true })
})

test('takes the e-mail of somebody else for what it is', async () => {
  const { standin, manager } = await connected()
  standin.put({ email: 'taken@example.com' })
  const { external_id } = answerOf(await manager.addUser(appUser()))
  const taken = { kind: 'duplicate', code: 'duplicate', message: expect.stringContaining('already exists') }
  expect(errorOf(await manager.changeUserEmail(external_id, 'taken@example.com'))).toMatchObject(taken)
})

test('says which field or list is missing, and writes nothing then', async () => {
  const { standin, manager } = await connected({}, { id_field: '%OUR_ID%' })
  expect(errorOf(await manager.getConnection())).toMatchObject({ kind: 'validation' })
  expect(errorOf(await manager.addUser(appUser()))).toMatchObject({
    kind: 'validation',
    message: expect.stringContaining('OUR_ID'),
  })
  const other = await connected()
  const answer = await other.manager.addUser(appUser({ lists: ['Newsletter', 'Nowhere'] }))
  expect(errorOf(answer)).toMatchObject({ kind: 'validation', message: expect.stringContaining('Nowhere') })
  expect([...standin.people(), ...other.standin.people()]).toEqual([])
})

test('finds a list that was made after it had read them', async () => {
  const { standin, manager, account } = await connected({ most_per_page: 2 })
  answerOf(await manager.addUser(appUser({ lists: ['Newsletter'] })))
  account.lists.push({ id: account.id(), name: 'Of today' })
  answerOf(await manager.addUser(appUser({ lists: ['of today'] })))
  expect(standin.people()).toMatchObject([{ lists: ['Newsletter', 'Of today'] }])
})

test('does not put somebody back on a list that they left, unless they ask for it', async () => {
  const { standin, manager, account } = await connected()
  const { external_id } = answerOf(await manager.addUser(appUser({ lists: ['Newsletter', 'Educators'] })))
  for (const { list } of account.contactLists) account.setList(external_id, list, '2')
  answerOf(await manager.addUser(appUser({ lists: ['Newsletter', 'Educators'] })))
  expect(standin.people()).toMatchObject([{ lists: [] }])
  answerOf(await manager.addEmailToMailingLists('sarah@example.com', ['Newsletter']))
  expect(standin.people()).toMatchObject([{ lists: ['Newsletter'] }])
  expect(account.contactLists).toMatchObject([{ status: '1', sourceid: '4' }, { status: '2' }])
})

test('writes what was told into the fields of the settings, several values as it wants them', async () => {
  const { manager, account } = await connected({}, { fields: 'topics = INTERESTS\nlanguage = LANGUAGE' })
  answerOf(await manager.addUser(appUser({ properties: { topics: ['Torah', 'Talmud'], other: 1 } })))
  const values = account.fieldValues.map(({ field, value }) => [account.fields.find(({ id }) => id === field)!.name, value])
  expect(values).toEqual([
    ['THROUGHLINE_ID', '483920'],
    ['INTERESTS', '||Torah||Talmud||'],
    ['LANGUAGE', 'en'],
  ])
})

test('reads all sustainers, though one stops to be one while they are read', async () => {
  const { standin, manager, account } = await connected()
  const ids = Array.from({ length: 250 }, (_, number) => standin.put({ email: `${number}@example.com`, sustains: true }))
  const read = await readAllSustainers(manager, page => page === 1 && account.untag(ids[7]!, SUSTAINER_TAG))
  expect(read).toEqual(new Set(ids))
})

test('reads sustainers from a list, without those who left it', async () => {
  const { standin, manager, account } = await connected({}, { sustainer_tag: '', sustainer_list: 'Educators' })
  const [first, second] = ['a', 'b'].map(name => standin.put({ email: `${name}@example.com`, lists: ['Educators'] }))
  const gone = standin.put({ email: 'c@example.com' })
  account.setList(gone, account.lists[1]!.id, '2')
  expect(await readAllSustainers(manager)).toEqual(new Set([first, second]))
  expect(answerOf(await manager.markAsSpam(first!, 'delete'))).toEqual({ deleted: false })
  expect(answerOf(await manager.markAsSpam(gone, 'delete'))).toEqual({ deleted: true })
})

test('an empty page of which it says that there are more is no end', async () => {
  const { standin, manager } = await connected()
  standin.put({ email: 'a@example.com', sustains: true })
  answerOf(await manager.readSustainers(null))
  standin.fault({ status: 200, body: { contacts: [], meta: { total: '1' } } })
  expect(errorOf(await manager.readSustainers(null))).toMatchObject({
    kind: 'unexpected',
    message: expect.stringContaining('1 more'),
  })
})

test('says so when it was not told who sustains', async () => {
  const { manager } = await connected({}, { sustainer_tag: '' })
  expect(errorOf(await manager.readSustainers(null))).toMatchObject({ kind: 'validation' })
  const other = await connected({}, { sustainer_tag: 'Nobody has it' })
  expect(errorOf(await other.manager.readSustainers(null))).toMatchObject({ kind: 'validation' })
})

test('keeps spam with a deal, with a tag that is not junk, or with more tags than it shows', async () => {
  const { standin, manager, account } = await connected({}, { junk_tags: 'Signed up\nspam\nnever made' })
  const put = (email: string, tags: string[]) => {
    const id = standin.put({ email })
    for (const name of tags) account.putTag(id, account.makeTag(name).id)
    return id
  }
  const junk = put('junk@example.com', ['signed up', 'SPAM', 'Manual review required'])
  const donor = put('donor@example.com', ['Signed up', 'Donor'])
  const dealt = put('dealt@example.com', [])
  account.find(dealt)!.deals.push({ id: '1' })
  const many = put('many@example.com', [])
  for (let n = 0; n < 25; n++) account.contactTags.push({ id: account.id(), contact: many, tag: account.tagNamed('spam')!.id })
  expect(answerOf(await manager.markAsSpam(junk, 'delete'))).toEqual({ deleted: true })
  for (const id of [donor, dealt, many]) expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: false })
  expect(standin.people().map(({ is_deleted, in_review }) => is_deleted || in_review)).toEqual([true, true, true, true])
})

test('takes the API address with the version behind it', async () => {
  const standin = await activecampaignStandin()
  const { manager } = await connect('activecampaign', standin, { url: `${standin.url}/api/3/` })
  expect(answerOf(await manager.getConnection()).account).toBe(`${new URL(standin.url).host}, as api`)
})

test.each([
  [
    { errors: [{ title: 'Field is wrong', detail: 'Too long', code: 'too_long' }] },
    422,
    'validation',
    'too_long Field is wrong: Too long',
  ],
  [{ message: 'No Result found for FieldValue with id 10' }, 403, 'not_found', 'No Result found'],
  [{ error: 'Payment is due' }, 402, 'unexpected', 'Payment is due'],
  ['Service is down', 503, 'server', 'Service is down'],
])('reads %j', async (body, status, kind, words) => {
  const { standin, manager } = await connected()
  standin.fault({ status, body })
  expect(errorOf(await manager.getById('1'))).toMatchObject({ kind, message: expect.stringContaining(words) })
})
