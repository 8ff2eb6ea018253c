import { openSealer } from '../../database/sealing.ts'
import type { Finding, Patient } from './checks.ts'

/** The doctor changes nothing. */
export const LOOKING = { may_begin: false }

/** Whether they are kept encrypted, and can be read. */
export async function sealing({ url, config }: Patient): Promise<Finding> {
  const sealer = await openSealer(url, config, LOOKING)
  return { ok: true, found: sealer ? 'encrypted in the database, and can be read' : 'not encrypted (ENCRYPT_CONTACTS)' }
}
