import type { Sql } from '../database/connect.ts'
import { boundedIn } from './bounded.ts'
import type { Found } from './scan.ts'
import { saidIn } from './whose.ts'

/**
 * Writes [erased] over values where the scan still finds them: in what others said about the person, whose rows they are. Only the values go.
 * A number becomes 0, so that JSON stays JSON. Returns how many rows there were.
 */
export async function mask(sql: Sql, workspace_id: number, values: string[], { table, column, type }: Found): Promise<number> {
  const name = sql(column)
  let masked = sql`${name}::text`
  for (const value of values)
    masked = sql`regexp_replace(${masked}, ${boundedIn(sql, sql`${value}::text`)}, ${/^\d+$/.test(value) ? '\\10' : '\\1[erased]'}, 'gi')`
  const { count } = await sql`
    update ${sql(table)}
       set ${name} = ${masked}::${sql.unsafe(type)}
     where workspace_id = ${workspace_id} and ${saidIn(sql, values, sql`${name}::text`)}`
  return count
}
