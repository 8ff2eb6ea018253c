import { execFileSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { chmod, chown, copyFile, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '../embedded.ts'
import { chooseAccount, mayEnter, runsAsRoot } from './account.ts'
import { moveIn, newHome, postmasterPid, query, until } from './fixtures/street.ts'
import { commandOf, identityOf } from './processes.ts'

const nobody = { name: 'nobody', uid: 65534, gid: 65534 }
const checkout = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')
const nobodyMayWork = runsAsRoot && (await mayEnter(checkout, nobody))

describe('as root', () => {
  it('PostgreSQL runs under a system user', async ({ skip }) => {
    skip(!runsAsRoot, 'needs root')
    const home = await newHome()
    const database = await startEmbedded({ home })
    expect(await uidOf((await postmasterPid(home)) ?? 0)).toBe(chooseAccount().uid)
    expect((await stat(join(home, 'postgres/data'))).mode & 0o777).toBe(0o700)
    await database.stop()
  })

  it('a home below a folder that this user may not enter works from elsewhere', async ({ skip }) => {
    skip(!runsAsRoot, 'needs root')
    const home = await closedHome()
    const first = await startEmbedded({ home })
    await query(first.url, 'create table kept as select 42 as answer')
    const folder = await elsewhereOf(home)
    expect(folder).toMatch(/^\/var\/(lib|tmp)\/throughline\/[0-9a-f]{16}(-\d+)?$/)
    const pid = (await postmasterPid(home)) ?? 0
    expect(readlinkSync(`/proc/${pid}/exe`)).toMatch(`${folder}/programs/`)
    await first.stop()

    const second = await startEmbedded({ home })
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await second.stop()
    expect(identityOf(pid)).toBeUndefined()
  })

  it('a home that lost its memory leaves the earlier database alone and takes a new one', async ({ skip }) => {
    skip(!runsAsRoot, 'needs root')
    const home = await closedHome()
    await (await startEmbedded({ home })).stop()
    const earlier = await elsewhereOf(home)
    onTestFinished(() => rm(earlier, { recursive: true, force: true }))
    await rm(home, { recursive: true })
    const lines: string[] = []
    const database = await startEmbedded({ home, log: line => lines.push(line) })
    expect(await elsewhereOf(home)).toBe(`${earlier}-2`)
    expect(lines).toContainEqual(expect.stringContaining(earlier))
    expect((await stat(join(earlier, 'data/PG_VERSION'))).isFile()).toBe(true)
    await database.stop()
  })

  it('a copy of such a home does not share the database of the original', async ({ skip }) => {
    skip(!runsAsRoot, 'needs root')
    const home = await closedHome()
    await (await startEmbedded({ home })).stop()
    const copy = await newHome()
    for (const name of ['postgres.json', 'postgres.password']) await copyFile(join(home, name), join(copy, name))
    await expect(startEmbedded({ home: copy })).rejects.toMatchObject({
      code: 'copied_home',
      message: expect.stringContaining(home),
    })
    await rm(join(copy, 'postgres.json'))
  })

  it('a folder that was closed after the first start is named', async ({ skip }) => {
    skip(!runsAsRoot, 'needs root')
    const home = await newHome()
    await (await startEmbedded({ home })).stop()
    await chmod(home, 0o700)
    await expect(startEmbedded({ home })).rejects.toMatchObject({
      code: 'not_enterable',
      message: expect.stringContaining('chmod'),
    })
  })
})

describe('as a normal user', () => {
  it('everything is below the home folder, and root carries on as that user', async ({ skip }) => {
    skip(!nobodyMayWork, 'needs root, and a checkout that the user nobody may enter')
    const home = await newHome()
    await chown(home, nobody.uid, nobody.gid)
    const user = await moveIn(home, { uid: nobody.uid, gid: nobody.gid })
    expect(user.told).toMatchObject({ ok: true, started: true })
    const pid = (await postmasterPid(home)) ?? 0
    expect(commandOf(pid)).toContain(`-D ${home}/postgres/data`)
    await query(user.told.url, 'create table kept as select 42 as answer')
    await user.stop()
    expect(identityOf(pid)).toBeUndefined()

    const root = await startEmbedded({ home })
    expect(await uidOf((await postmasterPid(home)) ?? 0)).toBe(nobody.uid)
    expect(await query(root.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await root.stop()

    const again = await moveIn(home, { uid: nobody.uid, gid: nobody.gid })
    expect(again.told).toMatchObject({ ok: true, started: true })
    await again.stop()
  })

  it('the database of another user is refused with his name', async ({ skip }) => {
    skip(!nobodyMayWork, 'needs root, and a checkout that the user nobody may enter')
    const home = await newHome()
    await (await startEmbedded({ home })).stop()
    const shut = await moveIn(home, { uid: nobody.uid, gid: nobody.gid })
    expect(shut.told).toMatchObject({ ok: false, code: 'not_writable', message: expect.stringContaining('THROUGHLINE_HOME') })
    await chmod(home, 0o777)
    const open = await moveIn(home, { uid: nobody.uid, gid: nobody.gid })
    const { name } = chooseAccount()
    expect(open.told).toMatchObject({ ok: false, code: 'not_yours', message: expect.stringContaining(name) })
  })
})

describe('a full disk', () => {
  it('stops the first start before anything is written', async ({ skip }) => {
    skip(!mayMount(), 'needs root and the right to mount')
    const home = await smallDisk('60m')
    await expect(startEmbedded({ home })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('Free some space'),
    })
    expect(await stat(join(home, 'postgres/programs')).catch(() => 'absent')).toBe('absent')
  })

  it('stops a later start with the same sentence', async ({ skip }) => {
    skip(!mayMount(), 'needs root and the right to mount')
    const home = await smallDisk('220m')
    await (await startEmbedded({ home })).stop()
    await fill(home)
    await expect(startEmbedded({ home })).rejects.toMatchObject({ code: 'disk_full' })
    expect(await postmasterPid(home)).toBeUndefined()
    await rm(join(home, 'filling'))
    await (await startEmbedded({ home })).stop()
  })

  it('while it runs is survived, and PostgreSQL is back when there is room', async ({ skip }) => {
    skip(!mayMount(), 'needs root and the right to mount')
    const home = await smallDisk('220m')
    const lines: string[] = []
    const database = await startEmbedded({ home, log: line => lines.push(line) })
    await query(database.url, 'create table kept as select 42 as answer')
    await fill(home)
    await query(database.url, 'create table large as select generate_series(1, 1000000) as n').catch(() => {})
    await rm(join(home, 'filling'))
    await until(() => query(database.url, 'select answer from kept').catch(() => undefined), 20_000)
    await fill(home)
    process.kill((await postmasterPid(home)) ?? 0, 'SIGKILL')
    await until(() => lines.some(line => line.includes('could not be started again: The disk')), 20_000)
    await rm(join(home, 'filling'))
    await until(() => query(database.url, 'select answer from kept').catch(() => undefined), 20_000)
    await fill(home)
    await database.stop()
    expect(await postmasterPid(home)).toBeUndefined()
  })
})

async function closedHome(): Promise<string> {
  const parent = await newHome()
  await chmod(parent, 0o700)
  const home = join(parent, 'home')
  await mkdir(home)
  onTestFinished(async () => {
    const folder = await elsewhereOf(home).catch(() => undefined)
    if (folder) await rm(folder, { recursive: true, force: true })
  })
  return home
}

async function elsewhereOf(home: string): Promise<string> {
  return (JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8')) as { folder: string }).folder
}

async function uidOf(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid
}

async function smallDisk(size: string): Promise<string> {
  const home = await newHome()
  const disk = join(home, 'disk')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'none', disk])
  onTestFinished(() => void execFileSync('umount', ['--lazy', disk]))
  return disk
}

async function fill(disk: string): Promise<void> {
  const { bavail, bsize } = await statfs(disk)
  await writeFile(join(disk, 'filling'), Buffer.alloc(bavail * bsize)).catch(() => {})
  await writeFile(join(disk, 'filling'), Buffer.alloc(bsize), { flag: 'a' }).catch(() => {})
}

function mayMount(): boolean {
  if (!runsAsRoot) return false
  try {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    execFileSync('rmdir', [folder])
    return true
  } catch {
    return false
  }
}
