import { isDeepStrictEqual } from 'node:util'
import type postgres from 'postgres'
import {
  type CustomField,
  type CustomFieldCreate,
  type CustomFields,
  type CustomFieldUpdate,
  type FieldNoun,
  type FieldType,
  MOST_CUSTOM_FIELDS,
} from '../../shared/custom-fields.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/** Those of contacts, then those of leads, in the order in which they are shown; archived ones too. */
export async function listFields(sql: Sql, workspace_id: number, noun?: FieldNoun): Promise<CustomFields> {
  return { data: [...(await readFields(sql, workspace_id, noun))] }
}

export function readFields(sql: Sql, workspace_id: number, noun: FieldNoun | null = null) {
  return sql<CustomField[]>`
    select f.id, f.noun, f.key, f.label, f.type, f.options, f.is_required, f.position, f.archived_at, f.created_at, f.updated_at,
           case when f.type = 'money' then w.currency end as currency
      from custom_fields f
      join workspaces w on w.id = f.workspace_id
     where f.workspace_id = ${workspace_id} and f.noun = coalesce(${noun}::text, f.noun)
     order by f.noun, f.position, f.id`
}

/** Those of several workspaces, in one statement. */
export async function readFieldsOf(sql: Sql, workspace_ids: number[], noun: FieldNoun): Promise<Map<number, CustomField[]>> {
  const fields = await sql<(CustomField & { workspace_id: number })[]>`
    select f.workspace_id, f.id, f.noun, f.key, f.label, f.type, f.options, f.is_required, f.position, f.archived_at, f.created_at,
           f.updated_at, case when f.type = 'money' then w.currency end as currency
      from custom_fields f
      join workspaces w on w.id = f.workspace_id
     where f.workspace_id = any(${workspace_ids}::int[]) and f.noun = ${noun}`
  return new Map(workspace_ids.map(id => [id, fields.filter(({ workspace_id }) => workspace_id === id)]))
}

/** It stands last. Throws `already_exists`, `invalid_fields`. */
export async function createField(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { noun, key, label, type, options = [], is_required = false }: CustomFieldCreate,
  actor: Actor,
): Promise<CustomField> {
  requireOptions(type, options)
  await lockFields(sql, workspace_id)
  const others = await readFields(sql, workspace_id, noun)
  if (others.some(other => other.key === key))
    throw refuse('already_exists', { fields: { key: `is the key of another field of ${noun}s` } })
  if (others.length >= MOST_CUSTOM_FIELDS)
    throw refuse('invalid_fields', {
      fields: { key: `is one too many: there are at most ${MOST_CUSTOM_FIELDS} fields of ${noun}s` },
    })
  const position = Math.max(0, ...others.map(other => other.position)) + 1
  const [made] = await sql<{ id: number }[]>`
    insert into custom_fields (workspace_id, noun, key, label, type, options, is_required, position)
    values (${workspace_id}, ${noun}, ${key}, ${label.trim()}, ${type}, ${JSON.stringify(options)}::text::jsonb, ${is_required}, ${position})
    returning id`
  const field = await findField(sql, workspace_id, made!.id)
  const after = { noun, key, ...said(field) }
  await recordActivities(sql, workspace_id, [{ action: 'custom_field.created', actor, subject_id: field.id, after }])
  return field
}

/** Values that an option or a type would not allow any more stay as they are. Throws `not_found`, `invalid_fields`. */
export async function editField(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { position, is_archived, ...given }: CustomFieldUpdate,
  actor: Actor,
): Promise<CustomField> {
  await lockFields(sql, workspace_id)
  const was = await findField(sql, workspace_id, id)
  if (given.options) requireOptions(was.type, given.options)
  const { label, options, is_required } = { ...was, ...given }
  const archived = is_archived ?? was.archived_at !== null
  await sql`
    update custom_fields
       set label = ${label.trim()}, options = ${JSON.stringify(options)}::text::jsonb, is_required = ${is_required},
           archived_at = case when ${archived} then coalesce(archived_at, now()) end, updated_at = now()
     where workspace_id = ${workspace_id} and id = ${id}`
  if (position !== undefined) await place(sql, workspace_id, was, position)
  const field = await findField(sql, workspace_id, id)
  const [before, after] = [said(was), said(field)]
  const changed = Object.keys(after).filter(name => !isDeepStrictEqual(before[name], after[name]))
  if (changed.length > 0) {
    const of = (all: Record<string, unknown>) => Object.fromEntries(changed.map(name => [name, all[name]]))
    await recordActivities(sql, workspace_id, [
      { action: 'custom_field.updated', actor, subject_id: id, before: of(before), after: of(after) },
    ])
  }
  return field
}

/** Only one that nobody has a value of: what people wrote is archived and not thrown away. Throws `not_found`, `in_use`. */
export async function removeField(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  await lockFields(sql, workspace_id)
  const field = await findField(sql, workspace_id, id)
  const values = sql(`${field.noun}_values`)
  const [used] = await sql`select from ${values} where workspace_id = ${workspace_id} and field_id = ${id} limit 1`
  if (used)
    throw refuse('in_use', {
      message: `There are ${field.noun}s with a value of ${field.label}. Archive it: then it is not offered any more.`,
    })
  await sql`delete from custom_fields where workspace_id = ${workspace_id} and id = ${id}`
  const before = { noun: field.noun, key: field.key, ...said(field) }
  await recordActivities(sql, workspace_id, [{ action: 'custom_field.deleted', actor, subject_id: id, before }])
}

async function findField(sql: Sql, workspace_id: number, id: number): Promise<CustomField> {
  const field = (await readFields(sql, workspace_id)).find(one => one.id === id)
  if (!field) throw refuse('not_found')
  return field
}

/** Where it is asked for; the others keep their order and are numbered from 1. */
async function place(sql: Sql, workspace_id: number, { id, noun }: CustomField, position: number) {
  const others = (await readFields(sql, workspace_id, noun)).map(field => field.id).filter(other => other !== id)
  const ids = others.toSpliced(position - 1, 0, id)
  await sql`
    update custom_fields f
       set position = o.n
      from unnest(${ids}::int[]) with ordinality as o(id, n)
     where f.workspace_id = ${workspace_id} and f.id = o.id`
}

/** One who changes the fields of a workspace at a time. */
async function lockFields(sql: postgres.TransactionSql, workspace_id: number) {
  await sql`select from workspaces where id = ${workspace_id} for no key update`
}

function requireOptions(type: FieldType, options: CustomField['options']) {
  const is_choice = type === 'select' || type === 'multi_select'
  if (is_choice && options.length === 0)
    throw refuse('invalid_fields', { fields: { options: 'must have at least one to choose' } })
  if (!is_choice && options.length > 0) throw refuse('invalid_fields', { fields: { options: 'are of selects alone' } })
  const twice = options.find(({ key }, k) => options.findIndex(other => other.key === key) !== k)
  if (twice) throw refuse('invalid_fields', { fields: { options: `has the key ${twice.key} twice` } })
}

function said({ label, type, options, is_required, position, archived_at }: CustomField): Record<string, unknown> {
  return { label, type, options, is_required, position, is_archived: archived_at !== null }
}
