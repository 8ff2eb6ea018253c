import type postgres from 'postgres'

export type Table = { name: string; tenant: string }

/** Every table that holds something of a workspace, with the column that says whose it is. Partitions are counted for themselves. */
export async function tenantTables(sql: postgres.Sql): Promise<Table[]> {
  const rows = await sql<Table[]>`
    select c.relname as name, case when c.relname = 'workspaces' then 'id' else 'workspace_id' end as tenant
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p')
       and (c.relname = 'workspaces' or exists (
             select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped))
     order by c.relname`
  return [...rows]
}

/** A fingerprint of all rows of a workspace, a line a table. */
export async function fingerprint(sql: postgres.Sql, tables: Table[], workspace_id: number) {
  const prints: Record<string, string> = {}
  for (const { name, tenant } of tables) {
    const [row] = await sql<{ print: string }[]>`
      select count(*) || ' rows ' || md5(coalesce(string_agg(t::text, E'\n' order by t::text), '')) as print
        from ${sql(name)} t
       where ${sql(tenant)} = ${workspace_id}`
    prints[name] = row!.print
  }
  return prints
}

/** The values of a column in one workspace that are not those of something in the other. */
export async function valuesOf(sql: postgres.Sql, table: string, column: string, of: number, not_of: number) {
  const rows = await sql<{ value: string }[]>`
    select distinct ${sql(column)}::text as value
      from ${sql(table)} t
     where ${sql(table === 'workspaces' ? 'id' : 'workspace_id')} = ${of} and ${sql(column)} is not null
       and to_jsonb(t) ->> 'merged_into' is null -- what is part of another one is answered as that
       and not exists (
             select from ${sql(table)} o
              where o.${sql(table === 'workspaces' ? 'id' : 'workspace_id')} = ${not_of} and o.${sql(column)} = t.${sql(column)})
     order by 1
     limit 5`
  return rows.map(row => row.value)
}
