import type postgres from 'postgres'
import {
  type ConsentPurpose,
  type ConsentPurposeCreate,
  type ConsentPurposes,
  type ConsentPurposeUpdate,
  MOST_PURPOSES,
} from '../../shared/consents.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/** What a workspace asks people for, in the order in which it was made, each with every text that people were asked with. */
export async function listPurposes(sql: Sql, workspace_id: number): Promise<ConsentPurposes> {
  return { data: await readPurposes(sql, workspace_id) }
}

/** Throws `already_exists`, `invalid_fields`. */
export async function createPurpose(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, label = name, ...words }: ConsentPurposeCreate,
  actor: Actor,
): Promise<ConsentPurpose> {
  const [made] = await sql<{ id: number }[]>`
    insert into consent_purposes (workspace_id, name, label) values (${workspace_id}, ${name}, ${label})
    on conflict do nothing
    returning id`
  if (!made) throw refuse('already_exists', { fields: { name: 'is the name of another purpose' } })
  const [all] = await sql<{ purposes: number }[]>`
    select count(*)::int as purposes from consent_purposes where workspace_id = ${workspace_id}`
  if (all!.purposes > MOST_PURPOSES)
    throw refuse('invalid_fields', { fields: { name: `is one too many: a workspace has at most ${MOST_PURPOSES} purposes` } })
  await addText(sql, workspace_id, made.id, words)
  const after = { name, label, ...words }
  await recordActivities(sql, workspace_id, [{ action: 'consent_purpose.created', actor, subject_id: made.id, after }])
  const [purpose] = await readPurposes(sql, workspace_id, made.id)
  return purpose!
}

/** Another label, or one more version of its text. Throws `not_found`, `already_exists`, `invalid_fields`. */
export async function editPurpose(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { label, ...words }: ConsentPurposeUpdate,
  actor: Actor,
): Promise<ConsentPurpose> {
  const [was] = await sql<{ label: string }[]>`
    select label from consent_purposes where workspace_id = ${workspace_id} and id = ${id} for update`
  if (!was) throw refuse('not_found')
  const is_renamed = label !== undefined && label !== was.label
  if (is_renamed) await sql`update consent_purposes set label = ${label} where workspace_id = ${workspace_id} and id = ${id}`
  const has_text = await addText(sql, workspace_id, id, words)
  if (is_renamed || has_text) {
    const after = { ...(is_renamed && { label }), ...(has_text && words) }
    const before = is_renamed ? { label: was.label } : {}
    await recordActivities(sql, workspace_id, [{ action: 'consent_purpose.updated', actor, subject_id: id, before, after }])
  }
  const [purpose] = await readPurposes(sql, workspace_id, id)
  return purpose!
}

/** Whether there is a new one. The same again is none. */
async function addText(
  sql: Sql,
  workspace_id: number,
  purpose_id: number,
  { text_version, text }: { text_version?: string; text?: string },
): Promise<boolean> {
  if (text_version === undefined && text === undefined) return false
  if (text_version === undefined) throw refuse('invalid_fields', { fields: { text_version: 'must be there with a text' } })
  if (text === undefined) throw refuse('invalid_fields', { fields: { text: 'must be there with its version' } })
  const [made] = await sql`
    insert into consent_texts (workspace_id, purpose_id, version, text)
    values (${workspace_id}, ${purpose_id}, ${text_version}, ${text})
    on conflict do nothing
    returning version`
  if (made) return true
  const [same] = await sql`
    select from consent_texts
     where workspace_id = ${workspace_id} and purpose_id = ${purpose_id} and version = ${text_version} and text = ${text}`
  if (!same) throw refuse('already_exists', { fields: { text_version: 'has another text: people were asked with it' } })
  return false
}

function readPurposes(sql: Sql, workspace_id: number, id: number | null = null) {
  return sql<ConsentPurpose[]>`
    select p.id, p.name, p.label, p.created_at,
           coalesce((select jsonb_agg(jsonb_build_object('version', t.version, 'text', t.text, 'created_at', t.created_at)
                                      order by t.created_at desc, t.version desc)
                       from consent_texts t
                      where t.workspace_id = p.workspace_id and t.purpose_id = p.id), '[]') as texts
      from consent_purposes p
     where p.workspace_id = ${workspace_id} and (${id}::int is null or p.id = ${id}::int)
     order by p.id`
}
