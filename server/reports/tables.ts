import type { TObject } from 'typebox'
import { AttributionReport, AttributionReportQuery } from '../../shared/attribution.ts'
import {
  AppointmentReport,
  AppointmentReportQuery,
  ConversionReport,
  ConversionReportQuery,
  LeadReport,
  LeadReportQuery,
} from '../../shared/reports.ts'
import type { Database, Sql } from '../database/connect.ts'
import { reportAppointments } from './appointments.ts'
import { reportAttribution } from './attribution.ts'
import { reportConversions } from './conversions.ts'
import { FUNNEL_TABLE } from './funnel/table.ts'
import { healthTables } from './health/tables.ts'
import { JOURNEY_TABLES } from './journeys/tables.ts'
import { labelsOf } from './labels.ts'
import { reportLeads } from './leads.ts'

type Group = { value?: string; label?: string | null; groups?: number | null; previous: object }
type Report = { totals: object; previous: object; groups: Group[]; others: Group | null }

/** Reports as the tables that people see, for files: what may be asked, which columns there are, and the rows. The last ones sum up. */
export function tablesOf(database: Database) {
  return {
    ...JOURNEY_TABLES,
    funnel_report: FUNNEL_TABLE,
    ...healthTables(database),
    lead_report: table(LeadReportQuery, LeadReport, (sql, workspace_id, query) =>
      reportLeads(sql, workspace_id, query, labelsOf(database, workspace_id)),
    ),
    appointment_report: table(AppointmentReportQuery, AppointmentReport, (sql, workspace_id, query) =>
      reportAppointments(sql, workspace_id, query, labelsOf(database, workspace_id)),
    ),
    conversion_report: table(ConversionReportQuery, ConversionReport, reportConversions),
    attribution_report: table(AttributionReportQuery, AttributionReport, reportAttribution),
  }
}

function table(
  query: TObject,
  { properties }: TObject,
  report: (sql: Sql, workspace_id: number, query: object) => Promise<Report>,
) {
  const names = Object.keys((properties.totals as TObject).properties)
  const has_labels = 'label' in (properties.groups as unknown as { items: TObject }).items.properties
  const columns = ['row', 'value', ...(has_labels ? ['label'] : []), ...names, ...names.map(name => `previous.${name}`)]
  return {
    query,
    columns: () => columns,
    async list(sql: Sql, workspace_id: number, { limit: _, ...asked }: { limit?: number }) {
      const { groups, others, totals, previous } = await report(sql, workspace_id, { ...asked, limit: MOST })
      const rows = [
        ...groups.map((group, k) => ({ id: k + 1, row: 'group', ...group })),
        ...(others ? [{ id: groups.length + 1, row: 'others', value: null, ...others }] : []),
        { id: groups.length + 2, row: 'total', value: null, ...totals, previous },
      ]
      return { data: rows, next_cursor: null }
    },
  }
}

/** Groups that are told apart. */
const MOST = 500
