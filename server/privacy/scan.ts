import type { Sql } from '../database/connect.ts'
import { saidIn } from './whose.ts'

export type Found = { table: string; column: string; type: string; is_generated: boolean; rows: number }

/**
 * Looks for values in every column of every table, as text, and in bytes as they are written and as hex: whatever the case. The proof of an
 * erasure, so it knows nothing of places.ts. With a `workspace_id` only in its rows; with
 * `inside` also where a value is a part of a longer one (bounded.ts).
 */
export async function scan(
  sql: Sql,
  values: string[],
  { workspace_id, inside = true }: { workspace_id?: number; inside?: boolean } = {},
): Promise<Found[]> {
  if (values.length === 0) return []
  const columns = await sql<{ table: string; column: string; type: string; is_generated: boolean; has_tenant: boolean }[]>`
    select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type, a.attgenerated <> '' as is_generated,
           exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id' and not w.attisdropped) as has_tenant
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'm') and not c.relispartition
     order by c.relname, a.attnum`
  const lower = values.map(value => value.toLowerCase())
  const hex = lower.map(value => Buffer.from(value).toString('hex'))
  const found: Found[] = []
  for (const table of new Set(columns.map(({ table }) => table))) {
    const some = columns.filter(column => column.table === table)
    if (workspace_id !== undefined && !some[0]!.has_tenant) continue
    const counts = some.map(({ column, type }, k) => {
      const is_bytes = type === 'bytea'
      const name = sql(column)
      const text = is_bytes ? sql`encode(${name}, 'escape') || ' ' || encode(${name}, 'hex')` : sql`${name}::text`
      const wanted = is_bytes ? [...lower, ...hex] : lower
      const said = inside
        ? sql`exists (select from unnest(${wanted}::text[]) as sought_value where strpos(lower(${text}), sought_value) > 0)`
        : saidIn(sql, wanted, text)
      return sql`count(*) filter (where ${said})::int as ${sql(`c${k}`)}`
    })
    const [row] = await sql<Record<string, number>[]>`
      select ${counts.map((count, k) => (k === 0 ? count : sql`, ${count}`))}
        from ${sql(table)}
       where ${workspace_id === undefined ? sql`true` : sql`workspace_id = ${workspace_id}`}`
    for (const [k, { column, type, is_generated }] of some.entries()) {
      const rows = row![`c${k}`]!
      if (rows > 0) found.push({ table, column, type, is_generated, rows })
    }
  }
  return found
}
