import { execFileSync, spawn } from 'node:child_process'
import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '../embedded.ts'
import { buildHome, demolish, end, moveIn, newHome, postmasterPid, query, until } from './fixtures/street.ts'
import { identityOf } from './processes.ts'

let shared = ''

describe('after kill -9 of the server', () => {
  it('PostgreSQL is found again, joined, and stopped by the next one to leave', async () => {
    const home = await newHome()
    const killed = await moveIn(home)
    await query(killed.told.url, 'create table kept as select 42 as answer')
    const pid = await postmasterPid(home)
    killed.signal('SIGKILL')
    await until(() => !identityOf(killed.pid))

    const next = await startEmbedded({ home })
    expect(next).toMatchObject({ started: false, url: killed.told.url })
    expect(await postmasterPid(home)).toBe(pid)
    expect(await query(next.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await next.stop()
    expect(identityOf(pid ?? 0)).toBeUndefined()
  })

  // The moments lie in the copying of the programs, in initdb, in the start of PostgreSQL, and between them.
  it.each([30, 150, 400, 700])('of a first start %i ms after its beginning the next one works', async moment => {
    const home = await newHome()
    const killed = moveIn(home).catch(() => {})
    const starter = await until(() => readlink(join(home, 'postgres.lock')).catch(() => undefined))
    await sleep(moment)
    end(Number.parseInt(starter, 10))
    await killed
    const next = await startEmbedded({ home })
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await next.stop()
    expect(await postmasterPid(home)).toBeUndefined()
  })

  it('a PostgreSQL that hangs is ended and started again', async () => {
    const home = await newHome()
    const killed = await moveIn(home)
    const pid = (await postmasterPid(home)) ?? 0
    killed.signal('SIGKILL')
    await until(() => !identityOf(killed.pid))
    process.kill(pid, 'SIGSTOP')
    onTestFinished(() => end(pid))

    const next = await startEmbedded({ home })
    expect(next.started).toBe(true)
    expect(await postmasterPid(home)).not.toBe(pid)
    await next.stop()
  }, 60_000)
})

describe('a lock that is left behind', () => {
  beforeAll(async () => {
    shared = await buildHome()
    return () => demolish(shared)
  })

  it('by a PostgreSQL whose pid belongs to nobody is no obstacle', async () => {
    await startsWithPidFileOf(999_999_999)
  })

  it('by a PostgreSQL whose pid belongs to another program now is no obstacle', async () => {
    const other = spawn('sleep', ['60'])
    onTestFinished(() => void other.kill())
    await startsWithPidFileOf(other.pid ?? 0)
    expect(identityOf(other.pid ?? 0)).toBeDefined()
  })

  it('by a starting process that was killed is no obstacle', async () => {
    const home = shared
    await (await startEmbedded({ home })).stop()
    execFileSync('ln', ['-s', '999999999.dead-1.abcdef', join(home, 'postgres.lock')])
    const database = await startEmbedded({ home })
    await database.stop()
  })
})

describe('while the server lives', () => {
  it('a PostgreSQL that is killed comes back on its address with what was committed', async () => {
    const home = await newHome()
    const lines: string[] = []
    const database = await startEmbedded({ home, log: line => lines.push(line) })
    await query(database.url, 'create table kept as select 42 as answer')
    const pid = (await postmasterPid(home)) ?? 0
    process.kill(pid, 'SIGKILL')
    await until(() => query(database.url, 'select answer from kept').catch(() => undefined))
    expect(await postmasterPid(home)).not.toBe(pid)
    await until(() => lines.some(line => line.includes('runs again')))
    expect(lines).toContainEqual(expect.stringMatching(/PostgreSQL \(process \d+\) has died; starting it again/))
    await database.stop()
    expect(await postmasterPid(home)).toBeUndefined()
  })

  it('one that was joined is watched as well, and comes back once for all', async () => {
    const home = await newHome()
    const starter = await moveIn(home)
    const joined = await startEmbedded({ home })
    starter.signal('SIGKILL')
    await until(() => !identityOf(starter.pid))
    process.kill((await postmasterPid(home)) ?? 0, 'SIGKILL')
    await until(() => query(joined.url, 'select 1').catch(() => undefined))
    await joined.stop()
    expect(await postmasterPid(home)).toBeUndefined()
  })

  it('a session that outlives its PostgreSQL does not keep the next one from starting', async () => {
    const home = await newHome()
    const database = await startEmbedded({ home })
    const [row] = await query<{ pid: number }>(database.url, 'select pg_backend_pid() as pid')
    expect(row?.pid).toBeGreaterThan(0)
    // The checkpointer stands for a session that is too busy to notice: stopped, it holds the shared memory.
    const [checkpointer] = await query<{ pid: number }>(
      database.url,
      `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
    )
    const orphan = checkpointer?.pid ?? 0
    onTestFinished(() => end(orphan))
    process.kill(orphan, 'SIGSTOP')
    process.kill((await postmasterPid(home)) ?? 0, 'SIGKILL')
    await until(() => query(database.url, 'select 1').catch(() => undefined))
    expect(identityOf(orphan)).toBeUndefined()
    await database.stop()
  }, 60_000)

  it('Ctrl-C in the terminal reaches the server alone, which stops PostgreSQL in order', async () => {
    const home = await newHome()
    const server = await moveIn(home)
    const pid = (await postmasterPid(home)) ?? 0
    process.kill(-server.pid, 'SIGINT')
    await until(() => !identityOf(server.pid))
    expect(identityOf(pid)).toBeUndefined()
    const log = execFileSync('sh', ['-c', 'cat "$1"/postgres/data/log/*', 'sh', home], { encoding: 'utf8' })
    expect(log.match(/received .* shutdown request/g)).toEqual(['received fast shutdown request'])
    expect(server.said()).toContain('wrote the last words')
    expect(server.said()).toContain('stopped PostgreSQL')
  })
})

async function startsWithPidFileOf(pid: number): Promise<void> {
  const home = shared
  const before = await startEmbedded({ home })
  const file = join(home, 'postgres/data/postmaster.pid')
  const text = await readFile(file, 'utf8')
  await before.stop()
  await writeFile(file, text.replace(/^\d+/, String(pid)))
  const after = await startEmbedded({ home })
  expect(after.started).toBe(true)
  expect(await query(after.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await after.stop()
}
