import fc from 'fast-check'
import { expect, test } from 'vitest'
import { POOL_STRATEGIES } from '../../../shared/pools.ts'
import { choose, give, type Member, type Pool, payTurn } from './choose.ts'

const member = (user_id: number, given: Partial<Member> = {}): Member => ({
  user_id,
  weight: 1,
  priority: 3,
  cap_day: null,
  cap_week: null,
  cap_open: null,
  turn: 0,
  today: 0,
  week: 0,
  open: 0,
  last: null,
  given: 0,
  ...given,
})
const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 })

test('by weight, every round of as many as the weights make together gives each exactly their weight', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 3 }), (all, rounds) => {
      const pool: Pool = { id: 1, strategy: 'weighted', members: all.map((weight, k) => member(k + 1, { weight })) }
      const sum = all.reduce((one, other) => one + other, 0)
      for (let round = 1; round <= rounds; round++) {
        for (let k = 0; k < sum; k++) give(pool, choose(pool, null, () => null).user_id!, k)
        expect(pool.members.map(one => one.given)).toEqual(all.map(weight => weight * round))
      }
    }),
    { seed: 20_261_121 },
  )
})

test('a turn that is paid for a slot that was held keeps the shares exact', () => {
  fc.assert(
    fc.property(weights, all => {
      const pool: Pool = { id: 1, strategy: 'weighted', members: all.map((weight, k) => member(k + 1, { weight })) }
      const sum = all.reduce((one, other) => one + other, 0)
      for (let k = 0; k < sum; k++) {
        // Proposed for a hold: nothing is kept of that, until it is booked.
        const { user_id } = choose(structuredClone(pool), null, () => null)
        payTurn(pool, user_id!)
        give(pool, user_id!, k)
      }
      expect(pool.members.map(one => one.given)).toEqual(all)
    }),
    { seed: 20_261_121 },
  )
})

test('whatever the strategy: nobody beyond a cap, nobody who cannot, nobody less urgent while somebody more urgent can', () => {
  const cap = fc.option(fc.integer({ min: 0, max: 6 }), { nil: null })
  const someone = fc.record({
    weight: fc.integer({ min: 1, max: 9 }),
    priority: fc.integer({ min: 1, max: 5 }),
    cap_day: cap,
    cap_week: cap,
    cap_open: cap,
  })
  fc.assert(
    fc.property(
      fc.constantFrom(...POOL_STRATEGIES),
      fc.array(someone, { minLength: 1, maxLength: 8 }),
      fc.array(
        fc.record({
          busy: fc.uniqueArray(fc.integer({ min: 1, max: 8 })),
          owner: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
        }),
        { maxLength: 40 },
      ),
      (strategy, people, asked) => {
        const pool: Pool = { id: 1, strategy, members: people.map((given, k) => member(k + 1, given)) }
        for (const [k, { busy, owner }] of asked.entries()) {
          const able = pool.members.filter(
            one =>
              !busy.includes(one.user_id) &&
              one.today < (one.cap_day ?? Number.POSITIVE_INFINITY) &&
              one.week < (one.cap_week ?? Number.POSITIVE_INFINITY) &&
              one.open < (one.cap_open ?? Number.POSITIVE_INFINITY),
          )
          const choice = choose(pool, owner, user_id => (busy.includes(user_id) ? 'booked' : null))
          const chosen = able.find(one => one.user_id === choice.user_id)
          expect(choice.candidates).toEqual(pool.members.map(one => one.user_id))
          expect(choice.candidates.length - choice.excluded.length).toBe(able.length)
          if (able.length === 0) expect(choice.user_id).toBe(null)
          else if (choice.reason === 'owner') expect([strategy, choice.user_id]).toEqual(['owner_first', owner])
          else expect(chosen?.priority).toBe(Math.min(...able.map(one => one.priority)))
          if (choice.user_id !== null) give(pool, choice.user_id, k)
        }
      },
    ),
    { seed: 20_261_121 },
  )
})
