import type postgres from 'postgres'
import { type LeadType, type LeadTypeCreate, type LeadTypeUpdate, READY_LEAD_TYPES } from '../../shared/lead-types.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/** The types of each workspace by their keys, the ready ones first. One statement for any number of workspaces. */
export async function readLeadTypes(sql: Sql, workspace_ids: number[]): Promise<Map<number, Map<string, LeadType>>> {
  const rows = await sql<(Omit<LeadType, 'is_own'> & { workspace_id: number })[]>`
    select workspace_id, key, name, fields
      from lead_types
     where workspace_id = any(${workspace_ids}::int[])
     order by workspace_id, name, key`
  const types = new Map(
    workspace_ids.map(id => [id, new Map(READY_LEAD_TYPES.map(type => [type.key, { ...type, is_own: false }]))]),
  )
  for (const { workspace_id, ...type } of rows) types.get(workspace_id)!.set(type.key, { ...type, is_own: true })
  return types
}

export async function listLeadTypes(sql: Sql, workspace_id: number): Promise<{ data: LeadType[] }> {
  const types = await readLeadTypes(sql, [workspace_id])
  return { data: [...types.get(workspace_id)!.values()] }
}

/** Undefined for a key that only a webhook or an import has named: such leads have no fields of their own. */
export async function findLeadType(sql: Sql, workspace_id: number, key: string): Promise<LeadType | undefined> {
  const types = await readLeadTypes(sql, [workspace_id])
  return types.get(workspace_id)!.get(key)
}

/** Throws `already_exists`, for the key of a ready one too: that one is changed instead. */
export async function createLeadType(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { key, name, fields = [] }: LeadTypeCreate,
  actor: Actor,
): Promise<LeadType> {
  requireKeysOnce(fields)
  if (await findLeadType(sql, workspace_id, key)) throw refuse('already_exists', { fields: { key: 'is taken' } })
  await write(sql, workspace_id, { key, name, fields })
  await recordActivities(sql, workspace_id, [
    { action: 'lead_type.created', actor, subject_id: key, after: { name, fields: fields.map(field => field.key) } },
  ])
  return { key, name, fields, is_own: true }
}

/** Of a ready type it makes the workspace's own. What leads have is kept: a field that is taken away is shown without its label. */
export async function editLeadType(
  sql: postgres.TransactionSql,
  workspace_id: number,
  key: string,
  given: LeadTypeUpdate,
  actor: Actor,
): Promise<LeadType> {
  const before = await findLeadType(sql, workspace_id, key)
  if (!before) throw refuse('not_found')
  const after = { ...before, ...given, is_own: true }
  requireKeysOnce(after.fields)
  await write(sql, workspace_id, after)
  await recordActivities(sql, workspace_id, [
    { action: 'lead_type.updated', actor, subject_id: key, before: shown(before), after: shown(after) },
  ])
  return after
}

/** A ready one that was changed is as it was again. Throws `in_use` while a webhook makes leads of one that would be gone. */
export async function removeLeadType(
  sql: postgres.TransactionSql,
  workspace_id: number,
  key: string,
  actor: Actor,
): Promise<void> {
  const before = await findLeadType(sql, workspace_id, key)
  if (!before?.is_own)
    throw refuse('not_found', before && { message: 'This type is a ready one. It can be changed and not be deleted.' })
  if (!READY_LEAD_TYPES.some(type => type.key === key)) await requireUnused(sql, workspace_id, key)
  await sql`delete from lead_types where workspace_id = ${workspace_id} and key = ${key}`
  await recordActivities(sql, workspace_id, [{ action: 'lead_type.deleted', actor, subject_id: key, before: shown(before) }])
}

async function requireUnused(sql: Sql, workspace_id: number, key: string) {
  const [webhook] = await sql<{ name: string }[]>`
    select name
      from intake_webhooks
     where workspace_id = ${workspace_id} and lead_type = ${key} and deleted_at is null
     limit 1`
  if (webhook)
    throw refuse('in_use', { message: `The intake webhook ${webhook.name} makes leads of this type. Change it first.` })
}

async function write(sql: Sql, workspace_id: number, { key, name, fields }: Omit<LeadType, 'is_own'>) {
  await sql`
    insert into lead_types (workspace_id, key, name, fields)
    values (${workspace_id}, ${key}, ${name}, ${JSON.stringify(fields)}::text::jsonb)
        on conflict (workspace_id, key) do update set name = excluded.name, fields = excluded.fields`
}

function requireKeysOnce(fields: LeadType['fields']) {
  const twice = fields.find((field, k) => fields.findIndex(other => other.key === field.key) !== k)
  if (twice) throw refuse('invalid_fields', { fields: { fields: `${twice.key} is there twice` } })
  const empty = fields.find(field => field.type === 'choice' && (field.options ?? []).length === 0)
  if (empty) throw refuse('invalid_fields', { fields: { fields: `${empty.key} needs options to choose from` } })
}

function shown({ name, fields }: LeadType) {
  return { name, fields: fields.map(field => field.key) }
}
