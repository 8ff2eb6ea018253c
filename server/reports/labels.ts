import type { LeadReportDimension } from '../../shared/reports.ts'
import type { Database, Sql } from '../database/connect.ts'
import { listLeadTypes } from '../leads/types.ts'

/** Names of people, who stand outside of the tenants: asked for as the system's role. */
export type Labels = { namesOfMembers(user_ids: number[]): Promise<{ id: number; name: string }[]> }

export function labelsOf({ system }: Database, workspace_id: number): Labels {
  return {
    namesOfMembers: user_ids => system<{ id: number; name: string }[]>`
      select u.id, u.name
        from memberships m
        join users u on u.id = m.user_id
       where m.workspace_id = ${workspace_id} and u.id = any(${user_ids}::int[])`,
  }
}

/** What the values of a dimension are called, where that is not the value itself. */
export async function readLabels(
  sql: Sql,
  workspace_id: number,
  by: LeadReportDimension,
  values: string[],
  { namesOfMembers }: Labels,
): Promise<(value: string) => string | null> {
  const known = values.filter(value => value !== '')
  const rows = await read()
  const names = new Map(rows.map(({ id, name }) => [String(id), name]))
  return value => names.get(value) ?? null

  async function read(): Promise<readonly { id: number | string; name: string }[]> {
    if (known.length === 0) return []
    if (by === 'assignee') return namesOfMembers(known.map(Number))
    if (by === 'lead_type') return (await listLeadTypes(sql, workspace_id)).data.map(({ key, name }) => ({ id: key, name }))
    if (by === 'webhook')
      return sql<{ id: number; name: string }[]>`
        select id, name from intake_webhooks where workspace_id = ${workspace_id} and id = any(${known.map(Number)}::int[])`
    if (by === 'provider')
      return sql<{ id: string; name: string }[]>`
        select provider_id as id, provider_name as name
          from providers
         where workspace_id = ${workspace_id} and provider_id = any(${known}::text[])`
    return []
  }
}
