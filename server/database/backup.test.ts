import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyDatabase, type FreshApp, freshApp, ownedDatabase } from '../../test/app.ts'
import { basic, batch, identify, page, sally, track, traitsOf } from '../../test/people.ts'
import { createUser } from '../workspaces/users.ts'
import { backUp } from './backup.ts'
import { open } from './connect.ts'
import { restore } from './restore.ts'
import { tablesOf } from './tables.ts'

const MIGRATIONS = 'db/migrations'
const silent = () => {}
let full: FreshApp
let folder: string
let file: string
let restored: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-backup-'))
  file = join(folder, 'all.gz')
  full = await freshApp()
  const other = await full.another()
  await createUser(full.database, { email: sally.email, name: 'Tab\tNewline\nBackslash\\.', workspace_id: 1, role: 'owner' })
  for (const { write_key } of [full, other]) {
    const messages = [
      page('Home', { anonymousId: sally.laptop }),
      identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: traitsOf(sally) }),
      track('video_progress', { userId: sally.user_id, properties: { watch_percentage: 80, note: '\\.\n"quoted"\t€' } }),
      track('page_viewed', { userId: sally.user_id, timestamp: new Date(Date.now() - 100 * 86_400_000).toISOString() }),
    ]
    const answer = await full.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: basic(write_key),
      payload: batch(...messages),
    })
    expect(answer.statusCode).toBe(200)
  }
  await backUp(full.database.url, file, silent)
  restored = await emptyDatabase()
  await restore(restored, file, MIGRATIONS, silent)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('what was backed up is there again after a restore, in every table', async () => {
  const there = await fingerprints(restored)
  expect(there).toEqual(await fingerprints(full.database.url))
  expect(there.events).toMatch(/^[1-9]/)
})

test('new rows of a restored database get new numbers', async () => {
  const sql = open(restored)
  const [next] = await sql`insert into organizations (name) values ('New') returning id`
  expect(next!.id).toBe(3)
  const numbers = await sql`select nextval('visitor_ids') > max(id) as higher from visitors`
  expect(numbers[0]!.higher).toBe(true)
  await sql.end()
})

test('the walls stand again after a restore', async () => {
  const sql = open(restored)
  const open_tables = await sql`
    select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity and not relforcerowsecurity`
  expect([...open_tables]).toEqual([])
  await sql.end()
})

test('an owner who is no superuser can back up, restore, and not restore over it', async () => {
  const url = await ownedDatabase()
  await restore(url, file, MIGRATIONS, silent)
  await expect(restore(url, file, MIGRATIONS, silent)).rejects.toThrow('This database is not empty')
  const again = join(folder, 'again.gz')
  await backUp(url, again, silent)
  const copy = await emptyDatabase()
  await restore(copy, again, MIGRATIONS, silent)
  expect(await fingerprints(copy)).toEqual(await fingerprints(full.database.url))
})

test('a database that holds something is never restored into', async () => {
  const before = await fingerprints(full.database.url)
  await expect(restore(full.database.url, file, MIGRATIONS, silent)).rejects.toThrow('This database is not empty')
  expect(await fingerprints(full.database.url)).toEqual(before)
})

test('of a damaged backup nothing is restored, and a whole one can still be afterwards', async () => {
  const url = await emptyDatabase()
  const bytes = await readFile(file)
  const cut = join(folder, 'cut.gz')
  await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.7)))
  await expect(restore(url, cut, MIGRATIONS, silent)).rejects.toThrow()
  const sql = open(url)
  expect(await sql`select from workspaces`).toHaveLength(0)
  await sql.end()
  await restore(url, file, MIGRATIONS, silent)
  expect(await fingerprints(url)).toEqual(await fingerprints(full.database.url))
})

test('what is no backup is refused with a sentence', async () => {
  const wrong = join(folder, 'wrong.gz')
  await writeFile(wrong, 'hello')
  await expect(restore(await emptyDatabase(), wrong, MIGRATIONS, silent)).rejects.toThrow('is not a backup')
})

test('a backup can be read by its owner alone, and one that fails leaves no file', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await expect(backUp(await emptyDatabase(), join(folder, 'none.gz'), silent)).rejects.toThrow('never migrated')
  expect((await readdir(folder)).filter(name => name.startsWith('none'))).toEqual([])
})

/** Of every table how many rows there are and what they hold, in whatever order they lie. */
async function fingerprints(url: string) {
  const sql = open(url)
  const found: Record<string, string> = {}
  for (const { name } of await tablesOf(sql)) {
    const [row] = await sql`select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as is from ${sql(name)} t`
    found[name] = row!.is
  }
  await sql.end()
  return found
}
