import type { Actor } from '../../shared/shape.ts'
import type { Config } from '../config.ts'
import { digestsOf } from '../contacts/erased.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { eraseLater } from './start.ts'
import { readTombstones } from './tombstones.ts'

const AT_ONCE = 10_000

/**
 * After a restore from a backup: whoever was erased since then is there again, and is erased again. Nobody can be read from a tombstone, so every
 * e-mail, phone and user id that there is, is asked whether it is one. Whoever became a contact after the erasure came back by themselves, and
 * stays. The server does what is asked for here. Returns how many people that is.
 */
export async function reapply(database: Database, config: Config, actor: Actor): Promise<{ erasures: number }> {
  const erased = new Map<string, number>()
  for (const { workspace_id, at, digests } of await readTombstones(config))
    for (const digest of digests) erased.set(`${workspace_id} ${digest}`, Date.parse(at))
  const digests = digestsOf(config)
  const found = new Map<number, Set<number>>()
  const keys = database.system<{ workspace_id: number; value: string; contact_id: number; created_at: Date }[]>`
    select k.workspace_id, k.value, c.whole_id as contact_id, c.created_at
      from contact_keys k
      join contacts c on c.workspace_id = k.workspace_id and c.id = k.contact_id`
  if (erased.size > 0)
    for await (const rows of keys.cursor(AT_ONCE))
      for (const { workspace_id, value, contact_id, created_at } of rows) {
        const at = digests(workspace_id, value)
          .map(digest => erased.get(`${workspace_id} ${digest.toString('hex')}`))
          .find(at => at !== undefined)
        if (at === undefined || created_at.getTime() > at) continue
        found.set(workspace_id, (found.get(workspace_id) ?? new Set()).add(contact_id))
      }
  let erasures = 0
  for (const [workspace_id, contact_ids] of found)
    for (const contact_id of contact_ids) {
      const asked = { contact_ids: [contact_id], email: null, phone: null }
      await inWorkspace(database, workspace_id, sql =>
        eraseLater(sql, workspace_id, asked, 'erased again after a restore', actor),
      )
      erasures++
    }
  return { erasures }
}
