import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { hashOf, newWord } from '../secrets.ts'

const HOW_MANY = 10

/** Ten new ones; those from before are worth nothing any more. Shown this once: what is stored are hashes. */
export async function giveRecoveryCodes(sql: Sql, user_id: number): Promise<string[]> {
  // 16 letters and digits are 82 bits: a plain hash is enough.
  const codes = Array.from({ length: HOW_MANY }, () =>
    newWord(32)
      .toLowerCase()
      .replace(/[01lo]/g, '')
      .slice(0, 16),
  )
  await sql`delete from recovery_codes where user_id = ${user_id}`
  await sql`
    insert into recovery_codes (user_id, code_hash)
    select ${user_id}, decode(hash, 'hex')
      from unnest(${codes.map(code => hashOf(code).toString('hex'))}::text[]) as hash`
  return codes.map(code => code.match(/.{4}/g)!.join('-'))
}

/** Throws `wrong_code`. */
export async function takeRecoveryCode(sql: Sql, user_id: number, code: string): Promise<void> {
  const { count } = await sql`
    delete from recovery_codes where user_id = ${user_id} and code_hash = ${hashOf(code.toLowerCase())}`
  if (count === 0) throw refuse('wrong_code')
}
