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
