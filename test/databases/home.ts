import { chmod, mkdtemp, statfs } from 'node:fs/promises'
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
  const home = await mkdtemp(join((await hasRoom(MEMORY)) ? MEMORY : tmpdir(), 'throughline-test-'))
  await chmod(home, 0o755)
  return home
}

async function hasRoom(folder: string) {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize >= ROOM_BYTES
}
