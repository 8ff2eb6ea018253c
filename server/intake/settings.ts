import type { CustomField } from '../../shared/custom-fields.ts'
import type { IntakeFilter, Mapping } from '../../shared/intake.ts'
import { type LeadField, READY_LEAD_TYPES } from '../../shared/lead-types.ts'
import type { Sql } from '../database/connect.ts'
import { readFieldsOf } from '../fields/fields.ts'
import { isSpelling } from './spelling.ts'

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
  /** Of its type, and those of the workspace's own that can be filled under their name. */
  type_fields: readonly LeadField[]
  own_fields: readonly CustomField[]
  /** null: the workspace's default. */
  pipeline_id: number | null
}

type Named = { workspace_id: number; webhook_id: number }

/** The settings of these webhooks, by `settingsKey`. Two statements for any number. */
export async function readSettings(sql: Sql, named: Named[]): Promise<Map<string, Settings>> {
  const wanted = [
    ...new Map(
      named.map(({ workspace_id, webhook_id }) => [settingsKey({ workspace_id, webhook_id }), { workspace_id, webhook_id }]),
    ).values(),
  ]
  const workspace_ids = [...new Set(wanted.map(({ workspace_id }) => workspace_id))]
  const [rows, own] = await Promise.all([readRows(sql, wanted), readFieldsOf(sql, workspace_ids, 'lead')])
  return new Map(
    rows.map(row => {
      const of_type = row.type_fields ?? READY_LEAD_TYPES.find(type => type.key === row.lead_type)?.fields ?? []
      const own_fields = own.get(row.workspace_id)!.filter(field => field.archived_at === null)
      const type_fields = [...of_type, ...namedIn(own_fields, of_type)]
      return [settingsKey({ workspace_id: row.workspace_id, webhook_id: row.id }), { ...row, type_fields, own_fields }]
    }),
  )
}

/** As fields of a type, which senders name too: but for those with the name of one that every lead has, or that the type has. */
function namedIn(own_fields: readonly CustomField[], of_type: readonly LeadField[]): LeadField[] {
  return own_fields
    .filter(({ key }) => !isSpelling(key) && of_type.every(field => field.key !== key))
    .map(({ key, label, type }) => ({
      key,
      // A label such as "Phone" does not take what every lead has.
      label: isSpelling(label) ? key : label,
      type: type === 'number' || type === 'boolean' || type === 'date' ? type : 'text',
    }))
}

type Row = Omit<Settings, 'type_fields' | 'own_fields'> & { type_fields: LeadField[] | null }

function readRows(sql: Sql, wanted: Named[]) {
  return sql<Row[]>`
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
}

export function settingsKey({ workspace_id, webhook_id }: Named) {
  return `${workspace_id} ${webhook_id}`
}
