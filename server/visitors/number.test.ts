import { expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { visitorNumbers } from './number.ts'

test('ids that two ask for at once are there for both, and each only once', async () => {
  const database = await freshDatabase()
  const numbers = visitorNumbers()
  const ask = (count: number) =>
    database.app.begin(async sql => {
      const next = await numbers.take(sql, count)
      return Array.from({ length: count }, next)
    }) as Promise<number[]>
  const first = await ask(1)
  // The one that asks for more than are left waits for the database; meanwhile the other takes those that are left.
  const others = await Promise.all([ask(1001), ask(999), ask(2500)])
  const all = [first, ...others].flat()
  expect(all).toHaveLength(1 + 1001 + 999 + 2500)
  expect(new Set(all).size).toBe(all.length)
  expect(all.every(Number.isSafeInteger)).toBe(true)
})
