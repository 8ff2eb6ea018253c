import { expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { visitorNumbers } from './number.ts'

test('ids that two ask for at once are there for both, and each only once', async () => {
  const { app } = await freshDatabase()
  const numbers = visitorNumbers()
  const ids = await app.begin(one =>
    app.begin(async other => {
      const first = (await numbers.take(one, 1))()
      // The first asks for more than are left and waits for the database; meanwhile the other asks for those that are left.
      const [many, rest] = await Promise.all([numbers.take(one, 1001), numbers.take(other, 999)])
      return [first, ...Array.from({ length: 999 }, rest), ...Array.from({ length: 1001 }, many)]
    }),
  )
  expect(ids).toHaveLength(2001)
  expect(new Set(ids).size).toBe(2001)
  expect(ids.every(Number.isSafeInteger)).toBe(true)
})
