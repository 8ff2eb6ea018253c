import { describe, expect, test } from 'vitest'
import type { Fault } from '../../../test/crm/standin.ts'
import type { CrmConnectionManager } from '../manager.ts'
import type { CrmResult } from '../result.ts'
import { CANDIDATES } from './candidates.fixture.ts'
import { answerOf, appUser, connecting, errorOf } from './connecting.fixture.ts'

// Whatever goes wrong over there is a value here, of the same kind for every CRM.

const { connect, inHaste } = connecting()

describe.each(CANDIDATES)('$title', ({ provider, open: openStandin, signs_in, limits }) => {
  const connected = async () => connect(provider, await openStandin())

  /** Everything that can be asked, about somebody who is there. */
  const everything = (manager: CrmConnectionManager, id: string): Record<string, () => Promise<CrmResult<unknown>>> => ({
    getConnection: () => manager.getConnection(),
    addUser: () => manager.addUser(appUser({ lists: ['Newsletter'] })),
    changeUserEmail: () => manager.changeUserEmail(id, 'new@example.com'),
    readSustainers: () => manager.readSustainers(null),
    addEmailToMailingLists: () => manager.addEmailToMailingLists('reader@example.com', ['Newsletter']),
    review: () => manager.markAsSpam(id, 'review'),
    delete: () => manager.markAsSpam(id, 'delete'),
    markForReview: () => manager.markForReview(id),
    getAvailableLists: () => manager.getAvailableLists(),
    findByEmail: () => manager.findByEmail('sarah@example.com'),
    findByOldId: () => manager.findByOldId('nb-1'),
    getById: () => manager.getById(id),
  })

  const html = '<!doctype html><html><body><h1>We are down for maintenance</h1></body></html>'
  const long = JSON.stringify({ records: Array.from({ length: 500 }, (_, k) => ({ id: `record ${k}` })) })
  const FAULTS: [title: string, fault: Fault, kinds: string[]][] = [
    ['500', { status: 500, body: { message: 'An error' } }, ['server']],
    ['502 with a page in HTML', { status: 502, body: html }, ['server']],
    ['503 without a word', { status: 503, body: '' }, ['server']],
    ['200 with a page in HTML', { status: 200, body: html }, ['unexpected']],
    ['an empty 200', { status: 200, body: '' }, ['unexpected']],
    ['a list instead of a thing', { status: 200, body: [] }, ['unexpected']],
    ['a list of numbers', { status: 200, body: [1, 2, 3] }, ['unexpected']],
    ['a number', { status: 200, body: '42' }, ['unexpected']],
    ['a text', { status: 200, body: '"fine"' }, ['unexpected']],
    ['null', { status: 200, body: 'null' }, ['unexpected']],
    ['a thing without anything in it', { status: 200, body: {} }, ['unexpected']],
    ['things that are of other kinds', { status: 200, body: { id: 7, records: {}, results: 'x', people: 1 } }, ['unexpected']],
    ['JSON that is cut off, and says so', { status: 200, body: long, drop: 'mid_body' }, ['network', 'unexpected']],
    ['JSON that is cut off, and does not say so', { status: 200, body: long.slice(0, 99) }, ['unexpected']],
    ['an error with a body of another shape', { status: 400, body: [[{ nothing: true }]] }, ['validation']],
    ['an error that is a number', { status: 400, body: '7' }, ['validation']],
    ['a status that nobody documents', { status: 418, body: 'I am a teapot' }, ['unexpected']],
    ['a redirection', { status: 302, body: '', headers: { location: 'https://elsewhere.example/' } }, ['unexpected']],
    ['a connection that is cut', { drop: 'before' }, ['network']],
    ['silence', { delay_ms: 5000, drop: 'before' }, ['timeout']],
    ['429', { status: 429, body: {} }, ['rate_limited']],
    ['429 with a page in HTML', { status: 429, body: html }, ['rate_limited']],
    ...limits.map((fault, k): [string, Fault, string[]] => [`its own limit, ${k + 1}`, fault, ['rate_limited']]),
  ]

  const under = <T>({ delay_ms }: Fault, work: () => Promise<T>) => (delay_ms ? inHaste(work) : work())

  test.each(FAULTS)('%s is a value, whatever was asked', async (_, fault, kinds) => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@example.com', old_id: 'nb-1' })
    answerOf(await manager.getById(id))
    standin.fault({ ...fault, times: 1000 })
    const asked = Object.entries(everything(manager, id))
    const answers = await under(fault, () =>
      Promise.all(asked.map(async ([method, ask]) => [method, errorOf(await ask()).kind] as const)),
    )
    expect(answers.filter(([, kind]) => !kinds.includes(kind))).toEqual([])
    standin.heal()
    expect(answerOf(await manager.getById(id)).external_id).toBe(id)
  })

  test.each(signs_in ? FAULTS : [])('%s is a value when signing in', async (_, fault, kinds) => {
    const { standin, manager } = await connected()
    standin.fault(fault)
    const { kind } = errorOf(await under(fault, () => manager.getConnection()))
    // What is wrong with a form of credentials is wrong with the credentials.
    expect([...kinds, ...(kinds.includes('validation') ? ['auth'] : [])]).toContain(kind)
    expect((await manager.getConnection()).ok).toBe(true)
  })

  test('Retry-After is minded, in seconds or as a date; without it nothing is made up', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@example.com' })
    answerOf(await manager.getById(id))
    const limited = async (headers: Record<string, string>) => {
      standin.fault({ status: 429, body: {}, headers })
      return errorOf(await manager.getById(id))
    }
    expect(await limited({ 'retry-after': '7' })).toMatchObject({ kind: 'rate_limited', retry_after_ms: 7000 })
    const hour = new Date(Date.now() + 3_600_000).toUTCString()
    expect((await limited({ 'retry-after': hour })).retry_after_ms).toBeGreaterThan(1_800_000)
    expect(await limited({})).not.toHaveProperty('retry_after_ms')
    expect(await limited({ 'retry-after': 'soon' })).not.toHaveProperty('retry_after_ms')
  })

  test('the log says the status, and the words of the CRM', async () => {
    const { standin, manager } = await connected()
    const id = standin.put({ email: 'sarah@example.com' })
    answerOf(await manager.getById(id))
    standin.fault({ status: 502, body: html })
    const { message, http_status } = errorOf(await manager.getById(id))
    expect(http_status).toBe(502)
    expect(message).toContain('We are down for maintenance')
  })
})
