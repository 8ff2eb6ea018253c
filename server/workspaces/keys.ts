import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { type Key, type KeyCreate, type KeyUpdate, SCOPES } from '../../shared/workspaces.ts'
import { recordActivities } from '../activities/record.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { wrongRange } from '../http/ip-ranges.ts'
import { hashOf, newKey } from './secrets.ts'

export type KeyCreated = Key & { key: string }

/** Everything that a workspace's first key may do. Later ones manage no keys and no members unless that is asked for. */
export const ALL_SCOPES: NonNullable<KeyCreate['scopes']> = [...SCOPES]

/** Those of a secret key of which nobody said any. */
export const USUAL_SCOPES: NonNullable<KeyCreate['scopes']> = ['read', 'update', 'ingest']

export function createKey(database: Database, workspace_id: number, wanted: KeyCreate, actor: Actor): Promise<KeyCreated> {
  return inWorkspace(database, workspace_id, sql => addKey(sql, workspace_id, wanted, actor))
}

/** Makes a key. The whole of a secret one is in this answer and nowhere else. */
export async function addKey(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { kind, name, scopes, expires_at = null, allowed_ips = null, rate_limit = null }: KeyCreate,
  actor: Actor,
): Promise<KeyCreated> {
  requireLimits({ expires_at, allowed_ips })
  const key = newKey(kind)
  const granted = kind === 'write' ? ['ingest'] : (scopes ?? USUAL_SCOPES)
  const created_by = actor.kind === 'user' ? (actor.id ?? null) : null
  const prefix = kind === 'write' ? key : key.slice(0, 10)
  const [row] = await sql<Key[]>`
    insert into keys (workspace_id, kind, name, prefix, key_hash, scopes, created_by, expires_at, allowed_ips, rate_limit)
    values (${workspace_id}, ${kind}, ${name}, ${prefix}, ${hashOf(key)}, ${granted}, ${created_by}, ${expires_at}, ${allowed_ips}, ${rate_limit})
    returning ${columns(sql)}`
  const limits = Object.entries({ expires_at, allowed_ips, rate_limit }).filter(([, value]) => value !== null)
  await recordActivities(sql, workspace_id, [
    {
      action: 'key.created',
      actor,
      subject_id: row!.id,
      after: { kind, name, prefix, scopes: granted, ...Object.fromEntries(limits) },
    },
  ])
  return { ...row!, key }
}

/** All of a workspace's keys, the revoked ones too, the newest first. There are few. */
export async function listKeys(sql: postgres.TransactionSql, workspace_id: number): Promise<Key[]> {
  return sql<Key[]>`
    select ${columns(sql)}
      from keys
     where workspace_id = ${workspace_id}
     order by revoked_at is not null, id desc
     limit 500`
}

/** Renames a key, or changes when it ends, from where it is taken and how much it may do. What it may do stays as it was made. */
export async function editKey(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  wanted: KeyUpdate,
  actor: Actor,
): Promise<Key> {
  requireLimits(wanted)
  const before = await lockKey(sql, workspace_id, id)
  const { name, expires_at, allowed_ips, rate_limit } = { ...before, ...wanted }
  const [row] = await sql<Key[]>`
    update keys
       set name = ${name}, expires_at = ${expires_at}, allowed_ips = ${allowed_ips}, rate_limit = ${rate_limit}
     where workspace_id = ${workspace_id} and id = ${id}
    returning ${columns(sql)}`
  const changed = (['name', 'expires_at', 'allowed_ips', 'rate_limit'] as const).filter(
    field => JSON.stringify(before[field]) !== JSON.stringify(row![field]),
  )
  if (changed.length === 0) return row!
  const pick = (key: Key) => Object.fromEntries(changed.map(field => [field, key[field]]))
  await recordActivities(sql, workspace_id, [
    { action: 'key.updated', actor, subject_id: id, before: pick(before), after: pick(row!) },
  ])
  await sql`select pg_notify('keys_changed', '')`
  return row!
}

/** Ends a key for good, in every process at once. Revoking it again changes nothing. */
export async function revokeKey(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<Key> {
  const before = await lockKey(sql, workspace_id, id)
  if (before.revoked_at !== null) return before
  const [row] = await sql<Key[]>`
    update keys
       set revoked_at = now()
     where workspace_id = ${workspace_id} and id = ${id}
    returning ${columns(sql)}`
  await recordActivities(sql, workspace_id, [
    { action: 'key.revoked', actor, subject_id: id, before: { kind: row!.kind, name: row!.name, prefix: row!.prefix } },
  ])
  await sql`select pg_notify('keys_changed', '')`
  return row!
}

export async function lockKey(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<Key> {
  const [row] = await sql<Key[]>`
    select ${columns(sql)}
      from keys
     where workspace_id = ${workspace_id} and id = ${id}
       for update`
  if (!row) throw refuse('not_found')
  return row
}

function columns(sql: postgres.TransactionSql) {
  return sql`id, kind, name, prefix, scopes, expires_at, allowed_ips, rate_limit, created_by, replaced_by, created_at, last_used_at,
             host(last_ip) as last_ip, revoked_at`
}

function requireLimits({ expires_at, allowed_ips }: KeyUpdate) {
  const wrong = wrongRange(allowed_ips)
  const fields = {
    ...(wrong !== undefined && { allowed_ips: wrong }),
    ...(expires_at && Date.parse(expires_at) <= Date.now() && { expires_at: 'must be a time to come' }),
  }
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}
