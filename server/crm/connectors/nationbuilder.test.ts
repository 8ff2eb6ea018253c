import { describe, expect, test } from 'vitest'
import { SUSTAINER_TAG } from '../../../test/crm/nationbuilder/nation.ts'
import { nationbuilderStandin } from '../../../test/crm/nationbuilder.ts'
import { editConnection } from '../connections/connections.ts'
import type { CrmConnectionManager, SustainerPage } from '../manager.ts'
import { answerOf, appUser, connecting, errorOf } from './connecting.fixture.ts'

const { desk, connect, open } = connecting()

describe.each(['v1', 'v2'] as const)('NationBuilder %s', version => {
  const nation = async (options: Parameters<typeof nationbuilderStandin>[0] = {}, settings: Record<string, string> = {}) => {
    const standin = await nationbuilderStandin({ version, ...options })
    return { ...(await connect('nationbuilder', standin, settings)), nation: standin.nation }
  }

  test('says which nation it is, and as whom', async () => {
    const { manager, standin } = await nation()
    const account = `${new URL(standin.url).host} (${version}), as staff@nation.test`
    expect(answerOf(await manager.getConnection())).toEqual({ account })
  })

  test('adds with our id and the lists as tags, once, also after the e-mail changed', async () => {
    const { manager, standin } = await nation()
    const first = answerOf(await manager.addUser(appUser({ lists: ['Newsletter', 'עברית'] })))
    expect(first.created).toBe(true)
    expect(answerOf(await manager.addUser(appUser({ email: 'sarah.j@example.com', lists: ['Newsletter'] })))).toEqual({
      external_id: first.external_id,
      created: false,
    })
    expect(standin.people()).toEqual([
      {
        id: first.external_id,
        email: 'sarah.j@example.com',
        first_name: 'Sarah',
        last_name: 'Johnson',
        our_id: '483920',
        old_id: null,
        lists: ['Newsletter', 'עברית'],
        sustains: false,
        in_review: false,
        is_deleted: false,
      },
    ])
  })

  test('takes no tag away from somebody who was there', async () => {
    const { manager, standin } = await nation()
    const id = standin.put({ email: 'Sarah@example.com', lists: ['Donors'], sustains: true })
    expect(answerOf(await manager.addUser(appUser({ lists: ['Newsletter'] })))).toEqual({ external_id: id, created: false })
    expect(standin.people()).toMatchObject([{ lists: ['Donors', 'Newsletter'], sustains: true, our_id: '483920' }])
  })

  test('leaves names as they are there when nobody told one, and writes those of every script', async () => {
    const { manager, standin } = await nation()
    standin.put({ email: 'sarah@example.com', first_name: 'Sarah' })
    answerOf(await manager.addUser(appUser({ first_name: null, last_name: null })))
    answerOf(
      await manager.addUser(
        appUser({ contact_id: 483921, email: 'b@example.com', first_name: '明', last_name: 'כהן-Ñandú 👩‍🌾' }),
      ),
    )
    expect(standin.people()).toMatchObject([
      { first_name: 'Sarah', last_name: null },
      { first_name: '明', last_name: 'כהן-Ñandú 👩‍🌾' },
    ])
  })

  test('writes what was told into the fields of the settings', async () => {
    const to = version === 'v1' ? '' : 'custom_values.'
    const fields = `topics = ${to}interests\nlanguage = language\nshoe size = ${to}plan`
    const { manager, nation: there } = await nation({}, { fields })
    answerOf(await manager.addUser(appUser({ properties: { topics: ['Torah', 'Talmud'], secret: 'x' } })))
    expect(there.members).toMatchObject([{ language: 'en', custom_values: { interests: 'Torah;Talmud' } }])
  })

  test('reports an e-mail that it refuses, and one that somebody else has', async () => {
    const { manager, standin } = await nation()
    const refused = errorOf(await manager.addUser(appUser({ email: 'not-an-email' })))
    expect(refused).toMatchObject({ kind: 'validation', message: expect.stringContaining('should look like an email address') })
    standin.put({ email: 'taken@example.com' })
    const { external_id } = answerOf(await manager.addUser(appUser()))
    expect(errorOf(await manager.changeUserEmail(external_id, 'taken@example.com'))).toMatchObject({ kind: 'duplicate' })
    answerOf(await manager.changeUserEmail(external_id, 'free@example.com'))
    expect(standin.people()[1]).toMatchObject({ id: external_id, email: 'free@example.com' })
  })

  test('subscribes an e-mail alone', async () => {
    const { manager, standin } = await nation()
    answerOf(await manager.addEmailToMailingLists('just@example.com', ['Newsletter', 'Events']))
    expect(standin.people()).toMatchObject([
      { email: 'just@example.com', our_id: null, first_name: null, lists: ['Newsletter', 'Events'] },
    ])
  })

  test('deletes spam only when all of its tags are junk, and marks it for review otherwise', async () => {
    const { manager, standin } = await nation()
    const junk = standin.put({ email: 'a@spam.test', lists: ['signed_up', 'SPAM'], in_review: true })
    const bare = standin.put({ email: 'b@spam.test' })
    const donor = standin.put({ email: 'c@spam.test', lists: ['Signed_Up', 'Donor 2019'] })
    expect(answerOf(await manager.markAsSpam(junk, 'review'))).toEqual({ deleted: false })
    for (const id of [junk, bare]) expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: true })
    expect(answerOf(await manager.markAsSpam(donor, 'delete'))).toEqual({ deleted: false })
    expect(answerOf(await manager.markAsSpam(junk, 'delete'))).toEqual({ deleted: true })
    expect(standin.people()).toMatchObject([{ is_deleted: true }, { is_deleted: true }, { is_deleted: false, in_review: true }])
  })

  test('says not_found of who is gone', async () => {
    const { manager } = await nation()
    const asked = [manager.getById('999'), manager.markForReview('999'), manager.markAsSpam('999', 'review')]
    const more = [manager.changeUserEmail('999', 'a@example.com'), manager.findByEmail('nobody@example.com')]
    for (const answer of [...asked, ...more]) expect(errorOf(await answer)).toMatchObject({ kind: 'not_found' })
  })

  test('finds by e-mail, by id and by the id of the CRM before', async () => {
    const { manager, standin } = await nation()
    const id = standin.put({ email: 'o+b@example.com', old_id: '0035e00000AcmeQAC' })
    const member = { external_id: id, email: 'o+b@example.com' }
    expect(answerOf(await manager.findByEmail('O+B@example.com'))).toEqual(member)
    expect(answerOf(await manager.getById(id))).toEqual(member)
    expect(manager.keepsOldIds()).toBe(true)
    expect(answerOf(await manager.findByOldId('0035e00000AcmeQAC'))).toEqual(member)
    expect(errorOf(await manager.findByOldId('0035'))).toMatchObject({ kind: 'not_found' })
    standin.put({ email: 'o+b@example.com', old_id: '0035e00000AcmeQAC' })
    expect(errorOf(await manager.findByEmail('o+b@example.com'))).toMatchObject({ kind: 'duplicate' })
    expect(errorOf(await manager.findByOldId('0035e00000AcmeQAC'))).toMatchObject({ kind: 'duplicate', existing_id: id })
  })

  test('keeps no ids of the CRM before unless a field is set for them', async () => {
    const { manager } = await nation({}, { old_id_field: '' })
    expect(manager.keepsOldIds()).toBe(false)
    expect(errorOf(await manager.findByOldId('1'))).toMatchObject({ kind: 'not_found' })
  })

  test('gives all tags as lists, page by page', async () => {
    const { manager, standin } = await nation({ most_per_page: 2 })
    standin.put({ lists: ['a', 'b', 'c', 'd', 'e'] })
    expect(answerOf(await manager.getAvailableLists())).toEqual(['Newsletter', 'Educators', 'עברית', 'a', 'b', 'c', 'd', 'e'])
  })

  test('reads all sustainers, though one stops to be one while they are read', async () => {
    const { manager, standin, nation: there } = await nation()
    const ids = Array.from({ length: 250 }, (_, number) => standin.put({ email: `${number}@example.com`, sustains: true }))
    standin.put({ email: 'no@example.com' })
    expect(await readAll(manager)).toEqual(new Set(ids))
    const read = await readAll(manager, page => page === 1 && there.untag(ids[7]!, SUSTAINER_TAG))
    expect(read).toEqual(new Set(ids))
  })

  test('says so when no tag of sustainers is set', async () => {
    const { manager } = await nation({}, { sustainer_tag: '' })
    expect(errorOf(await manager.readSustainers(null))).toMatchObject({ kind: 'validation' })
  })

  test('waits as long as its window lasts, also where the version tells that by its headers alone', async () => {
    const { manager } = await nation({ limit: { requests: 1, per_ms: 60_000 } })
    answerOf(await manager.findByEmail('a@example.com').then(() => ({ ok: true, value: null })))
    const { kind, retry_after_ms } = errorOf(await manager.findByEmail('a@example.com'))
    expect(kind).toBe('rate_limited')
    expect(retry_after_ms).toBeGreaterThan(30_000)
    expect(retry_after_ms).toBeLessThanOrEqual(61_000)
  })

  test('takes answers that are none for what they are', async () => {
    const { manager, standin } = await nation()
    const id = standin.put({ email: 'a@example.com', sustains: true })
    standin.fault({ status: 200, body: '<html>Please log in</html>' })
    expect(errorOf(await manager.getById(id))).toMatchObject({ kind: 'unexpected' })
    standin.fault({ status: 200, body: { person: { id: [] }, data: null, results: 'none' } })
    expect(errorOf(await manager.getById(id))).toMatchObject({ kind: 'unexpected' })
    standin.fault({ match: 'GET /api', skip: version === 'v1' ? 0 : 1, status: 200, body: { results: {}, data: {} } })
    expect(errorOf(await manager.readSustainers(null))).toMatchObject({ kind: 'unexpected' })
    standin.fault({ drop: 'mid_body' })
    expect((await manager.getById(id)).ok).toBe(false)
  })
})

describe('NationBuilder v1', () => {
  test('needs its token, and says so when it is refused', async () => {
    const without = await connect('nationbuilder', await nationbuilderStandin({ version: 'v1' }), { access_token: '' })
    expect(errorOf(await without.manager.getConnection())).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('API token'),
    })
    const { manager } = await connect('nationbuilder', await nationbuilderStandin({ version: 'v1' }), { access_token: 'wrong' })
    expect(errorOf(await manager.getConnection())).toMatchObject({ kind: 'auth', http_status: 401, code: 'unauthorized' })
  })
})

describe('NationBuilder v2', () => {
  test('keeps the new refresh token, so that the next process signs in with it', async () => {
    const { manager, standin, id } = await connect('nationbuilder', await nationbuilderStandin())
    answerOf(await manager.getConnection())
    standin.fault({ expire_tokens: true })
    const asked = await Promise.all(Array.from({ length: 20 }, () => manager.getConnection()))
    for (const one of asked) answerOf(one)
    expect(standin.signIns()).toBe(2)
    standin.fault({ expire_tokens: true })
    answerOf(await (await open(id)).getConnection())
    expect(standin.signIns()).toBe(3)
  })

  test('keeps it also when another setting is changed, and takes a new one that is typed', async () => {
    const { manager, standin, id } = await connect('nationbuilder', await nationbuilderStandin())
    answerOf(await manager.getConnection())
    const edit = (settings: Record<string, string>) =>
      desk.database.system.begin(sql => editConnection(sql, desk.workspace_id, id, { settings }, { kind: 'system' }, desk.config))
    await edit({ sustainer_tag: 'Monthly donor' })
    answerOf(await (await open(id)).getConnection())
    expect(standin.signIns()).toBe(2)
    await edit({ refresh_token: 'of another app' })
    expect(errorOf(await (await open(id)).getConnection())).toMatchObject({ code: 'invalid_grant' })
  })

  test('says what to do when the refresh token was used up', async () => {
    const { manager } = await connect('nationbuilder', await nationbuilderStandin(), { refresh_token: 'used' })
    expect(errorOf(await manager.getConnection())).toMatchObject({ kind: 'auth', code: 'invalid_grant' })
    const { manager: without } = await connect('nationbuilder', await nationbuilderStandin(), { refresh_token: '' })
    expect(errorOf(await without.getConnection())).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('refresh token'),
    })
  })

  test('does not take a token of v1', async () => {
    const standin = await nationbuilderStandin({ version: 'v1' })
    const { manager } = await connect('nationbuilder', standin, { version: 'v2' })
    expect(errorOf(await manager.getConnection())).toMatchObject({ kind: 'auth', code: 'token_upgrade_required' })
  })

  test('finds a tag by its name whatever its case, and one with a comma', async () => {
    const { manager, standin, nation } = await connect('nationbuilder', await nationbuilderStandin()).then(connection => ({
      ...connection,
      nation: (connection.standin as Awaited<ReturnType<typeof nationbuilderStandin>>).nation,
    }))
    standin.put({ lists: ['Paris, France'] })
    answerOf(await manager.addUser(appUser({ lists: ['NEWSLETTER', 'Paris, France'] })))
    expect(standin.people()[1]).toMatchObject({ lists: ['Newsletter', 'Paris, France'] })
    expect(nation.tags.map(({ name }) => name)).toEqual(['Newsletter', 'Educators', 'עברית', SUSTAINER_TAG, 'Paris, France'])
  })

  test('goes on when somebody else made the tag, or put it there, a moment before', async () => {
    const { manager, standin } = await connect('nationbuilder', await nationbuilderStandin())
    standin.put({ lists: ['Newsletter'] })
    standin.fault({ match: 'GET /api/v2/signup_tags', status: 200, body: { data: [], links: {}, meta: {} } })
    answerOf(await manager.addUser(appUser({ lists: ['Newsletter'] })))
    standin.fault({ match: 'POST /api/v2/signup_taggings', drop: 'after_commit' })
    const again = appUser({ contact_id: 483921, email: 'b@example.com', lists: ['Newsletter'] })
    expect((await manager.addUser(again)).ok).toBe(false)
    answerOf(await manager.addUser(again))
    expect(standin.people().map(({ lists }) => lists)).toEqual([['Newsletter'], ['Newsletter'], ['Newsletter']])
  })
})

/** By id; `between` is called after each page. */
async function readAll(manager: CrmConnectionManager, between: (page: number) => unknown = () => {}) {
  const ids = new Set<string>()
  let next: string | null = null
  for (let page = 1; page === 1 || next !== null; page++) {
    const read: SustainerPage = answerOf(await manager.readSustainers(next))
    for (const { external_id } of read.members) ids.add(external_id)
    next = read.next
    between(page)
  }
  return ids
}
