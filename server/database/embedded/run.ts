import { spawn } from 'node:child_process'
import { EmbeddedError } from './error.ts'
import type { Place } from './place.ts'

/** Runs a program of PostgreSQL to its end, as the account. */
export async function run(
  place: Place,
  program: string,
  args: string[],
  input = '',
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...asAccount(place), stdio: 'pipe' })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', error => reject(cannotRun(place, program, error)))
    child.on('close', code => resolve({ code, output }))
  })
}

/** The user and folder to run in, and an environment in which no PG* variable of the operator's shell changes anything. */
export function asAccount({ account, folder }: Place): { cwd: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv } {
  if (process.platform === 'win32') return { cwd: folder }
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }
  return { cwd: folder, env, ...(account && { uid: account.uid, gid: account.gid }) }
}

export function cannotRun({ account }: Place, program: string, error: NodeJS.ErrnoException): EmbeddedError {
  const who = account ? ` as the system user ${account.name}` : ''
  return new EmbeddedError(
    'cannot_run',
    `${program} cannot be run here${who} (${error.code ?? error.message}). The embedded PostgreSQL needs a Linux with glibc, macOS or Windows and a folder that allows programs; otherwise set DATABASE_URL to a PostgreSQL of your own.`,
  )
}
