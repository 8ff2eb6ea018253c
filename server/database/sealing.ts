import { randomBytes } from 'node:crypto'
import type postgres from 'postgres'
import { type Config, ConfigError } from '../config.ts'
import { makeSealer, type Sealer } from '../sealing/sealer.ts'
import { seal, secretFor, unseal } from '../secrets.ts'
import { open } from './connect.ts'

/**
 * What seals e-mails and phones in this database; undefined where it was begun without. Whether it does is decided once, by ENCRYPT_CONTACTS before
 * the first person is stored: a database of which one half can be compared with the other half no more is worse than either. The key is the
 * database's own and stays; SECRET_KEY opens it. Throws a sentence when the setting is another than the database's, or the secret is.
 */
export async function openSealer(url: string, config: Config, { may_begin = true } = {}): Promise<Sealer | undefined> {
  const sql = open(url, 'throughline_system')
  try {
    const sealed = (await readKey(sql)) ?? (config.encrypt_contacts && may_begin ? await begin(sql, config) : undefined)
    if (sealed === undefined) return undefined
    if (!config.encrypt_contacts)
      throw new ConfigError(
        'This database was begun with ENCRYPT_CONTACTS=on: e-mails and phones in it are encrypted. Set it again.',
      )
    return makeSealer(unwrap(sealed, config))
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function readKey(sql: postgres.Sql | postgres.TransactionSql): Promise<string | undefined> {
  const [row] = await sql<{ key: string }[]>`select key from sealing`
  return row?.key
}

/** Two servers that start at once make one key. */
function begin(sql: postgres.Sql, config: Config): Promise<string> {
  return sql.begin(async tx => {
    await tx`select pg_advisory_xact_lock(${SEALING_LOCK})`
    const key = await readKey(tx)
    if (key !== undefined) return key
    const [people] = await tx<{ are_there: boolean }[]>`
      select exists (select from users) or exists (select from invitations) or exists (select from contacts) or exists (select from visitors)
          or exists (select from intake_deliveries) or exists (select from event_refusals) or exists (select from transfers) as are_there`
    if (people!.are_there)
      throw new ConfigError(
        'ENCRYPT_CONTACTS=on is for a database without people in it, and this one has some. Switch it off again, or begin with an empty database.',
      )
    const made = seal(secretFor(config, 'sealing'), randomBytes(32).toString('base64'), BOUND)
    await tx`insert into sealing (key) values (${made})`
    return made
  }) as Promise<string>
}

function unwrap(sealed: string, config: Config): Buffer {
  try {
    return Buffer.from(unseal(secretFor(config, 'sealing'), sealed, BOUND), 'base64')
  } catch (error) {
    throw new ConfigError(
      `The e-mails and phones of this database cannot be opened: ${(error as Error).message} Without that secret nobody can read them any more.`,
    )
  }
}

/** As server/sealed.ts finds it: the table, the column and the id of the only row. */
const BOUND = 'sealing.key t'
const SEALING_LOCK = 7_420
