import { expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { open } from './connect.ts'

test('the server compiles no statement, wherever its database is; what people ask in SQL is left to the database', async () => {
  const database = await freshDatabase()
  const jit = (sql: typeof database.app) => sql`select setting, source from pg_settings where name = 'jit'`
  for (const sql of [database.app, database.system]) expect(await jit(sql)).toEqual([{ setting: 'off', source: 'client' }])
  const people = open(database.url)
  expect((await jit(people))[0]!.source).not.toBe('client')
  await people.end()
})

test('arrays of numbers come back as they were sent, with what is missing in them', async () => {
  const { system } = await freshDatabase()
  const numbers = [0, null, -7, 2 ** 40]
  const [row] = await system`
    select ${[1, null, -2]}::int[] as ints, ${numbers}::bigint[] as bigints, ${[0.1, null, 1e-9, 1e300]}::float8[] as doubles,
           ${[]}::int[] as none, ${[null]}::smallint[] as nothing`
  expect(row).toEqual({ ints: [1, null, -2], bigints: numbers, doubles: [0.1, null, 1e-9, 1e300], none: [], nothing: [null] })
})

test('an array that holds undefined is refused, with what to write instead', async () => {
  const { system } = await freshDatabase()
  await expect(system`select ${[1, undefined as never]}::int[]`).rejects.toThrow('write null where there is nothing')
})
