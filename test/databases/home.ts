import { access, chmod, constants, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm'

/** Of the databases of a few test files at a time, and of what PostgreSQL writes ahead. */
const ROOM_BYTES = 4 * 1024 ** 3

/**
 * A folder for a PostgreSQL of which nothing outlives the run. In memory where there is room: every test file gets a copy of a
 * thousand relations, which takes the disk a second and memory 0.04 s.
 */
export async function makeHome(): Promise<string> {
  if (!(await hasRoom(MEMORY))) return makeFolder(tmpdir())
  const home = await makeFolder(MEMORY)
  if (await runsPrograms(home)) return home
  await rm(home, { recursive: true })
  return makeFolder(tmpdir())
}

async function makeFolder(parent: string) {
  const folder = await mkdtemp(join(parent, 'throughline-test-'))
  await chmod(folder, 0o755)
  return folder
}

/** The embedded PostgreSQL is in its home, and containers allow no programs in memory. */
async function runsPrograms(folder: string) {
  const file = join(folder, 'program')
  await writeFile(file, '', { mode: 0o755 })
  const may_run = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
  await rm(file)
  return may_run
}

async function hasRoom(folder: string) {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize >= ROOM_BYTES
}
