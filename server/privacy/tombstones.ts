import { appendFile, readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { digestOf } from '../contacts/erased.ts'
import { tombstoneFile } from './files.ts'
import type { Who } from './who.ts'

export type Tombstone = { workspace_id: number; at: string; digests: string[] }

/** Written beside the database, so that whoever restores an older backup can erase again (`throughline privacy reapply`). Digests alone. */
export async function noteTombstone(config: Config, workspace_id: number, who: Who): Promise<void> {
  const digest = digestOf(config)
  const digests = who.known.map(value => digest(workspace_id, value).toString('hex'))
  if (digests.length === 0) return
  const line: Tombstone = { workspace_id, at: new Date().toISOString(), digests }
  await appendFile(await tombstoneFile(config), `${JSON.stringify(line)}\n`, { mode: 0o600, flush: true })
}

export async function readTombstones(config: Config): Promise<Tombstone[]> {
  const text = await readFile(await tombstoneFile(config), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Tombstone)
}
