import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedError } from './error.ts'
import { keep, type Place } from './place.ts'
import type { Programs } from './programs.ts'
import { run } from './run.ts'

const name = 'postgres.password'

/** The superuser's password, made when it is first asked for. */
export async function password(home: string): Promise<string> {
  const known = await knownPassword(home)
  if (known) return known
  const made = randomBytes(24).toString('hex')
  await keep(home, name, `${made}\n`, 0o600)
  return made
}

export async function knownPassword(home: string): Promise<string | undefined> {
  const text = await readFile(join(home, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.trim() || undefined
}

export async function forgetPassword(home: string): Promise<void> {
  await rm(join(home, name), { force: true })
}

/** Gives the superuser the password of the home folder, for when that file was lost. PostgreSQL must be stopped. */
export async function resetPassword(place: Place, programs: Programs): Promise<void> {
  const statement = `alter role postgres password '${await password(place.home)}';\n`
  const { code, output } = await run(place, programs.postgres, ['--single', '-D', place.data, 'postgres'], statement)
  if (code === 0) return
  await forgetPassword(place.home)
  throw new EmbeddedError('start_failed', `The password of the database could not be set anew. PostgreSQL said: ${output.trim()}`)
}
