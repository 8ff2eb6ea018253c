import { describe, expect, test } from 'vitest'
import type { Standin } from '../../../test/crm/standin.ts'
import type { CrmConnectionManager } from '../manager.ts'
import { CANDIDATES } from './candidates.fixture.ts'
import { answerOf, appUser, connecting, errorOf } from './connecting.fixture.ts'

// What holds for every CRM, asked over its stand-in, through a connection that was stored and opened as the server does.

const { connect, open } = connecting()

const NAMES = [
  ['Hebrew', 'שרה', 'יוחננוב־כהן'],
  ['Arabic', 'سارة', 'الجونسون'],
  ['Chinese', '莎拉', '约翰逊'],
  ['emoji', '👩🏽‍🚀', 'O👩‍👩‍👧‍👦'],
  ['an apostrophe, a backslash and quotation marks', 'Miles\\', `O'Brien "the third"`],
  ['accents that are combined and not', 'Zoe\u0308', 'Núñez'],
] as const

describe.each(CANDIDATES)('$title', ({ provider, open: openStandin, wrong_credentials, signs_in, askForTwo }) => {
  const connected = async (page_size?: number) => connect(provider, await openStandin(page_size))
  /** Those with the e-mail that are not deleted. */
  const withEmail = (standin: Standin, email: string) =>
    standin.people().filter(person => person.email === email && !person.is_deleted)

  describe('signing in', () => {
    test('says which account lets us in', async () => {
      const { manager } = await connected()
      expect(answerOf(await manager.getConnection()).account).not.toBe('')
    })

    test('wrong credentials are a matter of credentials, and are not repeated in the log', async () => {
      const standin = await openStandin()
      const { manager } = await connect(provider, standin, wrong_credentials)
      const { kind, message } = errorOf(await manager.getConnection())
      expect(kind).toBe('auth')
      for (const credential of Object.values(wrong_credentials)) expect(message).not.toContain(credential)
      expect(errorOf(await manager.addUser(appUser())).kind).toBe('auth')
      expect(standin.people()).toEqual([])
    })

    if (signs_in) {
      test('happens once for fifty who come at the same time, and again once when the token runs out', async () => {
        const { standin, manager } = await connected()
        const id = standin.put({ email: 'sarah@example.com' })
        const fifty = () => Promise.all(Array.from({ length: 50 }, () => manager.getById(id)))
        expect((await fifty()).filter(result => !result.ok)).toEqual([])
        expect(standin.signIns()).toBe(1)
        standin.fault({ expire_tokens: true })
        expect((await fifty()).filter(result => !result.ok)).toEqual([])
        expect(standin.signIns()).toBe(2)
      })

      test('is remembered by whoever opens the connection next', async () => {
        const { standin, id, manager } = await connected()
        answerOf(await manager.getConnection())
        answerOf(await (await open(id)).getConnection())
        expect(standin.signIns()).toBe(1)
      })
    }

    test('one refusal of the token by mistake is got over, also among fifty', async () => {
      const { standin, manager } = await connected()
      const id = standin.put({ email: 'sarah@example.com' })
      answerOf(await manager.getConnection())
      standin.fault({ status: 401, body: '' })
      const results = await Promise.all(Array.from({ length: 50 }, () => manager.getById(id)))
      expect(results.filter(result => !result.ok)).toEqual([])
    })

    test('a token that is refused twice is a matter of credentials, after exactly one more try', async () => {
      const { standin, manager } = await connected()
      const id = standin.put({ email: 'sarah@example.com' })
      answerOf(await manager.getById(id))
      const before = standin.requests.length
      const asked = standin.requests.at(-1)!
      standin.fault({ match: `${asked.method} ${asked.path}`, status: 401, body: '', times: 100 })
      expect(errorOf(await manager.getById(id)).kind).toBe('auth')
      expect(standin.requests.slice(before).filter(request => request.status === 401)).toHaveLength(2)
    })
  })

  describe('adding somebody', () => {
    test('makes a record, and finds it when it is done again', async () => {
      const { standin, manager } = await connected()
      const added = answerOf(await manager.addUser(appUser()))
      expect(added.created).toBe(true)
      const person = { id: added.external_id, email: 'sarah@example.com', first_name: 'Sarah', last_name: 'Johnson' }
      expect(standin.people()).toEqual([expect.objectContaining(person)])
      expect(answerOf(await manager.addUser(appUser()))).toEqual({ external_id: added.external_id, created: false })
      expect(standin.people()).toHaveLength(1)
    })

    test('makes nobody twice, whichever answer was lost', async () => {
      const { standin, manager } = await connected()
      answerOf(await manager.getConnection())
      for (let k = 0, lost = true; lost; k++) {
        const user = appUser({ contact_id: 500_000 + k, email: `lost-${k}@example.com`, lists: ['Newsletter'] })
        standin.fault({ skip: k, drop: 'after_commit' })
        const first = await manager.addUser(user)
        lost = !first.ok
        if (!first.ok) expect(first.error.kind).toBe('network')
        standin.heal()
        const { external_id } = answerOf(await manager.addUser(user))
        expect(withEmail(standin, user.email)).toEqual([expect.objectContaining({ id: external_id, lists: ['Newsletter'] })])
        expect(k).toBeLessThan(10)
      }
    })

    test('makes one record for twenty who do it at once', async () => {
      const { standin, manager } = await connected()
      const results = await Promise.all(Array.from({ length: 20 }, () => manager.addUser(appUser())))
      expect(new Set(results.map(result => answerOf(result).external_id)).size).toBe(1)
      expect(standin.people()).toHaveLength(1)
    })

    test.each(NAMES)('keeps names: %s', async (_, first_name, last_name) => {
      const { standin, manager } = await connected()
      answerOf(await manager.addUser(appUser({ first_name, last_name })))
      expect(standin.people()).toEqual([expect.objectContaining({ first_name, last_name })])
    })

    test('leaves a name that nobody told as it is', async () => {
      const { standin, manager } = await connected()
      const nameless = { first_name: null, last_name: null, language: null }
      const made = appUser({ contact_id: 111_111, email: 'nobody@example.com', ...nameless })
      answerOf(await manager.addUser(made))
      expect(withEmail(standin, made.email)).toHaveLength(1)
      const { external_id } = answerOf(await manager.addUser(appUser()))
      answerOf(await manager.addUser(appUser(nameless)))
      expect(standin.people()).toContainEqual(
        expect.objectContaining({ id: external_id, first_name: 'Sarah', last_name: 'Johnson' }),
      )
    })

    test('puts them on the lists of their sign-up', async () => {
      const { standin, manager } = await connected()
      answerOf(await manager.addUser(appUser({ lists: ['Newsletter', 'עברית'] })))
      expect(standin.people()).toHaveLength(1)
      expect(standin.people()[0]!.lists.toSorted()).toEqual(['Newsletter', 'עברית'])
    })

    test('an e-mail that it does not take is a matter of what was sent, and makes nobody', async () => {
      const { standin, manager } = await connected()
      expect(errorOf(await manager.addUser(appUser({ email: 'no address' }))).kind).toBe('validation')
      expect(standin.people()).toEqual([])
    })
  })

  describe('somebody who is there', () => {
    test('gets another e-mail and keeps the id', async () => {
      const { standin, manager } = await connected()
      const { external_id } = answerOf(await manager.addUser(appUser()))
      answerOf(await manager.changeUserEmail(external_id, 'sarah@new.example'))
      expect(answerOf(await manager.getById(external_id))).toEqual({ external_id, email: 'sarah@new.example' })
      expect(standin.people()).toHaveLength(1)
    })

    test('keeps the e-mail when the new one is not taken', async () => {
      const { manager } = await connected()
      const { external_id } = answerOf(await manager.addUser(appUser()))
      expect(errorOf(await manager.changeUserEmail(external_id, 'no address')).kind).toBe('validation')
      expect(answerOf(await manager.getById(external_id)).email).toBe('sarah@example.com')
    })

    test.each(['sarah@example.com', "o'brien+test@example.com", 'שרה@example.com'])('is found by e-mail: %s', async email => {
      const { standin, manager } = await connected()
      standin.put({ email: 'brien@example.com' })
      const external_id = standin.put({ email })
      expect(answerOf(await manager.findByEmail(email))).toEqual({ external_id, email })
    })

    test('is found by the id of the CRM before, and by the id', async () => {
      const { standin, manager } = await connected()
      const external_id = standin.put({ email: 'sarah@example.com', old_id: "nb-77'1" })
      standin.put({ email: 'other@example.com', old_id: 'nb-772' })
      expect(manager.keepsOldIds()).toBe(true)
      expect(answerOf(await manager.findByOldId("nb-77'1"))).toEqual({ external_id, email: 'sarah@example.com' })
      expect(answerOf(await manager.getById(external_id))).toEqual({ external_id, email: 'sarah@example.com' })
    })

    test('is marked for review', async () => {
      const { standin, manager } = await connected()
      const id = standin.put({ email: 'sarah@example.com' })
      answerOf(await manager.markForReview(id))
      expect(standin.people()).toEqual([expect.objectContaining({ id, in_review: true })])
    })

    test('who is spam is marked for review, and stays', async () => {
      const { standin, manager } = await connected()
      const id = standin.put({ email: 'spam@example.com' })
      expect(answerOf(await manager.markAsSpam(id, 'review'))).toEqual({ deleted: false })
      expect(standin.people()).toEqual([expect.objectContaining({ id, in_review: true, is_deleted: false })])
    })

    test('who is spam is deleted where that is the policy, also when the answer was lost', async () => {
      const { standin, manager } = await connected()
      const id = standin.put({ email: 'spam@example.com' })
      answerOf(await manager.getConnection())
      for (let k = 0; withEmail(standin, 'spam@example.com').length > 0; k++) {
        standin.fault({ skip: k, drop: 'after_commit' })
        await manager.markAsSpam(id, 'delete')
        standin.heal()
      }
      expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: true })
    })

    test('who sustains is not deleted as spam, but marked for review', async () => {
      const { standin, manager } = await connected()
      const id = standin.put({ email: 'sarah@example.com', sustains: true })
      expect(answerOf(await manager.markAsSpam(id, 'delete'))).toEqual({ deleted: false })
      expect(standin.people()).toEqual([expect.objectContaining({ id, in_review: true, is_deleted: false })])
    })

    test('of whom there are two is a duplicate', async () => {
      const { standin, manager } = await connected()
      expect(errorOf(await askForTwo(standin, manager)).kind).toBe('duplicate')
    })
  })

  test('somebody who is not there, or not any more, is not found', async () => {
    const { standin, manager } = await connected()
    const gone = standin.put({ email: 'gone@example.com', old_id: 'nb-1', is_deleted: true })
    const results = {
      getById: await manager.getById(gone),
      changeUserEmail: await manager.changeUserEmail(gone, 'new@example.com'),
      markForReview: await manager.markForReview(gone),
      markAsSpam: await manager.markAsSpam(gone, 'review'),
      findByEmail: await manager.findByEmail('gone@example.com'),
      findByOldId: await manager.findByOldId('nb-1'),
    }
    for (const [method, result] of Object.entries(results)) expect([method, errorOf(result).kind]).toEqual([method, 'not_found'])
  })

  describe('mailing lists', () => {
    test('are named', async () => {
      const { manager } = await connected()
      expect(answerOf(await manager.getAvailableLists()).toSorted()).toEqual(['Educators', 'Newsletter', 'עברית'])
    })

    test('are joined by an e-mail alone, however often', async () => {
      const { standin, manager } = await connected()
      for (const lists of [['Newsletter'], ['Newsletter', 'Educators'], ['Newsletter']])
        answerOf(await manager.addEmailToMailingLists('reader@example.com', lists))
      expect(withEmail(standin, 'reader@example.com')).toHaveLength(1)
      expect(withEmail(standin, 'reader@example.com')[0]!.lists.toSorted()).toEqual(['Educators', 'Newsletter'])
    })

    test('are joined by somebody who is there, without another record and without another name', async () => {
      const { standin, manager } = await connected()
      const { external_id } = answerOf(await manager.addUser(appUser()))
      const who = { first_name: 'Sara', last_name: null }
      answerOf(await manager.addEmailToMailingLists('sarah@example.com', ['Newsletter'], who))
      const person = { id: external_id, first_name: 'Sarah', last_name: 'Johnson', lists: ['Newsletter'] }
      expect(standin.people()).toEqual([expect.objectContaining(person)])
    })

    test('do not take an e-mail twice when the answer was lost', async () => {
      const { standin, manager } = await connected()
      answerOf(await manager.getConnection())
      for (let k = 0, lost = true; lost; k++) {
        standin.fault({ skip: k, drop: 'after_commit' })
        lost = !(await manager.addEmailToMailingLists(`reader-${k}@example.com`, ['Newsletter'])).ok
        standin.heal()
        answerOf(await manager.addEmailToMailingLists(`reader-${k}@example.com`, ['Newsletter']))
        expect(withEmail(standin, `reader-${k}@example.com`)).toEqual([expect.objectContaining({ lists: ['Newsletter'] })])
      }
    })
  })

  describe('sustainers', () => {
    async function readAll(manager: CrmConnectionManager) {
      const pages: string[][] = []
      for (let page: string | null = null, first = true; first || page !== null; first = false) {
        const { members, next }: { members: { external_id: string; is_sustainer: boolean }[]; next: string | null } = answerOf(
          await manager.readSustainers(page),
        )
        pages.push(members.filter(member => member.is_sustainer).map(member => member.external_id))
        page = next
      }
      return pages
    }
    const putSome = (standin: Standin) =>
      Array.from({ length: 10 }, (_, k) => ({ sustains: k % 3 > 0, email: `member-${k}@example.com` }))
        .map(person => ({ ...person, id: standin.put(person) }))
        .filter(({ sustains }) => sustains)
        .map(({ id }) => id)

    test('are read page by page', async () => {
      const { standin, manager } = await connected(2)
      const sustainers = putSome(standin)
      const pages = await readAll(manager)
      expect(pages.length).toBeGreaterThan(2)
      expect(pages.flat().toSorted()).toEqual(sustainers.toSorted())
    })

    test('nobody sustains: one page without anybody', async () => {
      const { standin, manager } = await connected()
      standin.put({ email: 'sarah@example.com' })
      expect(await readAll(manager)).toEqual([[]])
    })

    test('a page that failed is asked for again, and none is missed', async () => {
      const { standin, manager } = await connected(2)
      const sustainers = putSome(standin)
      const first = answerOf(await manager.readSustainers(null))
      standin.fault({ status: 503, body: '' })
      expect(errorOf(await manager.readSustainers(first.next)).kind).toBe('server')
      const ids = first.members.map(member => member.external_id)
      for (let page = first.next; page !== null; ) {
        const { members, next } = answerOf(await manager.readSustainers(page))
        ids.push(...members.map(member => member.external_id))
        page = next
      }
      expect(ids.toSorted()).toEqual(sustainers.toSorted())
    })
  })
})
