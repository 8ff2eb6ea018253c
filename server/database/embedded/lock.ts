import { lstat, mkdir, readFile, readlink, rmdir, symlink, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './error.ts'
import { type Identity, isAlive, ownIdentity, pidOf } from './processes.ts'

export type Seized = { release: () => Promise<void> } | { holder: Identity }

/** Takes the lock, or says which living process has it. A lock whose process is dead is taken over. */
export async function seize(file: string): Promise<Seized> {
  const mine = `${ownIdentity()}.${Math.random().toString(36).slice(2, 8)}`
  for (;;) {
    if (await write(file, mine)) return { release: async () => void ((await read(file)) === mine && (await unlink(file))) }
    const found = await read(file)
    if (found === undefined) continue
    const holder = found.slice(0, found.lastIndexOf('.'))
    if (isAlive(holder)) return { holder }
    await breakStale(file, found)
  }
}

/** Does the work while nobody else does, and waits for its turn as long as `patience` milliseconds. */
export async function underLock<T>(
  file: string,
  work: () => Promise<T>,
  log: (line: string) => void,
  patience = 120_000,
): Promise<T> {
  const from = Date.now()
  let told = false
  for (;;) {
    const seized = await seize(file)
    if ('release' in seized) {
      try {
        return await work()
      } finally {
        await seized.release()
      }
    }
    const waited = Date.now() - from
    if (waited > patience)
      throw new EmbeddedError(
        'busy',
        `Process ${pidOf(seized.holder)} has been starting or stopping the embedded PostgreSQL for ${Math.round(waited / 1000)} s. Wait for it, or end that process and start again.`,
      )
    if (waited > 2000 && !told) log(`waiting for process ${pidOf(seized.holder)}, which starts or stops the embedded PostgreSQL`)
    told ||= waited > 2000
    await sleep(20)
  }
}

// A symbolic link is made whole or not at all, text included, and needs no free block on a full disk. Where links are not
// allowed a file does nearly as well.
async function write(file: string, text: string): Promise<boolean> {
  try {
    await symlink(text, file)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (process.platform !== 'win32' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error
  }
  return writeFile(file, text, { flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

async function read(file: string): Promise<string | undefined> {
  return readlink(file).catch(() => readFile(file, 'utf8').catch(() => undefined))
}

/**
 * Removes the lock that was seen stale, if it is still that one. Two that see the same dead holder must not both remove "it": the
 * second would remove the lock of the first. So removing has a lock of its own, held for a moment; whoever died within that
 * moment is forgotten after five seconds.
 */
export async function breakStale(file: string, seen: string): Promise<void> {
  const breaking = `${file}.breaking`
  try {
    await mkdir(breaking)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const since = await lstat(breaking).then(stat => stat.mtimeMs, Date.now)
    if (Date.now() - since > 5000) await rmdir(breaking).catch(() => {})
    await sleep(10)
    return
  }
  try {
    if ((await read(file)) === seen) await unlink(file)
  } finally {
    await rmdir(breaking).catch(() => {})
  }
}
