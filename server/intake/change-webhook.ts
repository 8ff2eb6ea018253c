import type postgres from 'postgres'
import type { IntakeWebhook, IntakeWebhookCreate, IntakeWebhookUpdate } from '../../shared/intake.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { seal } from '../secrets.ts'
import { newWord } from '../workspaces/secrets.ts'
import { boundTo, INTAKE_CHANNEL, openSecrets } from './address.ts'
import { capsOf } from './facts.ts'
import { requireSettings } from './judge-settings.ts'
import { readSettings } from './settings.ts'
import { findWebhook, type Means, readWebhook, type WebhookRow } from './webhooks.ts'

/** Makes a webhook. A name and a lead type are enough; its address is in the answer. */
export async function createWebhook(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { secrets, ...given }: IntakeWebhookCreate,
  actor: Actor,
  means: Means,
): Promise<IntakeWebhook> {
  await requireSettings(sql, workspace_id, { ...given, ...(secrets ? { secrets } : {}) }, given.format ?? 'auto')
  const [row] = await sql<{ id: number }[]>`
    insert into intake_webhooks (workspace_id, webhook_id, ${sql.unsafe(COLUMNS)})
    select ${workspace_id}, ${newWord(24)}, ${sql.unsafe(COLUMNS)}
      from jsonb_populate_record(null::intake_webhooks, ${JSON.stringify({ ...DEFAULTS, ...given })}::text::jsonb)
    returning id`
  const id = row!.id
  if (secrets) await putSecrets(sql, workspace_id, id, null, secrets, means)
  const names = secrets ? { secrets: Object.keys(secrets) } : {}
  await recordActivities(sql, workspace_id, [
    { action: 'intake_webhook.created', actor, subject_id: id, after: { ...given, ...names } },
  ])
  await tell(sql)
  return findWebhook(sql, workspace_id, id, means)
}

/** Changes what is given and leaves the rest. Throws `conflict` when it is not any more what `if_updated_at` saw. */
export async function editWebhook(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, secrets, ...given }: IntakeWebhookUpdate,
  actor: Actor,
  means: Means,
): Promise<IntakeWebhook> {
  // Before anybody else's row: whoever processes leads holds it and reads the webhook behind it.
  await lockIdentity(sql, [workspace_id])
  const before = await readWebhook(sql, workspace_id, id, 'for update')
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  await requireSettings(sql, workspace_id, { ...given, ...(secrets ? { secrets } : {}) }, given.format ?? before.format)
  const edits = Object.entries(given).filter(([name, value]) => !same(before[name as keyof WebhookRow], value))
  if (edits.length === 0 && secrets === undefined) return findWebhook(sql, workspace_id, id, means)
  const after = Object.fromEntries(edits)
  await sql`
    update intake_webhooks
       set (${sql.unsafe(COLUMNS)}) = (
             select ${sql.unsafe(COLUMNS)}
               from jsonb_populate_record(null::intake_webhooks, ${JSON.stringify({ ...before, ...after })}::text::jsonb)),
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  if (secrets) await putSecrets(sql, workspace_id, id, before.secrets, secrets, means)
  await countNewCaps(sql, workspace_id, id, before)
  await recordActivities(sql, workspace_id, [
    {
      action: 'intake_webhook.updated',
      actor,
      subject_id: id,
      before: Object.fromEntries(edits.map(([name]) => [name, before[name as keyof WebhookRow]])),
      after: secrets ? { ...after, secrets: Object.keys(secrets) } : after,
    },
  ])
  await tell(sql)
  return findWebhook(sql, workspace_id, id, means)
}

/** What was sent to it stays, and what is still sent is kept and told that it is not active. */
export async function removeWebhook(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  const { name, lead_type } = await readWebhook(sql, workspace_id, id, 'for update')
  await sql`
    update intake_webhooks set deleted_at = now(), active = false, updated_at = now() where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'intake_webhook.deleted', actor, subject_id: id, before: { name, lead_type } },
  ])
  await tell(sql)
}

const DEFAULTS = {
  active: true,
  format: 'auto',
  require_provider: false,
  require_signature: false,
  allowed_ips: null,
  dedupe_scope: 'workspace',
  dedupe_hours: 0,
  cap_hour: null,
  cap_day: null,
  cap_month: null,
  mapping: null,
  filters: [],
  answer: 'sync',
  test_mode: false,
  capture: false,
  source: null,
  pipeline_id: null,
  default_owner_id: null,
  redirect_url: null,
} satisfies Partial<WebhookRow>
const COLUMNS = ['name', 'lead_type', ...Object.keys(DEFAULTS)].join(', ')

async function putSecrets(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  sealed: string | null,
  given: Record<string, string | null>,
  { key }: Means,
) {
  const all = Object.entries({ ...openSecrets(key, sealed, { workspace_id, id }), ...given })
  const kept = Object.fromEntries(all.filter(([, value]) => value !== null && value !== ''))
  const text = Object.keys(kept).length === 0 ? null : seal(key, JSON.stringify(kept), boundTo({ workspace_id, id }))
  await sql`update intake_webhooks set secrets = ${text} where workspace_id = ${workspace_id} and id = ${id}`
}

/** A cap that is new counts what came earlier in its period. Those that were set have counted all along. */
async function countNewCaps(sql: postgres.TransactionSql, workspace_id: number, id: number, before: WebhookRow) {
  const settings = [...(await readSettings(sql, [{ workspace_id, webhook_id: id }])).values()][0]!
  for (const { reason, scope, period } of capsOf(settings)) {
    if (before[reason] !== null) continue
    await sql`
      insert into intake_counters (workspace_id, scope, period, count)
      select ${workspace_id}, ${scope}, ${period}::text::timestamptz, count(*)
        from leads
       where workspace_id = ${workspace_id} and webhook_id = ${id} and created_at >= ${period}::text::timestamptz and not is_test
      on conflict (workspace_id, scope, period) do update set count = excluded.count`
  }
}

function tell(sql: postgres.TransactionSql) {
  return sql`select pg_notify(${INTAKE_CHANNEL}, '')`
}

function same(one: unknown, other: unknown) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}
