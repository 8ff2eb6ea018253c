import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestProject } from 'vitest/node'
import { open } from '../../server/database/connect.ts'
import { chooseAccount, runsAsRoot } from '../../server/database/embedded/account.ts'
import { freePort } from '../../server/database/embedded/ports.ts'
import { makeHome } from './home.ts'
import { makeTemplate, UNSAFE } from './template.ts'

const SHELF = '/usr/lib/postgresql'

/** The oldest PostgreSQL of the system's packages that Throughline promises to run on: what works there works on the newer ones. */
export function systemPrograms(): { major: number; bin: string } | undefined {
  const majors = existsSync(SHELF) ? readdirSync(SHELF).map(Number) : []
  const [major] = majors
    .filter(major => major >= 15 && existsSync(join(SHELF, String(major), 'bin/postgres')))
    .sort((a, b) => a - b)
  return major === undefined ? undefined : { major, bin: join(SHELF, String(major), 'bin') }
}

/** Starts it on a port and in a folder of its own, for the files of a project. */
export default async function setup(project: TestProject) {
  const { bin } = systemPrograms()!
  const folder = await makeHome()
  const account = runsAsRoot ? chooseAccount() : undefined
  if (account) await chown(folder, account.uid, account.gid)
  const as = { cwd: folder, ...(account && { uid: account.uid, gid: account.gid }) }

  execFileSync(join(bin, 'initdb'), ['-D', 'data', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], as)
  const port = await freePort()
  const settings = { ...UNSAFE, listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC', jit: 'off' }
  const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const postgres = spawn(join(bin, 'postgres'), ['-D', 'data', ...flags], { ...as, stdio: 'ignore' })
  const ended = once(postgres, 'exit')

  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await untilItAnswers(url)
  project.provide('server', await makeTemplate(url))
  return async () => {
    postgres.kill('SIGINT')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}

async function untilItAnswers(url: string) {
  const until = Date.now() + 30_000
  for (;;) {
    const sql = open(url)
    try {
      return await sql`select 1`
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(50)
    } finally {
      await sql.end()
    }
  }
}
