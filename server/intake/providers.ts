import type postgres from 'postgres'
import type { Provider, ProviderCreate, ProviderCreated, ProviderUpdate } from '../../shared/intake.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { hashOf, newWord } from '../workspaces/secrets.ts'
import { INTAKE_CHANNEL } from './address.ts'

/** The companies that send leads to a workspace, by their names. */
export async function listProviders(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, active }: { limit?: number; cursor?: string; active?: boolean },
) {
  const [name, id] = readCursor(cursor, 'text', 'text') ?? []
  const rows = await sql<Provider[]>`
    select ${columns(sql)}
      from providers
     where workspace_id = ${workspace_id}
       ${name === undefined ? sql`` : sql`and (provider_name, provider_id) > (${name}, ${id!})`}
       ${active === undefined ? sql`` : sql`and active = ${active}`}
     order by provider_name, provider_id
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.provider_name, last.provider_id])
}

export async function findProvider(sql: Sql, workspace_id: number, provider_id: string, lock?: 'for update'): Promise<Provider> {
  const [row] = await sql<Provider[]>`
    select ${columns(sql)}
      from providers
     where workspace_id = ${workspace_id} and provider_id = ${provider_id}
     ${lock === undefined ? sql`` : sql`for update`}`
  if (!row) throw refuse('not_found')
  return row
}

/** Makes a provider. Its key is in this answer and nowhere else. */
export async function createProvider(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: ProviderCreate,
  actor: Actor,
): Promise<ProviderCreated> {
  await requireWebhooks(sql, workspace_id, given.allowed_webhooks)
  const api_key = newApiKey()
  const { provider_name, contact_name = null, contact_email = null, contact_phone = null } = given
  const { active = true, allowed_webhooks = null, rate_limit = null } = given
  const provider_id = given.provider_id ?? (await freeId(sql, workspace_id, provider_name))
  const [row] = await sql<Provider[]>`
    insert into providers (workspace_id, provider_id, provider_name, contact_name, contact_email, contact_phone, key_hash, key_prefix, active,
                           allowed_webhooks, rate_limit)
    values (${workspace_id}, ${provider_id}, ${provider_name}, ${contact_name}, ${contact_email}, ${contact_phone}, ${hashOf(api_key)},
            ${prefixOf(api_key)}, ${active}, ${allowed_webhooks}::int[], ${rate_limit})
        on conflict do nothing
    returning ${columns(sql)}`
  if (!row) throw refuse('already_exists', { fields: { provider_id: 'is of another provider' } })
  const { key_prefix: _, created_at: __, updated_at: ___, last_used_at: ____, ...after } = row
  await recordActivities(sql, workspace_id, [{ action: 'provider.created', actor, subject_id: provider_id, after }])
  await tell(sql)
  return { ...row, api_key }
}

/** Changes what is given and leaves the rest. Throws `conflict` when it is not any more what `if_updated_at` saw. */
export async function editProvider(
  sql: postgres.TransactionSql,
  workspace_id: number,
  provider_id: string,
  { if_updated_at, ...given }: ProviderUpdate,
  actor: Actor,
): Promise<Provider> {
  const before = await findProvider(sql, workspace_id, provider_id, 'for update')
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  await requireWebhooks(sql, workspace_id, given.allowed_webhooks)
  const edits = Object.entries(given).filter(
    ([name, value]) => JSON.stringify(before[name as keyof Provider]) !== JSON.stringify(value),
  )
  if (edits.length === 0) return before
  const now = { ...before, ...given }
  const [row] = await sql<Provider[]>`
    update providers
       set provider_name = ${now.provider_name}, contact_name = ${now.contact_name}, contact_email = ${now.contact_email},
           contact_phone = ${now.contact_phone}, active = ${now.active}, allowed_webhooks = ${now.allowed_webhooks}::int[],
           rate_limit = ${now.rate_limit},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and provider_id = ${provider_id}
    returning ${columns(sql)}`
  await recordActivities(sql, workspace_id, [
    {
      action: 'provider.updated',
      actor,
      subject_id: provider_id,
      before: Object.fromEntries(edits.map(([name]) => [name, before[name as keyof Provider]])),
      after: Object.fromEntries(edits),
    },
  ])
  await tell(sql)
  return row!
}

/** A new key; the one before ends at once. */
export async function rotateKey(
  sql: postgres.TransactionSql,
  workspace_id: number,
  provider_id: string,
  actor: Actor,
): Promise<ProviderCreated> {
  const api_key = newApiKey()
  const [row] = await sql<Provider[]>`
    update providers
       set key_hash = ${hashOf(api_key)}, key_prefix = ${prefixOf(api_key)},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and provider_id = ${provider_id}
    returning ${columns(sql)}`
  if (!row) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [
    { action: 'provider.key_rotated', actor, subject_id: provider_id, after: { key_prefix: row.key_prefix } },
  ])
  await tell(sql)
  return { ...row, api_key }
}

/** Its leads and its usage stay; who sends with its key is unknown from now on. */
export async function removeProvider(
  sql: postgres.TransactionSql,
  workspace_id: number,
  provider_id: string,
  actor: Actor,
): Promise<void> {
  const { provider_name } = await findProvider(sql, workspace_id, provider_id, 'for update')
  await sql`delete from providers where workspace_id = ${workspace_id} and provider_id = ${provider_id}`
  await recordActivities(sql, workspace_id, [
    { action: 'provider.deleted', actor, subject_id: provider_id, before: { provider_name } },
  ])
  await tell(sql)
}

async function requireWebhooks(sql: Sql, workspace_id: number, ids: number[] | null | undefined) {
  if (!ids || ids.length === 0) return
  const rows = await sql<{ id: number }[]>`
    select id from intake_webhooks where workspace_id = ${workspace_id} and id = any(${ids}::int[]) and deleted_at is null`
  const unknown = ids.find(id => !rows.some(row => row.id === id))
  if (unknown !== undefined)
    throw refuse('invalid_fields', { fields: { allowed_webhooks: `${unknown} is no webhook of this workspace` } })
}

/** 'Acme Leads, Inc.' is acme-leads-inc, and the next one of that name acme-leads-inc-2. Nobody inherits the log of one who was deleted. */
async function freeId(sql: Sql, workspace_id: number, name: string): Promise<string> {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80)
  const stem = plain === '' ? 'provider' : plain
  const rows = await sql<{ provider_id: string }[]>`
    select provider_id from providers where workspace_id = ${workspace_id} and starts_with(provider_id, ${stem})
     union
    select provider_id from provider_usage where workspace_id = ${workspace_id} and starts_with(provider_id, ${stem})`
  const taken = new Set(rows.map(row => row.provider_id))
  let id = stem
  for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`
  return id
}

function newApiKey() {
  return `pk_${newWord(40)}`
}

function prefixOf(api_key: string) {
  return api_key.slice(0, 10)
}

function tell(sql: postgres.TransactionSql) {
  return sql`select pg_notify(${INTAKE_CHANNEL}, '')`
}

function columns(sql: Sql) {
  return sql`
           provider_id, provider_name, contact_name, contact_email, contact_phone, key_prefix, active, allowed_webhooks, rate_limit,
           last_used_at, created_at, updated_at`
}
