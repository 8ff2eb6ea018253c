import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Adds lines to the end of a file, and returns when they are on the disk; throws when that is not possible. One write, so that what several
 * processes add at once does not mix.
 */
export async function appendTo(path: string, lines: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  // Until it is in the file that stands there: it may have been taken away to be loaded between our opening it and writing.
  while (!(await append(path, lines)));
  await sync(folder)
}

/** Whether the file still has its name. */
async function append(path: string, lines: string): Promise<boolean> {
  const file = await open(path, 'a+', 0o600)
  try {
    const bytes = Buffer.from(((await isTorn(file)) ? '\n' : '') + lines)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
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
