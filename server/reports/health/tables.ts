import Type from 'typebox'
import { type ContactHealth, TechnicalQuery, type TechnicalReport } from '../../../shared/health.ts'
import type { Database } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { type Kind, kindsOf } from '../kinds.ts'
import { readContactHealth } from './contacts.ts'
import { SUMS } from './count-contacts.ts'
import { reportTechnical } from './technical.ts'

const CONTACTS: Record<string, Kind<ContactHealth, object>> = {
  segment: {
    columns: ['contacts'],
    rows: ({ segments }) => segments.map(({ segment, contacts }) => ({ value: segment, contacts })),
  },
  stage: { columns: ['contacts'], rows: ({ stages }) => stages.map(({ stage, contacts }) => ({ value: stage, contacts })) },
  total: { columns: SUMS, rows: ({ segments: _, stages: __, ...sums }) => [{ value: null, ...sums }] },
}

const TIMED = ['latency', 'capture', 'reports', 'loads'] as const
const TECHNICAL: Record<string, Kind<TechnicalReport, TechnicalQuery>> = {
  timing: {
    columns: ['count', 'p50_ms', 'p95_ms'],
    rows: report => TIMED.map(name => ({ value: name, ...report[name] })),
  },
  deliveries: {
    columns: ['attempts', 'delivered', 'given_up', 'success_rate', 'goal'],
    rows: ({ deliveries }) => [{ value: null, ...deliveries }],
  },
}

/** How many contacts there are and how quick everything is, as rows of a file. */
export function healthTables(database: Database) {
  return {
    // In a transaction of its own: of many it keeps what it counted, and a file is read in one that writes nothing.
    health_report: kindsOf(
      Type.Object({}),
      (_, workspace_id) => inWorkspace(database, workspace_id, sql => readContactHealth(sql, workspace_id)),
      CONTACTS,
    ),
    technical_report: kindsOf(
      TechnicalQuery,
      (sql, workspace_id, { days = 7 }: TechnicalQuery) => reportTechnical(sql, workspace_id, days),
      TECHNICAL,
    ),
  }
}
