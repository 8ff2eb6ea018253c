import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Key, KeyCreate } from '../../shared/workspaces.ts'
import { recordActivities } from '../activities/record.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { hashOf, newKey } from './secrets.ts'

export type KeyCreated = Key & { key: string }

/** Everything that a workspace's first key may do. Later ones manage no keys and no members unless that is asked for. */
export const ALL_SCOPES: NonNullable<KeyCreate['scopes']> = ['read', 'update', 'ingest', 'admin']

export function createKey(database: Database, workspace_id: number, wanted: KeyCreate, actor: Actor): Promise<KeyCreated> {
  return inWorkspace(database, workspace_id, sql => addKey(sql, workspace_id, wanted, actor))
}

/** Makes a key. The whole of a secret one is in this answer and nowhere else. */
export async function addKey(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { kind, name, scopes }: KeyCreate,
  actor: Actor,
): Promise<KeyCreated> {
  const key = newKey(kind)
  const granted = kind === 'write' ? ['ingest'] : (scopes ?? ['read', 'update', 'ingest'])
  const created_by = actor.kind === 'user' ? (actor.id ?? null) : null
  const [row] = await sql<Key[]>`
    insert into keys (workspace_id, kind, name, prefix, key_hash, scopes, created_by)
    values (${workspace_id}, ${kind}, ${name}, ${kind === 'write' ? key : key.slice(0, 10)}, ${hashOf(key)}, ${granted}, ${created_by})
    returning id, kind, name, prefix, scopes, created_at, last_used_at, revoked_at`
  await recordActivities(sql, workspace_id, [
    { action: 'key.created', actor, subject_id: row!.id, after: { kind, name, prefix: row!.prefix, scopes: granted } },
  ])
  return { ...row!, key }
}

/** All of a workspace's keys, the revoked ones too, the newest first. There are few. */
export async function listKeys(sql: postgres.TransactionSql, workspace_id: number): Promise<Key[]> {
  return sql<Key[]>`
    select id, kind, name, prefix, scopes, created_at, last_used_at, revoked_at
      from keys
     where workspace_id = ${workspace_id}
     order by revoked_at is not null, id desc
     limit 500`
}

/** Ends a key for good, in every process at once. Revoking it again changes nothing. */
export async function revokeKey(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<Key> {
  const [before] = await sql<Key[]>`
    select id, kind, name, prefix, scopes, created_at, last_used_at, revoked_at
      from keys
     where workspace_id = ${workspace_id} and id = ${id}
       for update`
  if (!before) throw refuse('not_found')
  if (before.revoked_at !== null) return before
  const [row] = await sql<Key[]>`
    update keys
       set revoked_at = now()
     where workspace_id = ${workspace_id} and id = ${id}
    returning id, kind, name, prefix, scopes, created_at, last_used_at, revoked_at`
  await recordActivities(sql, workspace_id, [
    { action: 'key.revoked', actor, subject_id: id, before: { kind: row!.kind, name: row!.name, prefix: row!.prefix } },
  ])
  await sql`select pg_notify('keys_changed', '')`
  return row!
}
