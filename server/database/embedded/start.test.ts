import { copyFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '../embedded.ts'
import { createDatabase } from './ask.ts'
import { requireSpace } from './cluster.ts'
import { buildHome, demolish, newHome, postmasterPid, query } from './fixtures/street.ts'
import { freePort } from './ports.ts'
import { findPrograms } from './programs.ts'

// Making a database takes longer than most of these tests; those that leave it as it was share one.
let shared = ''

beforeAll(async () => {
  shared = await buildHome()
  return () => demolish(shared)
})

describe('the embedded PostgreSQL', () => {
  it('is made at the first start, safe and modest, and keeps its data and its address at the second', async () => {
    const home = await newHome()
    const first = await startEmbedded({ home })
    expect(first.started).toBe(true)
    expect(first.url).toMatch(new RegExp(`^postgres://postgres:[0-9a-f]{48}@127\\.0\\.0\\.1:${first.port}/throughline$`))
    const settings = await query<{ name: string; setting: string }>(first.url, 'select name, setting from pg_settings')
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toMatchObject({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '100',
      jit: 'off',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
    })
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()

    const second = await startEmbedded({ home })
    expect(second).toMatchObject({ started: true, url: first.url })
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await second.stop()
  })

  it('stops with the last user, whether it is told once or twice', async () => {
    const home = shared
    const database = await startEmbedded({ home })
    await Promise.all([database.stop(), database.stop()])
    expect(await postmasterPid(home)).toBeUndefined()
    expect(await readdir(join(home, 'users'))).toEqual([])
  })

  it('sorts names as people expect', async () => {
    const database = await startEmbedded({ home: shared })
    const rows = await query<{ name: string }>(
      database.url,
      `select name from unnest(array['Zoe', 'ana', 'Émile', 'Eve', 'Ana', 'Öz', 'oz']) as name order by name`,
    )
    expect(rows.map(row => row.name)).toEqual(['ana', 'Ana', 'Émile', 'Eve', 'oz', 'Öz', 'Zoe'])
    await database.stop()
  })

  it('keeps its password for itself and lets nobody in without it', async () => {
    const home = shared
    const database = await startEmbedded({ home })
    expect((await stat(join(home, 'postgres.password'))).mode & 0o777).toBe(0o600)
    await expect(query(database.url.replace(/:[0-9a-f]{48}@/, ':guess@'), 'select 1')).rejects.toMatchObject({ code: '28P01' })
    const rules = await query<{ method: string }>(database.url, 'select auth_method as method from pg_hba_file_rules')
    expect(rules).toEqual([{ method: 'scram-sha-256' }])
    await database.stop()
  })

  it('sets the password anew when its file was lost', async () => {
    const home = await newHome()
    await (await startEmbedded({ home })).stop()
    await rm(join(home, 'postgres.password'))
    const database = await startEmbedded({ home })
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.stop()
  })

  it('sets the password anew when its file is from elsewhere', async () => {
    const home = shared
    await (await startEmbedded({ home })).stop()
    await writeFile(join(home, 'postgres.password'), 'of-another-home\n')
    const database = await startEmbedded({ home })
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.stop()
  })

  it('takes further settings, and names one that PostgreSQL does not know', async () => {
    const home = shared
    const database = await startEmbedded({ home, settings: { work_mem: '7MB' } })
    expect(await query(database.url, 'show work_mem')).toEqual([{ work_mem: '7MB' }])
    await database.stop()
    await expect(startEmbedded({ home, settings: { no_such_setting: '1' } })).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('no_such_setting'),
    })
  })

  it('lets two make its database at the same time', async () => {
    const database = await startEmbedded({ home: shared })
    await Promise.all([1, 2, 3].map(() => createDatabase(database.url, 'made_by_all')))
    await query(database.url, 'drop database made_by_all')
    await database.stop()
  })

  it("leaves the operator's own settings alone and lets them win", async () => {
    const home = shared
    await (await startEmbedded({ home })).stop()
    await writeFile(join(home, 'postgres/data/postgresql.conf'), "include 'throughline.conf'\nwork_mem = '9MB'\n")
    const database = await startEmbedded({ home })
    expect(await query(database.url, 'show work_mem')).toEqual([{ work_mem: '9MB' }])
    await database.stop()
  })

  it('says which line of them it does not understand', async () => {
    const home = shared
    const file = join(home, 'postgres/data/postgresql.conf')
    const text = await readFile(file, 'utf8')
    await writeFile(file, `${text}work_mem = = 9\n`)
    await expect(startEmbedded({ home })).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringMatching(/postgresql\.conf" line \d+/),
    })
    await writeFile(file, text)
  })

  it('renews its indexes when the programs sort otherwise than those that built them', async () => {
    const home = shared
    const before = await startEmbedded({ home })
    await query(before.url, `update pg_database set datcollversion = '1' where datname = 'throughline'`)
    await before.stop()
    const after = await startEmbedded({ home })
    const [row] = await query<{ same: boolean }>(
      after.url,
      `select datcollversion = pg_database_collation_actual_version(oid) as same from pg_database where datname = 'throughline'`,
    )
    expect(row?.same).toBe(true)
    await after.stop()
  })

  it('makes the libraries that the install script of npm would have made', async () => {
    const home = shared
    await (await startEmbedded({ home })).stop()
    const { native, version } = await findPrograms()
    const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
    expect(links.length).toBeGreaterThan(5)
    for (const { target } of links) {
      const link = join(home, 'postgres/programs', version, target.replace('native/', ''))
      expect((await stat(link)).isFile(), link).toBe(true)
    }
  })
})

describe('a data folder that cannot be started', () => {
  it('of another version says which made it and what to do', async () => {
    const home = shared
    await (await startEmbedded({ home })).stop()
    await writeFile(join(home, 'postgres/data/PG_VERSION'), '15\n')
    await expect(startEmbedded({ home })).rejects.toMatchObject({
      code: 'wrong_version',
      message: expect.stringMatching(/made by PostgreSQL 15.*carries PostgreSQL \d+.*throughline backup.*throughline restore/),
    })
    await writeFile(join(home, 'postgres/data/PG_VERSION'), `${(await findPrograms()).major}\n`)
  })

  it('without PG_VERSION is never overwritten', async () => {
    const home = await newHome()
    await mkdir(join(home, 'postgres/data'), { recursive: true })
    await writeFile(join(home, 'postgres/data/precious'), 'data')
    await expect(startEmbedded({ home })).rejects.toMatchObject({
      code: 'broken_data',
      message: expect.stringContaining('backup'),
    })
    expect(await readFile(join(home, 'postgres/data/precious'), 'utf8')).toBe('data')
  })

  it('that is damaged says so and names the log', async () => {
    const home = await newHome()
    await (await startEmbedded({ home })).stop()
    await writeFile(join(home, 'postgres/data/global/pg_control'), Buffer.alloc(8192))
    await expect(startEmbedded({ home })).rejects.toMatchObject({ code: 'start_failed', message: expect.stringContaining('log') })
  })

  it('is recovered when the first start was killed half way', async () => {
    const home = await newHome()
    await mkdir(join(home, 'postgres/data.new-1/base'), { recursive: true })
    await writeFile(join(home, 'postgres/data.new-1/PG_VERSION'), '18\n')
    const { version } = await findPrograms()
    await mkdir(join(home, 'postgres/programs', `${version}.1/bin`), { recursive: true })
    const database = await startEmbedded({ home })
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(join(home, 'postgres'))).sort()).toEqual(['data', 'programs'])
    expect(await readdir(join(home, 'postgres/programs'))).toEqual([version])
    await database.stop()
  })

  it('on a disk without room says how much is free', async () => {
    await expect(requireSpace(await newHome(), Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/\d+ MB are free.*Free some space/),
    })
  })
})

describe('the port', () => {
  it('is the one that was asked for', async () => {
    const port = await freePort()
    const database = await startEmbedded({ home: shared, port })
    expect(database.port).toBe(port)
    await database.stop()
  })

  it('that was asked for and is taken stops the start with a sentence', async () => {
    const { port } = await occupy()
    await expect(startEmbedded({ home: await newHome(), port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringMatching(new RegExp(`Port ${port}.*taken by another program`)),
    })
  })

  it('that was remembered and is taken is replaced', async () => {
    const home = shared
    const before = await startEmbedded({ home })
    await before.stop()
    await occupy(before.port)
    const lines: string[] = []
    const after = await startEmbedded({ home, log: line => lines.push(line) })
    expect(after.port).not.toBe(before.port)
    expect(lines).toContainEqual(expect.stringContaining(`port ${before.port} is taken`))
    await after.stop()
  })
})

describe('a home folder', () => {
  it('that was moved keeps its database', async () => {
    const home = await newHome()
    const moved = `${home}-moved`
    onTestFinished(() => rm(moved, { recursive: true, force: true }))
    const before = await startEmbedded({ home })
    await query(before.url, 'create table kept as select 42 as answer')
    await before.stop()
    await rename(home, moved)
    const after = await startEmbedded({ home: moved })
    expect(await query(after.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await after.stop()
  })

  it('that was copied has a database of its own', async () => {
    const home = await newHome()
    const copy = await newHome()
    const original = await startEmbedded({ home })
    await original.stop()
    await cp(home, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    await giveLike(join(home, 'postgres/data'), join(copy, 'postgres/data'))
    const again = await startEmbedded({ home })
    await copyFile(join(home, 'postgres/data/postmaster.pid'), join(copy, 'postgres/data/postmaster.pid'))
    const second = await startEmbedded({ home: copy })
    expect(second.started).toBe(true)
    expect(second.port).not.toBe(again.port)
    await second.stop()
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await again.stop()
  })

  it('that is removed meanwhile leaves no PostgreSQL behind', async () => {
    const home = await newHome()
    const database = await startEmbedded({ home })
    await rm(home, { recursive: true, force: true, maxRetries: 20 })
    await database.stop()
    await expect(query(database.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('may lie deeper than a socket could, and have a space and an accent in its name', async () => {
    const home = join(await newHome(), 'a folder', 'é'.repeat(60), 'b'.repeat(60))
    const database = await startEmbedded({ home })
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await database.stop()
  })
})

async function occupy(port = 0): Promise<{ port: number }> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return server.address() as { port: number }
}

async function giveLike(model: string, folder: string): Promise<void> {
  const { chown } = await import('node:fs/promises')
  const { uid, gid } = await stat(model)
  for (const name of ['', ...(await readdir(folder, { recursive: true }))]) await chown(join(folder, name), uid, gid)
}
