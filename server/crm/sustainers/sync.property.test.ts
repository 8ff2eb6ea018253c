import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault, Standin } from '../../../test/crm/standin.ts'
import { ids, type Member, syncing } from './syncing.fixture.ts'

/** R14: whatever a CRM does with its pages, nobody who sustains there is ended here. 500 reads, against an obvious model. */

const { connect, disconnect, link, sustain, sync, sustaining, staged } = syncing()

/** What is wrong with one page. Faults that pass by themselves happen so many times, and two are forgiven. */
const wrong = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'nothing' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('passing' as const),
      how: fc.constantFrom('500', '429', '503 in HTML', 'dropped', 'cut off'),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refused' as const),
      how: fc.constantFrom('403', '400', 'half JSON', 'HTML', 'another shape', 'nothing'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'expired token' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'empty' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'empty, and the last' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'the last' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut short' as const), lost: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shifted' as const), by: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'with all before' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('back to' as const), page: fc.nat(5) }) },
)
type Wrong = typeof wrong extends fc.Arbitrary<infer W> ? W : never

const history = fc.record({
  /** Of each member: whether they sustained here, and whether they do over there. */
  members: fc.array(fc.record({ before: fc.boolean(), now: fc.boolean() }), { minLength: 0, maxLength: 40, size: 'max' }),
  /** How likely it is that nothing changed since. */
  steady: fc.boolean(),
  strangers: fc.integer({ min: 0, max: 3 }),
  page_size: fc.integer({ min: 1, max: 12 }),
  pages: fc.array(wrong, { minLength: 0, maxLength: 6 }),
})

test('of 500 reads with broken pages none ends somebody who sustains', { timeout: 600_000 }, async () => {
  const met: Record<string, number> = {}
  let wrongly_ended = 0
  await fc.assert(
    fc.asyncProperty(history, async ({ members: given, steady, strangers, page_size, pages }) => {
      const { standin, id } = await connect({ page_size })
      try {
        const people = given.map(({ before, now }) => ({ before, now: steady ? before : now }))
        const members = await link(
          id,
          standin,
          people.map(({ now }) => now),
        )
        for (let k = 0; k < strangers; k++) standin.put({ email: `stranger ${k}`, sustains: true })
        const before = members.filter((_, k) => people[k]!.before)
        const there = members.filter((_, k) => people[k]!.now)
        await sustain(id, before)
        const { end, read } = play(standin, page_size, pages)
        const named = members.filter(one => read.has(one.external_id))

        const run = await sync(id)

        const after = await sustaining(id)
        wrongly_ended += ids(before).filter(one => ids(there).includes(one) && !after.includes(one)).length
        expect({ state: run.state, after }).toEqual(expected(before, named, end))
        expect(await staged()).toBe(0)
        met[`${run.state} ${end}`] = (met[`${run.state} ${end}`] ?? 0) + 1
      } finally {
        await disconnect(id, standin)
      }
    }),
    // The same reads each time, so that a red test means a change.
    { numRuns: 500, seed: 20_261_121 },
  )
  expect(wrongly_ended).toBe(0)
  // Every end that there is was met often enough to say something.
  for (const end of ['done whole', 'refused whole', 'refused lacking', 'failed broken']) expect(met[end], end).toBeGreaterThan(20)
})

/** The obvious model: of a whole read what it says is true, unless too many would end; of any other nothing is. */
function expected(before: Member[], named: Member[], end: End) {
  if (end === 'broken') return { state: 'failed', after: ids(before) }
  if (end === 'lacking') return { state: 'refused', after: ids(before) }
  const ending = before.filter(one => !named.includes(one))
  const is_suspicious = ending.length > Math.max(10, before.length * 0.05) || (named.length === 0 && before.length > 0)
  if (!is_suspicious) return { state: 'done', after: ids(named) }
  return { state: 'refused', after: ids([...new Set([...before, ...named])]) }
}

type End = 'whole' | 'lacking' | 'broken'
type Answer = { records: string[]; next: number | null; total: number }

const QUERY = 'GET /services/data/v60.0/query'
const SOQL = 'SELECT Id FROM App_User__c WHERE Sustainer__c = TRUE'
/** By these many more attempts. */
const FORGIVEN = 2

/** Has the stand-in answer these pages once each, and says what one who reads them carefully has in the end. */
function play(standin: Standin, page_size: number, pages: Wrong[]): { end: End; read: Set<string> } {
  const everybody = standin.people().filter(({ sustains }) => sustains)
  const people = everybody.map(one => one.id)
  const left = new Map(pages.map((page, k) => [k * page_size, page]))
  const faults: (Fault | null)[] = []
  const read = new Set<string>()
  const seen = new Set<number>()
  let most = 0
  const end = walk(0)
  // Each is for one request: those before it that another was for are not counted.
  let before = 0
  for (const [k, fault] of faults.entries()) if (fault) standin.fault({ match: QUERY, skip: k - before++, ...fault })
  return { end, read }

  function walk(from: number): End {
    const page = left.get(from) ?? { kind: 'nothing' as const }
    left.delete(from)
    if (page.kind === 'passing') faults.push(...Array<Fault>(page.times).fill(PASSING[page.how]!))
    if (page.kind === 'passing' && page.times > FORGIVEN) return 'broken'
    if (page.kind === 'expired token') faults.push({ expire_tokens: true })
    if (page.kind === 'refused') {
      faults.push(REFUSED[page.how]!)
      return 'broken'
    }
    const answer = answerOf(page, from)
    const is_right = JSON.stringify(answer) === JSON.stringify(answerOf({ kind: 'nothing' }, from))
    faults.push(is_right ? null : { status: 200, body: bodyOf(answer) })
    for (const id of answer.records) read.add(id)
    most = Math.max(most, answer.total)
    if (answer.next === null) return read.size >= most ? 'whole' : 'lacking'
    if (seen.has(answer.next)) return 'lacking'
    seen.add(answer.next)
    return walk(answer.next)
  }

  function answerOf(page: Wrong, from: number): Answer {
    const records = people.slice(from, from + page_size)
    const next = from + page_size < people.length ? from + page_size : null
    const right = { records, next, total: people.length }
    if (page.kind === 'empty') return { ...right, records: [] }
    if (page.kind === 'empty, and the last') return { records: [], next: null, total: 0 }
    if (page.kind === 'the last') return { ...right, next: null }
    if (page.kind === 'cut short') return { ...right, records: records.slice(0, -page.lost) }
    if (page.kind === 'shifted')
      return { ...right, records: people.slice(Math.max(0, from - page.by), Math.max(0, from - page.by + page_size)) }
    if (page.kind === 'with all before') return { ...right, records: people.slice(0, from + page_size) }
    if (page.kind === 'back to') return { ...right, next: page.page * page_size }
    return right
  }
}

function bodyOf({ records, next, total }: Answer) {
  const nextRecordsUrl = `/services/data/v60.0/query/${Buffer.from(SOQL).toString('hex')}-${next}`
  return { totalSize: total, done: next === null, ...(next !== null && { nextRecordsUrl }), records: records.map(Id => ({ Id })) }
}

const PASSING: Record<string, Fault> = {
  '500': { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred.' }] },
  '429': { status: 429, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'Too many.' }] },
  '503 in HTML': { status: 503, body: '<html><body>Down for maintenance</body></html>' },
  dropped: { drop: 'before' },
  'cut off': { drop: 'mid_body' },
}
const REFUSED: Record<string, Fault> = {
  '403': { status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'insufficient access rights' }] },
  '400': { status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }] },
  'half JSON': { status: 200, body: '{"totalSize": 3, "done": true, "records": [{"Id": "a0X5e' },
  HTML: { status: 200, body: '<html><body>Sign in</body></html>' },
  'another shape': { status: 200, body: { totalSize: 0, done: true, records: null } },
  nothing: { status: 200, body: '' },
}
