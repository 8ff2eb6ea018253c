import type { Conversion } from '../../shared/conversions.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { conversionColumns, conversionOwner } from './columns.ts'

/** A conversion by its id, whatever its status. Throws `not_found`. */
export async function findConversion(sql: Sql, workspace_id: number, id: number): Promise<Conversion> {
  const [row] = await sql<Conversion[]>`
    select ${conversionColumns(sql)}
      from conversions n ${conversionOwner(sql)}
     where n.workspace_id = ${workspace_id} and n.id = ${id}`
  if (!row) throw refuse('not_found')
  return row
}
