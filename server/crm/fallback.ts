import { randomUUID } from 'node:crypto'
import { mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CrmFailure } from './log.ts'

/**
 * What the database did not take: of a member that a run asked for, or of somebody who signed up. `error` is what the CRM refused or,
 * where it answered well, why that could not be written down.
 */
export type Aside = CrmFailure & {
  state: 'DbWriteOkErrorLogged' | 'DbWriteNotFoundErrorLogged' | 'DbWriteUnexpectedResFailure' | 'LoggedDbFailure'
  /** Where the CRM told one. */
  external_id: string | null
}

/** A line of the file. The id is its own: what is loaded twice is there once. */
export type AsideLine = Omit<Aside, 'at' | 'fallback_id'> & { id: string; at: string }

/**
 * Keeps what the database cannot, as lines of JSON in `<folder>/fallback.jsonl`, and returns when they are on the disk; throws when even that
 * is not possible. `throughline crm replay-log` loads them.
 */
export async function keepAside(folder: string, ...entries: Aside[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const lines = entries.map(({ fallback_id: _, at = new Date(), ...entry }): AsideLine => {
    return { id: randomUUID(), at: at.toISOString(), ...entry }
  })
  const path = fallbackFile(folder)
  // Until it is in the file that stands there: it may have been taken away to be loaded between our opening it and writing.
  while (!(await append(path, lines.map(line => `${JSON.stringify(line)}\n`).join(''))));
  await sync(folder)
}

export function fallbackFile(folder: string) {
  return join(folder, 'fallback.jsonl')
}

/** Whether the file still has its name. */
async function append(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'a+', 0o600)
  try {
    await file.appendFile(((await isTorn(file)) ? '\n' : '') + text)
    await file.sync()
    const [written, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)])
    return named?.ino === written.ino
  } finally {
    await file.close()
  }
}

/** A process died in the middle of a line: that one is lost, the next one must not be. */
async function isTorn(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() !== '\n'
}

/** A file that is new has its name on the disk only when its folder has. */
async function sync(folder: string) {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
