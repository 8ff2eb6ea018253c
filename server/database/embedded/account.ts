import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EmbeddedError } from './error.ts'

/** The system user that PostgreSQL runs under when Throughline runs as root. */
export type Account = { name: string; uid: number; gid: number }

export const runsAsRoot = process.getuid?.() === 0

/** PostgreSQL refuses root: `postgres` if the system has it, else `nobody`, else one that is made for it. */
export function chooseAccount(): Account {
  const found = find('postgres') ?? find('nobody') ?? (create('throughline-db') && find('throughline-db'))
  if (found) return found
  throw new EmbeddedError(
    'no_account',
    'PostgreSQL may not run as root, and this system has no user for it and lets none be made. Start Throughline as a normal user, or set DATABASE_URL.',
  )
}

export function accountOf(uid: number, gid: number): Account {
  return { name: passwd().find(entry => entry.uid === uid)?.name ?? `with the id ${uid}`, uid, gid }
}

/** Whether the account may walk through every folder of the path, judged as the system does for a user without further groups. */
export async function mayEnter(folder: string, { uid, gid }: Account): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const { uid: owner, gid: group, mode } = await stat(at)
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}

function find(name: string): Account | undefined {
  return passwd().find(entry => entry.name === name && entry.uid !== 0)
}

function create(name: string): boolean {
  return spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name]).status === 0
}

function passwd(): Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map(line => line.split(':'))
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  } catch {
    return []
  }
}
