import { describe, expect, test } from 'vitest'
import { SUSTAINER_TAG } from '../../../test/crm/nationbuilder/nation.ts'
import { nationbuilderStandin } from '../../../test/crm/nationbuilder.ts'
import { editConnection } from '../connections/connections.ts'
import { answerOf, appUser, connecting, errorOf, readAllSustainers } from './connecting.fixture.ts'

// What holds for every CRM is in connectors.test.ts. Here is what only NationBuilder does.

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

  test('takes no tag away from somebody who was there', async () => {
    const { manager, standin } = await nation()
    const id = standin.put({ email: 'Sarah@example.com', lists: ['Donors'], sustains: true })
    expect(answerOf(await manager.addUser(appUser({ lists: ['Newsletter'] })))).toEqual({ external_id: id, created: false })
    expect(standin.people()).toMatchObject([{ lists: ['Donors', 'Newsletter'], sustains: true, our_id: '483920' }])
  })

  test('writes what was told into the fields of the settings', async () => {
    const to = version === 'v1' ? '' : 'custom_values.'
    const fields = `topics = ${to}interests\nlanguage = language\nshoe size = ${to}plan`
    const { manager, nation: there } = await nation({}, { fields })
    answerOf(await manager.addUser(appUser({ properties: { topics: ['Torah', 'Talmud'], secret: 'x' } })))
    expect(there.members).toMatchObject([{ language: 'en', custom_values: { interests: 'Torah;Talmud' } }])
  })

  test('takes the e-mail of somebody else for what it is', async () => {
    const { manager, standin } = await nation()
    standin.put({ email: 'taken@example.com' })
    const { external_id } = answerOf(await manager.addUser(appUser()))
    expect(errorOf(await manager.changeUserEmail(external_id, 'taken@example.com'))).toMatchObject({ kind: 'duplicate' })
  })

  test('finds by our id, also after the e-mail changed', async () => {
    const { manager, standin } = await nation()
    const { external_id } = answerOf(await manager.addUser(appUser({ lists: ['Newsletter'] })))
    const again = await manager.addUser(appUser({ email: 'sarah.j@example.com', lists: ['Newsletter'] }))
    expect(answerOf(again)).toEqual({ external_id, created: false })
    expect(standin.people()).toMatchObject([{ email: 'sarah.j@example.com', our_id: '483920', lists: ['Newsletter'] }])
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

  test('says who has an id of the CRM before, when several do', async () => {
    const { manager, standin } = await nation()
    const [id] = ['a', 'b'].map(name => standin.put({ email: `${name}@example.com`, old_id: '0035e00000AcmeQAC' }))
    expect(errorOf(await manager.findByOldId('0035e00000AcmeQAC'))).toMatchObject({ kind: 'duplicate', existing_id: id })
    expect(errorOf(await manager.findByOldId('0035'))).toMatchObject({ kind: 'not_found' })
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
    expect(await readAllSustainers(manager)).toEqual(new Set(ids))
    const read = await readAllSustainers(manager, page => page === 1 && there.untag(ids[7]!, SUSTAINER_TAG))
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
