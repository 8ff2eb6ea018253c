import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { open } from '../../server/database/connect.ts'
import { freshDatabase } from '../app.ts'
import { describeSchema } from './describe.ts'

test('db/schema.sql is what the migrations make (if not: node bin/schema.js)', async () => {
  const { url } = await freshDatabase()
  const sql = open(url)
  const schema = await describeSchema(sql)
  await sql.end()
  expect(schema).toBe(await readFile('db/schema.sql', 'utf8'))
})
