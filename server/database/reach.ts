import { setTimeout as pause } from 'node:timers/promises'
import { open } from './connect.ts'

/** Waits until the database answers: it may be starting, too. Throws a sentence that names it when it does not within `patience_ms`. */
export async function reach(url: string, patience_ms = 10_000): Promise<void> {
  const until = Date.now() + patience_ms
  for (;;) {
    const error = await tryOnce(url)
    if (!error) return
    const sentence = hopeless(error, url)
    if (sentence) throw new Error(sentence)
    if (Date.now() > until) {
      throw new Error(
        `The database at ${placeOf(url)} does not answer (${error.code ?? error.message}). Start it, or correct DATABASE_URL.`,
      )
    }
    await pause(500)
  }
}

async function tryOnce(url: string): Promise<NodeJS.ErrnoException | undefined> {
  const sql = open(url)
  try {
    await sql`select 1`
    return undefined
  } catch (error) {
    return error as NodeJS.ErrnoException
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** What waiting does not mend. */
function hopeless({ code = '' }: NodeJS.ErrnoException, url: string) {
  const { username, pathname } = new URL(url)
  if (code === '3D000')
    return `There is no database "${pathname.slice(1)}" at ${placeOf(url)}. Create it, or correct DATABASE_URL.`
  if (code === '28P01' || code === '28000')
    return `The database at ${placeOf(url)} refuses the user "${username}". Correct the user or the password in DATABASE_URL.`
  return undefined
}

/** Without the password. */
function placeOf(url: string) {
  const { hostname, port } = new URL(url)
  return `${hostname || 'localhost'}:${port || 5432}`
}
