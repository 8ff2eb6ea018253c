import type { IntakeFilter, Mapping } from '../../shared/intake.ts'
import { type LeadField, READY_LEAD_TYPES } from '../../shared/lead-types.ts'
import type { Sql } from '../database/connect.ts'

/** How the leads of a webhook are made, as it is set now. */
export type Settings = {
  workspace_id: number
  id: number
  name: string
  lead_type: string
  active: boolean
  dedupe_scope: 'workspace' | 'source'
  dedupe_hours: number
  cap_hour: number | null
  cap_day: number | null
  cap_month: number | null
  /** When the hour, the day and the month began, as text: in the workspace's zone, for which a day is a day. */
  hour: string
  day: string
  month: string
  mapping: Mapping | null
  filters: IntakeFilter[]
  test_mode: boolean
  capture: boolean
  source: string | null
  default_owner_id: number | null
  country: string
  time_zone: string
  type_fields: readonly LeadField[]
  /** null: the workspace's default. */
  pipeline_id: number | null
}

type Named = { workspace_id: number; webhook_id: number }

/** The settings of these webhooks, by `settingsKey`. One statement for any number. */
export async function readSettings(sql: Sql, named: Named[]): Promise<Map<string, Settings>> {
  const wanted = [
    ...new Map(
      named.map(({ workspace_id, webhook_id }) => [settingsKey({ workspace_id, webhook_id }), { workspace_id, webhook_id }]),
    ).values(),
  ]
  const rows = await sql<(Omit<Settings, 'type_fields'> & { type_fields: LeadField[] | null })[]>`
    select i.workspace_id, i.id, i.name, i.lead_type, i.active and i.deleted_at is null as active, i.dedupe_scope, i.dedupe_hours,
           i.cap_hour, i.cap_day, i.cap_month, i.mapping, i.filters, i.test_mode, i.capture, i.source, i.default_owner_id,
           date_trunc('hour', now())::text as hour,
           (date_trunc('day', now() at time zone w.time_zone) at time zone w.time_zone)::text as day,
           (date_trunc('month', now() at time zone w.time_zone) at time zone w.time_zone)::text as month,
           w.country, w.time_zone, t.fields as type_fields, i.pipeline_id
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as n(workspace_id int, webhook_id int)
      join intake_webhooks i on i.workspace_id = n.workspace_id and i.id = n.webhook_id
      join workspaces w on w.id = i.workspace_id
      left join lead_types t on t.workspace_id = i.workspace_id and t.key = i.lead_type`
  return new Map(
    rows.map(row => {
      const type_fields = row.type_fields ?? READY_LEAD_TYPES.find(type => type.key === row.lead_type)?.fields ?? []
      return [settingsKey({ workspace_id: row.workspace_id, webhook_id: row.id }), { ...row, type_fields }]
    }),
  )
}

export function settingsKey({ workspace_id, webhook_id }: Named) {
  return `${workspace_id} ${webhook_id}`
}
