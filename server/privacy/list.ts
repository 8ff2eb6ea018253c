import type { Erasure, ErasuresQuery, KeptPlaces } from '../../shared/privacy.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { PLACES } from './places.ts'

/** The newest first. */
export async function listErasures(sql: Sql, workspace_id: number, { limit = 50, cursor }: ErasuresQuery) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await readErasures(
    sql,
    workspace_id,
    sql`${before === undefined ? sql`` : sql`and id < ${before}`} order by id desc limit ${limit + 1}`,
  )
  return pageOf(rows, limit, last => [last.id])
}

/** Throws `not_found`. */
export async function findErasure(sql: Sql, workspace_id: number, id: number): Promise<Erasure> {
  const [erasure] = await readErasures(sql, workspace_id, sql`and id = ${id}`)
  if (!erasure) throw refuse('not_found')
  return erasure
}

/** What is kept and why, as it is erased. */
export function listPlaces(encrypted: boolean): KeptPlaces {
  return { encrypted, data: PLACES.map(({ table, columns, why, kept, does }) => ({ table, columns, why, kept, erasure: does })) }
}

function readErasures(sql: Sql, workspace_id: number, rest: ReturnType<Sql>) {
  return sql<Erasure[]>`
    select id, state, contact_ids, total, done, counts, warning, error, reason, actor, created_at, ended_at
      from erasures
     where workspace_id = ${workspace_id} ${rest}`
}
