import { type FunnelCount, FunnelQuery, type FunnelReport } from '../../../shared/funnel-report.ts'
import { type Kind, kindsOf } from '../kinds.ts'
import { reportFunnel } from './report.ts'

const COLUMNS = ['step', 'event', 'people', 'rate', 'step_rate', 'median_seconds', 'mean_seconds']
/** Groups that are told apart. */
const MOST = 500

const KINDS: Record<string, Kind<FunnelReport, FunnelQuery>> = {
  group: {
    columns: COLUMNS,
    rows: ({ groups }, query) => groups.flatMap(({ value, steps }) => rowsOf(value, steps, query)),
  },
  others: { columns: COLUMNS, rows: ({ others }, query) => (others ? rowsOf(null, others.steps, query) : []) },
  total: { columns: COLUMNS, rows: ({ steps }, query) => rowsOf(null, steps, query) },
}

/** How far people go through any steps: a row a step, of each group and of everybody. */
export const FUNNEL_TABLE = kindsOf(
  FunnelQuery,
  async (sql, workspace_id, query: FunnelQuery) => {
    // Longer than a screen waits, and not for ever.
    await sql`set local statement_timeout = '300s'`
    await sql`set local work_mem = '64MB'`
    return reportFunnel(sql, workspace_id, { ...query, limit: MOST })
  },
  KINDS,
)

function rowsOf(value: string | null, steps: FunnelCount[], query: FunnelQuery) {
  return steps.map(count => ({ value, event: query.steps[count.step - 1]!.event, ...count }))
}
