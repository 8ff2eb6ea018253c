import type postgres from 'postgres'

/** Files and what became of their rows, 30 days after the import; its counts stay. What was never sent to its end goes with all after a day. */
export async function forgetFiles(sql: postgres.Sql): Promise<void> {
  const old = sql`
    select workspace_id, id
      from transfers
     where kind = 'import' and state <> 'running' and coalesce(ended_at, created_at) < now() - interval '30 days'`
  for (const table of ['import_rows', 'import_results'])
    await sql`delete from ${sql(table)} where (workspace_id, transfer_id) in (${old})`
  await sql`delete from transfers where kind = 'import' and step = 'read' and settings = '{}' and created_at < now() - interval '1 day'`
}
