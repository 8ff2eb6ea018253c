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

test('an array of numbers that holds what is no number is refused each time, and one that is not flat is not misread', async () => {
  const { system } = await freshDatabase()
  for (const wrong of [5, undefined, '', '1,2', 'a"b\\', {}, undefined]) {
    const asked = system`select ${[1, wrong as never]}::int[] as ints`
    if (wrong === 5) expect(await asked).toEqual([{ ints: [1, 5] }])
    else await expect(asked, String(wrong)).rejects.toThrow('invalid input syntax')
  }
  expect(await system`select ${['7', '-8' as never]}::bigint[] as ids`).toEqual([{ ids: [7, -8] }])
  await expect(system`select ${[[1, 2], [3]] as never}::int[]`).rejects.toThrow('malformed array')
  await expect(system`select '{{1,2},{3,4}}'::int[]`).rejects.toThrow('Only a flat array')
})
