import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { type Cable, layCable } from '../../test/cable.ts'
import { connect, type Database } from './connect.ts'

// What becomes of a transaction whose connection is lost. An error that nobody could catch would end this process, and the test run.

let cable: Cable
let database: Database

beforeAll(async () => {
  cable = await layCable((await freshDatabase()).url)
  database = connect(cable.url, { connections: 4 })
})

afterAll(async () => {
  await database.close()
  await cable.stop()
})

describe.each(['end', 'reset'] as const)('a connection that is lost by %s', how => {
  const lost = expect.objectContaining({ code: expect.stringMatching(/^(08|CONNECTION_|ECONN|EPIPE|57P0)/) })

  test('while its statement runs fails the transaction, and the next one works', async () => {
    const transaction = database.app.begin(sql => sql`select pg_sleep(5)`)
    await new Promise(resolve => setTimeout(resolve, 200))
    cable.cut(how)
    await expect(transaction).rejects.toEqual(lost)
    cable.mend()
    expect(await inTime(() => database.app`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('between two statements of a transaction fails the second one, and the next transaction works', async () => {
    const transaction = database.app.begin(async sql => {
      await sql`select 1`
      cable.cut(how)
      await new Promise(resolve => setTimeout(resolve, 200))
      await sql`select 2`
    })
    await expect(transaction).rejects.toEqual(lost)
    cable.mend()
    const work = () => database.app.begin(sql => sql`select 3 as three`)
    expect(await inTime(work)).toEqual([{ three: 3 }])
  })

  test('under many transactions at once fails each of them, and leaves no connection that never works again', async () => {
    const transactions = Array.from({ length: 20 }, (_, k) =>
      database.app
        .begin(async sql => {
          await Promise.all([sql`select pg_sleep(0.05)`, sql`select ${k}::int`, sql`select ${'x'.repeat(3000)}::text`])
          await sql`select pg_sleep(0.3)`
        })
        .then(
          () => 'done',
          (error: { code?: string; message: string }) => error.code ?? error.message,
        ),
    )
    await new Promise(resolve => setTimeout(resolve, 120))
    cable.cut(how)
    await new Promise(resolve => setTimeout(resolve, 300))
    cable.mend()
    const ends = await Promise.all(transactions)
    expect(ends.filter(end => end !== 'done' && !/^(08|CONNECTION_|ECONN|EPIPE|57P0)/.test(end))).toEqual([])
    expect(ends.filter(end => end !== 'done').length).toBeGreaterThanOrEqual(4)
    const all = () => Promise.all(Array.from({ length: 8 }, () => database.app.begin(sql => sql`select pg_sleep(0.05)`)))
    expect(await inTime(all)).toHaveLength(8)
  })
})

/** The pool waits a moment before it connects again, longer with each failure. */
async function inTime<T>(work: () => PromiseLike<T>): Promise<T> {
  for (const until = Date.now() + 20_000; ; ) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}
