import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull, EmbeddedError } from './error.ts'
import type { Place } from './place.ts'

/** Why PostgreSQL did not start, from what it said to us and to its log. */
export async function diagnose(place: Place, port: number, since: number, said: string): Promise<EmbeddedError> {
  const { file, text: logged } = await lastLog(place.data, since)
  const text = `${said}\n${logged}`
  if (/shared memory segment.*No space left/i.test(text))
    return new EmbeddedError(
      'start_failed',
      'The shared memory of this machine (/dev/shm) is full. Free some, or give the container more (--shm-size).',
    )
  if (/No space left on device|quota exceeded/i.test(text)) return diskFull(place.data)
  if (/Address already in use|could not bind/i.test(text)) return portTaken(port)
  if (/pre-existing shared memory block|lock file "[^"]*" already exists/i.test(text))
    return new EmbeddedError(
      'still_used',
      `Something still uses the database in ${place.data}: sessions of a PostgreSQL that was killed, or a server in another container. End it and start again.`,
    )
  return new EmbeddedError(
    'start_failed',
    `PostgreSQL did not start: ${reasonIn(text) || 'it said nothing'}. Its log is ${file}.`,
  )
}

export function portTaken(port: number): EmbeddedError {
  return new EmbeddedError(
    'port_taken',
    `Port ${port}, which the embedded PostgreSQL was told to use, is taken by another program. End that program, choose another port, or give none and a free one is found.`,
  )
}

// Of a wrong line in postgresql.conf PostgreSQL says first where it is and then that it gives up.
function reasonIn(text: string): string {
  const lines = text.trim().split('\n')
  const grave = lines.filter(line => /FATAL|PANIC|ERROR|error/.test(line))
  return (grave.length > 0 ? grave : lines)
    .slice(-2)
    .map(line => line.replace(/^.*?[A-Z]+: +/, ''))
    .join('; ')
}

async function lastLog(data: string, since: number): Promise<{ file: string; text: string }> {
  const folder = join(data, 'log')
  const names = await readdir(folder).catch(() => [])
  const aged = await Promise.all(
    names.map(async name => ({ name, at: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  )
  const newest = aged.sort((a, b) => b.at - a.at)[0]
  // Only this start: a disk that was full last week must not be blamed today.
  if (!newest || newest.at < since) return { file: folder, text: '' }
  const file = join(folder, newest.name)
  const text = await readFile(file, 'utf8').catch(() => '')
  return { file, text: text.slice(Math.max(text.lastIndexOf('starting PostgreSQL'), 0)) }
}
