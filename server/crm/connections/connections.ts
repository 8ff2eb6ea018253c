import type postgres from 'postgres'
import type { CrmConnection, CrmConnectionCreate, CrmConnections, CrmConnectionUpdate } from '../../../shared/crm.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { seal, secretFor } from '../../secrets.ts'
import { PROVIDERS } from '../connectors/list.ts'
import { boundTo, openSecrets, PURPOSE } from '../open.ts'
import type { CrmProvider } from '../provider.ts'
import { tellEverything } from '../tell-later.ts'
import { voidToken } from '../token.ts'
import { judgeSettings, missingOf, partSettings } from './settings.ts'

const MOST = 200

/** Those of the workspace, the oldest first, with how many are known there, wait, and were not taken. */
export async function listConnections(sql: Sql, workspace_id: number, config: Config): Promise<CrmConnections> {
  return { data: await readConnections(sql, workspace_id, config), default_provider: config.crm_type }
}

/** Throws `not_found`. */
export async function findConnection(sql: Sql, workspace_id: number, id: number, config: Config): Promise<CrmConnection> {
  const [connection] = await readConnections(sql, workspace_id, config, id)
  if (!connection) throw refuse('not_found')
  return connection
}

/** What is missing may be set later: until then it waits. Throws `invalid_fields`. */
export async function createConnection(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { provider: name, settings: given = {}, ...rest }: CrmConnectionCreate,
  actor: Actor,
  config: Config,
): Promise<CrmConnection> {
  const provider = providerOf(name)
  await lockConnections(sql, workspace_id)
  const [count] = await sql<{ count: number }[]>`
    select count(*)::int as count from crm_connections where workspace_id = ${workspace_id}`
  if (count!.count >= MOST) throw refuse('invalid_fields', { fields: { provider: `is one too many: at most ${MOST}` } })
  judgeSettings(provider, given, config)
  const { plain, secret } = partSettings(provider, given)
  const row = { name: provider.title, active: true, adds: 'signed_up', spam_policy: 'review', syncs_sustainers: false, ...rest }
  const [made] = await sql<{ id: number }[]>`
    insert into crm_connections (workspace_id, provider, name, active, adds, spam_policy, syncs_sustainers, settings)
    values (${workspace_id}, ${name}, ${row.name}, ${row.active}, ${row.adds}, ${row.spam_policy}, ${row.syncs_sustainers},
            ${JSON.stringify(plain)}::text::jsonb)
    returning id`
  const { id } = made!
  if (Object.keys(secret).length > 0) await keepSecrets(sql, { workspace_id, id }, secret, config)
  const after = { provider: name, ...row, settings: plain, secrets: Object.keys(secret) }
  await recordActivities(sql, workspace_id, [{ action: 'crm_connection.created', actor, subject_id: id, after }])
  return findConnection(sql, workspace_id, id, config)
}

/** Settings are merged: an empty one takes a value away, a secret that is not given stays. Throws `not_found`, `conflict`, `invalid_fields`. */
export async function editConnection(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, settings: given = {}, ...rest }: CrmConnectionUpdate,
  actor: Actor,
  config: Config,
): Promise<CrmConnection> {
  await lockConnections(sql, workspace_id)
  const was = await findConnection(sql, workspace_id, id, config)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  const provider = providerOf(was.provider)
  judgeSettings(provider, given, config)
  const { plain, secret } = partSettings(provider, given)
  const secrets = withoutEmpty({ ...(await readSecrets(sql, workspace_id, id, config)), ...secret })
  const is = { ...was, ...rest, settings: withoutEmpty({ ...was.settings, ...plain }), secrets: Object.keys(secrets) }
  const signs_in_anew = Object.keys(given).length > 0
  await sql`
    update crm_connections
       set name = ${is.name}, active = ${is.active}, adds = ${is.adds}, spam_policy = ${is.spam_policy},
           syncs_sustainers = ${is.syncs_sustainers}, settings = ${JSON.stringify(is.settings)}::text::jsonb,
           wait_until = case when ${signs_in_anew} then null else wait_until end,
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  if (Object.keys(secret).length > 0) await keepSecrets(sql, { workspace_id, id }, secrets, config)
  const place = { sql, key: secretFor(config, PURPOSE), workspace_id, connection_id: id }
  if (signs_in_anew) await voidToken(place, secret.refresh_token === undefined)
  if (is.active && (!was.active || signs_in_anew)) await tellEverything(sql, workspace_id, id)
  const [before, after] = changesOf(was, is, Object.keys(secret))
  await recordActivities(sql, workspace_id, [{ action: 'crm_connection.updated', actor, subject_id: id, before, after }])
  return findConnection(sql, workspace_id, id, config)
}

/** Takes its links with it, if that is said. Throws `not_found`, `in_use`. */
export async function removeConnection(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  drop_links: boolean,
  actor: Actor,
  config: Config,
): Promise<void> {
  await lockConnections(sql, workspace_id)
  const { provider, name, links } = await findConnection(sql, workspace_id, id, config)
  if (links > 0 && !drop_links) {
    const message = `${links} contacts have an id in ${name}, which would be lost. Finish the migration run first, or send drop_links=true.`
    throw refuse('in_use', { message })
  }
  await sql`delete from crm_connections where workspace_id = ${workspace_id} and id = ${id}`
  const before = { provider, name, links }
  await recordActivities(sql, workspace_id, [{ action: 'crm_connection.deleted', actor, subject_id: id, before }])
}

/** Throws `not_found`, also for a provider that this version does not know. */
export function providerOf(name: string): CrmProvider {
  const provider = PROVIDERS.find(one => one.name === name)
  if (!provider) throw refuse('invalid_fields', { fields: { provider: 'cannot be connected by this version' } })
  return provider
}

async function readConnections(sql: Sql, workspace_id: number, config: Config, id: number | null = null) {
  const key = secretFor(config, PURPOSE)
  const rows = await sql<(CrmConnection & { sealed: string | null })[]>`
    select c.id, c.provider, c.name, c.active, c.adds, c.spam_policy, c.syncs_sustainers, c.settings, c.secrets as sealed,
           l.links, l.failed, l.waiting + s.waiting as waiting,
           case when c.wait_until > now() then c.wait_until end as wait_until,
           c.last_ok_at, c.last_error, c.last_error_at, c.created_at, c.updated_at
      from crm_connections c
     cross join lateral (
           select (select count(*)::int
                     from crm_links
                    where workspace_id = c.workspace_id and connection_id = c.id and state = 'WroteSalesforceAppUserUid') as links,
                  (select count(*)::int
                     from crm_links
                    where workspace_id = c.workspace_id and connection_id = c.id and state = 'WroteSalesforceErrorToDb') as failed,
                  (select count(*)::int
                     from crm_links
                    where workspace_id = c.workspace_id and connection_id = c.id and due and state <> 'WroteSalesforceErrorToDb') as waiting) l
     cross join lateral (
           select count(*)::int as waiting
             from crm_subscriptions
            where workspace_id = c.workspace_id and connection_id = c.id and due and error is null) s
     where c.workspace_id = ${workspace_id} and c.id = coalesce(${id}::int, c.id)
     order by c.id`
  return rows.map(({ sealed, ...row }) => {
    const secrets = openSecrets(key, sealed, { workspace_id, id: row.id })
    const provider = PROVIDERS.find(one => one.name === row.provider)
    const is_complete = provider !== undefined && missingOf(provider, { ...row.settings, ...secrets }).length === 0
    return { ...row, secrets: Object.keys(secrets), is_complete }
  })
}

async function readSecrets(sql: Sql, workspace_id: number, id: number, config: Config) {
  const [row] = await sql<{ secrets: string | null }[]>`
    select secrets from crm_connections where workspace_id = ${workspace_id} and id = ${id}`
  return openSecrets(secretFor(config, PURPOSE), row!.secrets, { workspace_id, id })
}

async function keepSecrets(sql: Sql, row: { workspace_id: number; id: number }, secrets: Record<string, string>, config: Config) {
  const sealed = seal(secretFor(config, PURPOSE), JSON.stringify(secrets), boundTo(row))
  await sql`update crm_connections set secrets = ${sealed} where workspace_id = ${row.workspace_id} and id = ${row.id}`
}

function withoutEmpty(settings: Record<string, string>) {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''))
}

/** Of secrets only that they were changed. */
function changesOf(was: CrmConnection, is: CrmConnection, secrets: string[]) {
  const fields = (['name', 'active', 'adds', 'spam_policy', 'syncs_sustainers', 'settings'] as const).filter(
    field => JSON.stringify(was[field]) !== JSON.stringify(is[field]),
  )
  const of = (connection: CrmConnection) => Object.fromEntries(fields.map(field => [field, connection[field]]))
  return [of(was), { ...of(is), ...(secrets.length > 0 && { secrets }) }] as const
}

/** One change at a time in each workspace, until the commit. */
export async function lockConnections(sql: Sql, workspace_id: number) {
  await sql`select pg_advisory_xact_lock(${CONNECTIONS_LOCK}, ${workspace_id})`
}

const CONNECTIONS_LOCK = 7_431
