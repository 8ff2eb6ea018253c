import { chmod, chown, mkdir, readdir, readFile, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull, EmbeddedError } from './error.ts'
import { password } from './password.ts'
import type { Place } from './place.ts'
import type { Programs } from './programs.ts'
import { run } from './run.ts'
import { settingsFile } from './settings.ts'

/** Which major version made the data folder; undefined when there is none yet. */
export async function versionOf(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) return Number.parseInt(text, 10)
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
    `${data} was made by PostgreSQL ${made}, and this release of Throughline carries PostgreSQL ${major}. Save it with "throughline backup" of the release that made it, move the folder away and "throughline restore" it with this one; or set DATABASE_URL to a PostgreSQL ${made}.`,
  )
}

/** Removes what first starts left that were killed; an initdb of one may still be writing there, and then the next start does it. */
export async function sweepDrafts(place: Place): Promise<void> {
  for (const name of await readdir(place.folder)) {
    if (name.startsWith('data.new-')) await rm(join(place.folder, name), { recursive: true, force: true }).catch(() => {})
  }
}

/** Makes the data folder beside its place and renames it, so that an initdb that was killed leaves nothing half made. */
export async function makeCluster(place: Place, programs: Programs, log: (line: string) => void): Promise<void> {
  log(`creating the database in ${place.data}`)
  const draft = join(place.folder, `data.new-${process.pid}`)
  const secret = `${draft}.password`
  try {
    await mkdir(draft, { mode: 0o700 })
    await give(place, draft)
    await writeOwned(place, secret, await password(place.home))
    await initdb(place, programs, draft, secret)
    await writeOwned(place, join(draft, 'postgresql.conf'), operatorsFile)
    await writeOwned(place, join(draft, 'pg_hba.conf'), accessFile)
  } finally {
    await rm(secret, { force: true })
  }
  await rmdir(place.data).catch(() => {})
  await rename(draft, place.data)
}

/** Brings the settings of this release into the data folder; on a full disk the old ones stay. */
export async function writeSettings(place: Place): Promise<void> {
  const file = join(place.data, 'throughline.conf')
  if ((await readFile(file, 'utf8').catch(() => '')) === settingsFile()) return
  await writeOwned(place, `${file}.new`, settingsFile())
  await rename(`${file}.new`, file)
}

export async function requireSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < needed) throw diskFull(folder, bavail * bsize)
}

async function initdb(place: Place, programs: Programs, draft: string, secret: string): Promise<void> {
  const given = ['-D', draft, '-U', 'postgres', `--pwfile=${secret}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
  // The root collation of ICU sorts names as people expect (é beside e, small beside capital), alike on every machine; the C locale
  // would put every capital before every small letter and every accent after z. Measured: inserting 300,000 random keys takes
  // 7 to 30 % longer than with C, so a column of identifiers may say `collate "C"`.
  const sorted = ['--locale-provider=icu', '--icu-locale=und']
  const plain = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  let { code, output } = await run(place, programs.initdb, [...given, ...sorted])
  if (code !== 0 && /ICU is not supported/i.test(output))
    ({ code, output } = await run(place, programs.initdb, [...given, ...plain]))
  if (code === 0) return
  await rm(draft, { recursive: true, force: true }).catch(() => {})
  if (/No space left on device|quota exceeded/i.test(output)) throw diskFull(place.folder)
  const last = output.trim().split('\n').slice(-3).join(' ')
  throw new EmbeddedError('init_failed', `PostgreSQL could not create its data in ${place.data}. It said: ${last}`)
}

async function writeOwned(place: Place, file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 })
  await chmod(file, 0o600)
  await give(place, file)
}

async function give({ account }: Place, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid)
}

const operatorsFile = `# Yours to edit. Throughline writes only the file that is included here; a line after it wins over it.
include 'throughline.conf'
`

const accessFile = `# From this machine only, and only with the password.
host all all 127.0.0.1/32 scram-sha-256
`
