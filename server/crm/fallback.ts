import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { hidePersonal } from '../sealing/hide.ts'
import { appendTo } from './append.ts'
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
 * Keeps what the database cannot, as lines of JSON in `crm/fallback.jsonl` of the home folder, and returns when they are on the disk; throws when even that
 * is not possible. `throughline crm replay-log` loads them. What a CRM answered may name somebody.
 */
export async function keepAside({ home, encrypt_contacts }: Config, ...entries: Aside[]): Promise<void> {
  const lines = entries.map(({ fallback_id: _, at = new Date(), ...entry }): AsideLine => {
    return { id: randomUUID(), at: at.toISOString(), ...entry }
  })
  const text = lines.map(line => `${JSON.stringify(line)}\n`).join('')
  await appendTo(fallbackFile(join(home, 'crm')), encrypt_contacts ? hidePersonal(text) : text)
}

export function fallbackFile(folder: string) {
  return join(folder, 'fallback.jsonl')
}
