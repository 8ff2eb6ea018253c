import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull, EmbeddedError } from './error.ts'
import { keep, type Place } from './place.ts'
import type { Programs } from './programs.ts'
import { settingsFile } from './settings.ts'

const MB = 1024 * 1024
const passwordFile = 'postgres.password'

/** The superuser's password, made at the first start. */
export async function password(home: string): Promise<string> {
  const kept = await knownPassword(home)
  if (kept) return kept
  const made = randomBytes(24).toString('hex')
  await keep(home, passwordFile, `${made}\n`, 0o600)
  return made
}

export async function knownPassword(home: string): Promise<string | undefined> {
  return (await readFile(join(home, passwordFile), 'utf8').catch(() => '')).trim() || undefined
}

/** Which major version made the data folder; undefined when there is none yet. */
export async function versionOf(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) return Number.parseInt(text, 10)
  // An empty folder is a mount point or a leftover; one with files in it is somebody's, and not a database that starts.
  const files = await readdir(data).catch(() => [])
  if (files.length === 0) return undefined
  throw new EmbeddedError(
    'broken_data',
    `${data} holds files but no database: PG_VERSION is missing. Restore it from a backup, or move the folder away to start with an empty database.`,
  )
}

export function refuseOtherVersion(data: string, made: number, major: number): void {
  if (made === major) return
  throw new EmbeddedError(
    'wrong_version',
    `${data} was made by PostgreSQL ${made}, and this release of Throughline carries PostgreSQL ${major}. Save it with "throughline backup" of the release that made it, move the folder away and "throughline restore" it with this one, or set DATABASE_URL to a PostgreSQL ${made}.`,
  )
}

/** Makes the database cluster beside its place and renames it, so that an initdb that was killed leaves nothing half made. */
export async function makeCluster(place: Place, programs: Programs, log: (line: string) => void): Promise<void> {
  await sweepDrafts(place)
  await requireSpace(place.folder, 128 * MB)
  log(`creating the database in ${place.data}`)
  const draft = join(place.folder, `data.new-${process.pid}`)
  const secret = `${draft}.password`
  await mkdir(draft, { mode: 0o700 })
  try {
    await writeFile(secret, await password(place.home), { mode: 0o600 })
    if (place.account) for (const path of [draft, secret]) await chown(path, place.account.uid, place.account.gid)
    await initdb(place, programs, draft, secret)
    await writeConfiguration(place, draft)
  } finally {
    await rm(secret, { force: true })
  }
  await rmdir(place.data).catch(() => {})
  await rename(draft, place.data)
}

export async function requireSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < needed) throw diskFull(folder, bavail * bsize)
}

/** Gives the superuser the password of the home folder, for when that file was lost. PostgreSQL must be stopped. */
export async function resetPassword(place: Place, programs: Programs): Promise<void> {
  const statement = `alter role postgres password '${await password(place.home)}';\n`
  const { code, output } = await run(place, programs.postgres, ['--single', '-D', place.data, 'postgres'], statement)
  if (code !== 0)
    throw new EmbeddedError('start_failed', `The password of the database could not be set anew. PostgreSQL said: ${output}`)
}

async function sweepDrafts(place: Place): Promise<void> {
  for (const name of await readdir(place.folder)) {
    if (name.startsWith('data.new-')) await rm(join(place.folder, name), { recursive: true, force: true }).catch(() => {})
  }
}

async function initdb(place: Place, programs: Programs, draft: string, secret: string): Promise<void> {
  const given = ['-D', draft, '-U', 'postgres', `--pwfile=${secret}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
  // The root collation of ICU sorts names as people expect (e before é before f, case last), alike on every system; the C
  // locale would put every capital and every accent in a block of its own.
  const icu = ['--locale-provider=icu', '--icu-locale=und']
  const plain = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  let { code, output } = await run(place, programs.initdb, [...given, ...icu])
  if (code !== 0 && /ICU is not supported/i.test(output))
    ({ code, output } = await run(place, programs.initdb, [...given, ...plain]))
  if (code === 0) return
  await rm(draft, { recursive: true, force: true }).catch(() => {})
  if (/No space left on device|quota exceeded/i.test(output)) throw diskFull(place.folder)
  throw new EmbeddedError('init_failed', `PostgreSQL could not create its data in ${place.data}. It said: ${lastLines(output)}`)
}

async function writeConfiguration(place: Place, draft: string): Promise<void> {
  const files = {
    'postgresql.conf': `# Yours to edit: Throughline writes only the file below, and what comes after it wins.\ninclude 'throughline.conf'\n`,
    'throughline.conf': settingsFile(),
    'pg_hba.conf': '# Only this machine, only with the password.\nhost all all 127.0.0.1/32 scram-sha-256\n',
  }
  for (const [name, text] of Object.entries(files)) {
    const file = join(draft, name)
    await writeFile(file, text)
    await chmod(file, 0o600)
    if (place.account) await chown(file, place.account.uid, place.account.gid)
  }
}

/** Runs a program of PostgreSQL to its end, as the account. */
async function run(place: Place, program: string, args: string[], input = ''): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...asAccount(place), cwd: place.folder, stdio: 'pipe' })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', error => reject(cannotRun(place, program, error)))
    child.on('close', code => resolve({ code, output }))
  })
}

/** The user to run as, and an environment in which no PG* variable of the operator's shell changes what PostgreSQL does. */
export function asAccount({ account }: Place): { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } {
  if (process.platform === 'win32') return {}
  return { ...(account && { uid: account.uid, gid: account.gid }), env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } }
}

export function cannotRun({ account }: Place, program: string, error: NodeJS.ErrnoException): EmbeddedError {
  const who = account ? ` as the system user ${account.name}` : ''
  return new EmbeddedError(
    'cannot_run',
    `${program} cannot be run here${who} (${error.code ?? error.message}). The embedded PostgreSQL needs a glibc Linux, macOS or Windows and a folder that allows programs; otherwise set DATABASE_URL to a PostgreSQL of your own.`,
  )
}

export function lastLines(text: string, count = 4): string {
  return text.trim().split('\n').slice(-count).join(' ')
}
