import { renameSync, symlinkSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { claimHome, startEmbedded } from '../embedded.ts'
import { moveIn, newHome, postmasterPid, query, until } from './fixtures/street.ts'
import { breakStale, seize, underLock } from './lock.ts'
import { identityOf, ownIdentity } from './processes.ts'

describe('several processes on one home folder', () => {
  it('share one PostgreSQL, and the last one out turns off the light', async () => {
    const home = await newHome()
    const server = await moveIn(home)
    const command = await startEmbedded({ home })
    expect(server.told.started).toBe(true)
    expect(command).toMatchObject({ started: false, url: server.told.url })
    const pid = (await postmasterPid(home)) ?? 0
    await server.stop()
    expect(await query(command.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await postmasterPid(home)).toBe(pid)
    await command.stop()
    expect(identityOf(pid)).toBeUndefined()
  })

  it('that all start at once on an empty one start PostgreSQL once', async () => {
    const home = await newHome()
    const users = await Promise.all([1, 2, 3, 4].map(() => moveIn(home)))
    expect(users.map(user => user.told.ok)).toEqual([true, true, true, true])
    expect(users.filter(user => user.told.started)).toHaveLength(1)
    expect(new Set(users.map(user => user.told.url)).size).toBe(1)
    const pid = (await postmasterPid(home)) ?? 0
    await Promise.all(users.map(user => user.stop()))
    expect(identityOf(pid)).toBeUndefined()
    expect(await readdir(join(home, 'users'))).toEqual([])
  })

  it('do not count one that was killed, nor another program that has its pid', async () => {
    const home = await newHome()
    const database = await startEmbedded({ home })
    await writeFile(join(home, 'users', '999999999.dead-1.0'), '')
    await writeFile(join(home, 'users', `${ownIdentity().replace(String(process.pid), String(process.ppid))}.0`), '')
    const pid = (await postmasterPid(home)) ?? 0
    await database.stop()
    expect(identityOf(pid)).toBeUndefined()
  })

  it('twice within one process count twice', async () => {
    const home = await newHome()
    const [one, two] = [await startEmbedded({ home }), await startEmbedded({ home })]
    await one.stop()
    expect(await query(two.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await two.stop()
    expect(await postmasterPid(home)).toBeUndefined()
  })
})

describe('two servers on one home folder', () => {
  it('are one too many: the second is told who serves it', async () => {
    const home = await newHome()
    const first = await moveIn(home, { role: 'server' })
    const second = await moveIn(home, { role: 'server' })
    expect(second.told).toMatchObject({
      ok: false,
      code: 'home_in_use',
      message: expect.stringMatching(new RegExp(`process ${first.pid}\\).*Stop it first`)),
    })
    expect(await query(first.told.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await first.stop()
  })

  it('are none when the first was killed', async () => {
    const home = await newHome()
    const killed = await moveIn(home, { role: 'server' })
    killed.signal('SIGKILL')
    await until(() => !identityOf(killed.pid))
    const next = await moveIn(home, { role: 'server' })
    expect(next.told).toMatchObject({ ok: true, started: false })
    await next.stop()
  })

  it('may follow each other in one process', async () => {
    const home = await newHome()
    const release = await claimHome(home)
    await expect(claimHome(home)).rejects.toMatchObject({ code: 'home_in_use' })
    await release()
    await (await claimHome(home))()
  })
})

describe('the lock', () => {
  it('lets one in at a time, also when it is stale again and again', async () => {
    const file = join(await newHome(), 'lock')
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await sleep(2)
      inside--
      symlinkSync('999999999.dead-1.abcdef', `${file}.dead`)
      renameSync(`${file}.dead`, file)
    }
    await Promise.all(Array.from({ length: 40 }, () => underLock(file, work, () => {})))
    expect(most).toBe(1)
  })

  it('is not broken by one who saw it stale a moment ago and comes late', async () => {
    const file = join(await newHome(), 'lock')
    const first = await seize(file)
    await breakStale(file, '999999999.dead-1.abcdef')
    expect(await seize(file)).toEqual({ holder: ownIdentity() })
    expect(first).toHaveProperty('release')
  })

  it('names the process that holds it too long', async () => {
    const file = join(await newHome(), 'lock')
    expect(await seize(file)).toHaveProperty('release')
    expect(await seize(file)).toEqual({ holder: ownIdentity() })
    await expect(
      underLock(
        file,
        async () => {},
        () => {},
        50,
      ),
    ).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining(`Process ${process.pid}`),
    })
  })
})
