import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { auditBooks } from './books.fixture.ts'
import { makeLead } from './leads.fixture.ts'

/**
 * Random histories of sales, refunds, corrections and of people who turn out to be one or two: after each step every total is what the
 * rows add up to.
 */

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const which = fc.nat(99)
const device = fc.constantFrom('d1', 'd2', 'd3', 'd4')
const email = fc.constantFrom('e1@x.example', 'e2@x.example', 'e3@x.example')
const value = fc.integer({ min: 0, max: 20_000 }).map(cents => cents / 100)
const currency = fc.constantFrom('USD', 'USD', 'USD', 'EUR')
const order_id = fc.option(fc.constantFrom('A', 'B', 'C'), { nil: undefined, freq: 3 })
const day = fc.integer({ min: 1, max: 9 }).map(number => `2026-03-0${number}T12:00:00.123Z`)

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('buy' as const),
      device,
      value: fc.oneof(value, fc.constant('free')),
      order_id,
      currency,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('identify' as const), device, email }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lead' as const), which, is_test: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sell' as const),
      which,
      of: fc.constantFrom('contact', 'lead', 'lead', 'visitor'),
      value,
      order_id,
      currency,
      day,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('refund' as const), which, amount: fc.option(value, { nil: undefined }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      which,
      change: fc.oneof(
        value.map(value => ({ value })),
        currency.map(currency => ({ currency })),
        day.map(converted_at => ({ converted_at })),
        fc.constantFrom({ type: 'contract' }, { is_test: true }, { is_test: false }),
        fc.constant({ lead_id: null }),
        which.map(lead => ({ lead })),
        which.map(contact => ({ contact })),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('void' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), which, other: which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmerge' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unlink' as const), which }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Nothing can be sold to nobody. */
const BEGIN: Step[] = [
  { kind: 'identify', device: 'd1', email: 'e1@x.example' },
  { kind: 'identify', device: 'd2', email: 'e2@x.example' },
  { kind: 'lead', which: 0, is_test: false },
  { kind: 'lead', which: 1, is_test: false },
]

test('after each step of a random history every total is what its rows add up to', { timeout: 300_000 }, async () => {
  let run = 0
  let audited = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async steps => {
      const tenant = await fresh.another(`r${++run}`)
      for (const one of [...BEGIN, ...steps]) {
        const status = await take(tenant, one)
        expect(status, JSON.stringify(one)).toBeLessThan(500)
        audited += (await auditBooks(fresh.database, tenant.workspace_id)).counted
      }
    }),
    { numRuns: 20, seed: 20_260_714 },
  )
  expect(audited, 'the histories have conversions in them').toBeGreaterThan(500)
})

/** Does it through the front door; what is refused is as good as what is done. The status of the answer, or 0 when there was nothing to do it to. */
async function take(tenant: Tenant, one: Step): Promise<number> {
  const ask = async (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload: object = {}) => {
    const answer = await fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(tenant.secret_key), payload })
    return answer.statusCode
  }
  const send = async (message: object) => {
    const headers = basic(tenant.write_key)
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: { batch: [message] } })
    return answer.statusCode
  }
  const pick = async (table: string, number: number, where = 'true') => {
    const rows = await fresh.database.system.unsafe<{ id: number }[]>(
      `select id from ${table} where workspace_id = ${tenant.workspace_id} and ${where} order by id`,
    )
    return rows.length === 0 ? undefined : rows[number % rows.length]!.id
  }
  const contactAt = (number: number) => pick('contacts', number)
  const at = async (table: string, number: number, where: string | undefined, act: (id: number) => Promise<number>) => {
    const id = await pick(table, number, where)
    return id === undefined ? 0 : act(id)
  }
  switch (one.kind) {
    case 'buy': {
      const properties = { amount: one.value, order_id: one.order_id, currency: one.currency }
      return send({ type: 'track', event: 'purchase_completed', anonymousId: one.device, properties })
    }
    case 'identify':
      return send({ type: 'identify', anonymousId: one.device, userId: one.email, traits: { email: one.email } })
    case 'lead':
      return at('contacts', one.which, undefined, async contact_id => {
        await makeLead(fresh, tenant, { contact_id, is_test: one.is_test, source: 'google' })
        return 201
      })
    case 'sell': {
      const { value, currency, order_id, day: converted_at } = one
      const sale = { value, currency, converted_at, ...(order_id === undefined ? {} : { order_id }) }
      if (one.of === 'visitor') return ask('POST', '/conversions', { ...sale, distinct_id: `d${1 + (one.which % 4)}` })
      const id = await pick(`${one.of}s`, one.which)
      return id === undefined ? 0 : ask('POST', '/conversions', { ...sale, [`${one.of}_id`]: id })
    }
    case 'refund':
      return at('conversions', one.which, undefined, id =>
        ask('POST', `/conversions/${id}/refunds`, one.amount === undefined ? {} : { amount: one.amount }),
      )
    case 'correct':
      return at('conversions', one.which, undefined, async id => {
        const { change } = one
        if ('lead' in change) return ask('PATCH', `/conversions/${id}`, { lead_id: (await pick('leads', change.lead)) ?? null })
        if ('contact' in change) return ask('PATCH', `/conversions/${id}`, { contact_id: (await contactAt(change.contact)) ?? 1 })
        return ask('PATCH', `/conversions/${id}`, change)
      })
    case 'void':
      return at('conversions', one.which, undefined, id => ask('DELETE', `/conversions/${id}`))
    case 'restore':
      return at('conversions', one.which, `status = 'void'`, id => ask('POST', `/conversions/${id}/restoration`))
    case 'merge':
      return at('contacts', one.which, 'merged_into is null', async id => {
        const other_id = (await pick('contacts', one.other, `merged_into is null and id <> ${id}`)) ?? id
        return ask('POST', `/contacts/${id}/merge`, { other_id, force: true })
      })
    case 'unmerge':
      return at('contact_merges', one.which, 'undone_at is null', id => ask('POST', `/contacts/merges/${id}/undo`))
    case 'unlink':
      return at('identity_links', one.which, `outcome = 'linked' and revoked_at is null`, id =>
        ask('POST', `/identity/links/${id}/undo`),
      )
  }
}
