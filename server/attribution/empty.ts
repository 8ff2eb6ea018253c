import type postgres from 'postgres'

const KEYS = {
  attribution_days: 'funnel_id text, dimension text, day date, value text, is_other boolean, type text, currency text',
  source_days: 'funnel_id text, dimension text, day date, value text, is_other boolean',
}

/** Takes away rows that nothing is counted in any more, so that what somebody took back leaves no name in a report. */
export async function dropEmpty(
  sql: postgres.TransactionSql,
  workspace_id: number,
  days: keyof typeof KEYS,
  rows: object[],
): Promise<void> {
  if (rows.length === 0) return
  const columns = KEYS[days].split(', ').map(column => column.split(' ')[0])
  await sql`
    delete from ${sql(days)} d
     using jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as k(${sql.unsafe(KEYS[days])})
     where d.workspace_id = ${workspace_id} and ${sql.unsafe(columns.map(column => `d.${column} = k.${column}`).join(' and '))}`
}
