import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../database/connect.ts'

/**
 * An id for a visitor who lets nothing be stored on the device: a hash of address, browser and workspace under a salt that is
 * new every day (UTC) and thrown away after two, so that nobody can link the days or go back to the address.
 */
export function cookielessIds(database: Database) {
  let day = ''
  let salt: Buffer | undefined
  return {
    /** Call before a request is read; asks the database once a day. */
    async prepare(now: number) {
      const today = new Date(now).toISOString().slice(0, 10)
      if (today === day) return
      salt = await saltOf(database, today)
      day = today
    },
    idOf(workspace_id: number, ip: string, user_agent: string): string {
      if (!salt) throw new Error('prepare() comes first')
      return `cookieless:${createHash('sha256').update(salt).update(`${workspace_id} ${ip} ${user_agent}`).digest('hex').slice(0, 32)}`
    },
  }
}

async function saltOf(database: Database, day: string): Promise<Buffer> {
  await database.system`insert into daily_salts (day, salt) values (${day}, ${randomBytes(32)}) on conflict do nothing`
  const [row] = await database.system<{ salt: Buffer }[]>`select salt from daily_salts where day = ${day}`
  return row!.salt
}
