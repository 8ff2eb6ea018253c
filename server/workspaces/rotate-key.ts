import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { KeyCreate } from '../../shared/workspaces.ts'
import { recordActivities } from '../activities/record.ts'
import { refuse } from '../errors.ts'
import { addKey, type KeyCreated, lockKey } from './keys.ts'

/**
 * A new key with the rights and limits of another one, which still holds for some hours, so that nobody has to be quick. A key that ends by
 * itself is replaced by one that lives as long as it was made for.
 */
export async function rotateKey(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  overlap_hours: number,
  actor: Actor,
): Promise<KeyCreated> {
  const old = await lockKey(sql, workspace_id, id)
  if (old.revoked_at !== null) throw refuse('conflict', { message: 'This key was revoked. Make a new one.' })
  if (old.replaced_by !== null)
    throw refuse('conflict', { message: `This key was replaced already, by the key ${old.replaced_by}.` })
  const { kind, name, allowed_ips, rate_limit } = old
  const scopes = old.scopes as NonNullable<KeyCreate['scopes']>
  const made = await addKey(sql, workspace_id, { kind, name, scopes, allowed_ips, rate_limit, expires_at: renewed(old) }, actor)
  const [row] = await sql<{ expires_at: Date }[]>`
    update keys
       set replaced_by = ${made.id}, expires_at = least(expires_at, now() + make_interval(hours => ${overlap_hours}))
     where workspace_id = ${workspace_id} and id = ${id}
    returning expires_at`
  await recordActivities(sql, workspace_id, [
    {
      action: 'key.rotated',
      actor,
      subject_id: id,
      before: { expires_at: old.expires_at },
      after: { expires_at: row!.expires_at, replaced_by: made.id },
    },
  ])
  await sql`select pg_notify('keys_changed', '')`
  return made
}

function renewed({ created_at, expires_at }: { created_at: string; expires_at: string | null }): string | null {
  if (expires_at === null) return null
  return new Date(Date.now() + new Date(expires_at).getTime() - new Date(created_at).getTime()).toISOString()
}
