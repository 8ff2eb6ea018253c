import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { MemberRole, Workspace, WorkspaceUpdate } from '../../shared/workspaces.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/** Those that a user belongs to. As the system's role: they are in many tenants. */
export function workspacesOfUser(sql: postgres.Sql, user_id: number): Promise<Workspace[]> {
  return sql<Workspace[]>`
    select ${columns(sql)}, m.role
      from memberships m
      join workspaces w on w.id = m.workspace_id
      join organizations o on o.id = w.organization_id
     where m.user_id = ${user_id}
     order by o.name, w.name, w.id`
}

/** As the system's role too: the name of the organization stands outside of the tenants. */
export async function findWorkspace(sql: Sql, workspace_id: number, role: MemberRole | null): Promise<Workspace> {
  const [row] = await sql<Workspace[]>`
    select ${columns(sql)}, ${role}::text as role
      from workspaces w
      join organizations o on o.id = w.organization_id
     where w.id = ${workspace_id}`
  if (!row) throw refuse('not_found')
  return row
}

/** Changes what is given and leaves the rest. Throws `conflict` when it is not any more what `if_updated_at` saw. */
export async function updateWorkspace(
  sql: postgres.TransactionSql,
  before: Workspace,
  { if_updated_at, ...changes }: WorkspaceUpdate,
  actor: Actor,
): Promise<void> {
  requireKnown(changes)
  const edits = Object.entries(changes).filter(([name, value]) => !same(before[name as keyof Workspace], value))
  const [row] = await sql<{ fresh: boolean }[]>`
    select ${if_updated_at ?? null}::timestamptz is null
           or date_trunc('milliseconds', updated_at) = date_trunc('milliseconds', ${if_updated_at ?? null}::timestamptz) as fresh
      from workspaces
     where id = ${before.id}
       for update`
  if (!row?.fresh) throw refuse('conflict')
  if (edits.length === 0) return
  const after = Object.fromEntries(edits)
  await sql`
    update workspaces
       set ${sql(after as Record<string, string>)},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), updated_at + interval '1 millisecond')
     where id = ${before.id}`
  await recordActivities(sql, before.id, [
    {
      action: 'workspace.updated',
      actor,
      subject_id: before.id,
      before: Object.fromEntries(edits.map(([name]) => [name, before[name as keyof Workspace]])),
      after,
    },
  ])
}

/** What a schema cannot tell: whether there is such a zone, currency and country. */
export function requireKnown({ time_zone, currency, country }: { time_zone?: string; currency?: string; country?: string }) {
  const fields: Record<string, string> = {}
  if (time_zone !== undefined && !isTimeZone(time_zone)) fields.time_zone = 'must be a time zone such as Europe/Berlin'
  if (currency !== undefined && !Intl.supportedValuesOf('currency').includes(currency))
    fields.currency = 'must be a currency such as EUR'
  if (country !== undefined && new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(country) === undefined)
    fields.country = 'must be a country such as DE'
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

function isTimeZone(name: string) {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

function same(one: unknown, other: unknown) {
  return JSON.stringify(one) === JSON.stringify(other)
}

function columns(sql: Sql) {
  return sql`
           w.id, w.name, w.organization_id, o.name as organization, w.country, w.time_zone, w.currency, w.match_keys,
           w.allowed_hosts, w.webhook_log_days, w.accepts_from, w.require_totp, w.contacts_issued as contacts, w.created_at, w.updated_at`
}
