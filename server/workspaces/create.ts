import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { WorkspaceCreate } from '../../shared/workspaces.ts'
import { recordActivities } from '../activities/record.ts'
import type { Database } from '../database/connect.ts'
import { ALL_SCOPES, addKey } from './keys.ts'

const OPERATOR: Actor = { kind: 'system', id: null, name: 'command line' }

/** A tenant with a write and a secret key, as the command line makes it. The organization is found by its name or made. */
export function createWorkspace(database: Database, { name, organization = name }: { name: string; organization?: string }) {
  return database.system.begin(async sql => {
    const organization_id = (await findOrganization(sql, organization)) ?? (await addOrganization(sql, organization))
    return addWorkspace(sql, { name }, organization_id, OPERATOR)
  })
}

/** Runs as the system's role: it reaches beyond a single workspace. */
export async function addWorkspace(
  sql: postgres.TransactionSql,
  { name, country = 'US', time_zone = 'UTC', currency = 'USD' }: WorkspaceCreate,
  organization_id: number,
  actor: Actor,
) {
  const [row] = await sql<{ id: number }[]>`
    insert into workspaces (organization_id, name, country, time_zone, currency)
    values (${organization_id}, ${name}, ${country}, ${time_zone}, ${currency})
    returning id`
  const workspace_id = row!.id
  await recordActivities(sql, workspace_id, [
    { action: 'workspace.created', actor, subject_id: workspace_id, after: { name, country, time_zone, currency } },
  ])
  await sql`select add_first_pipeline(${workspace_id}), add_first_appointment_type(${workspace_id}), add_first_purposes(${workspace_id})`
  const write = await addKey(sql, workspace_id, { kind: 'write', name: 'Website' }, actor)
  const secret = await addKey(sql, workspace_id, { kind: 'secret', name: 'Server', scopes: ALL_SCOPES }, actor)
  return { workspace_id, name, write_key: write.key, secret_key: secret.key }
}

export async function addOrganization(sql: postgres.TransactionSql, name: string): Promise<number> {
  const [row] = await sql<{ id: number }[]>`insert into organizations (name) values (${name}) returning id`
  return row!.id
}

async function findOrganization(sql: postgres.TransactionSql, name: string): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`select id from organizations where name = ${name} order by id limit 1`
  return row?.id
}
