import type { Visitor, VisitorsQuery } from '../../shared/visitors.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { selectVisitors } from './select.ts'

/**
 * The newest visitor first. Not by their last visit: that index would be written anew with every event (12 of 62 µs an event).
 * Bots are left out unless one is asked for by its distinct_id.
 */
export async function listVisitors(sql: Sql, workspace_id: number, { limit = 50, cursor, ...query }: VisitorsQuery) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await selectVisitors(
    sql,
    sql`${matching(sql, workspace_id, query)} ${before === undefined ? sql`` : sql`and v.id < ${before}`}`,
    sql`
     order by v.id desc
     limit ${limit + 1}`,
  )
  return pageOf([...rows], limit, ({ id }) => [id])
}

/** How many there are of those that a list is asked for. */
export async function countVisitors(sql: Sql, workspace_id: number, query: VisitorsQuery): Promise<number> {
  const [row] = await sql<{ visitors: number }[]>`
    select count(*) as visitors from visitors v where ${matching(sql, workspace_id, query)}`
  return row!.visitors
}

function matching(sql: Sql, workspace_id: number, { q, distinct_id, anonymous, country_code, owner_id }: VisitorsQuery) {
  return sql`
           v.workspace_id = ${workspace_id}
       ${distinct_id === undefined ? sql`and not v.is_bot` : sql`and v.distinct_id = ${distinct_id}`}
       ${q === undefined || q === '' ? sql`` : sql`and starts_with(v.distinct_id, ${q})`}
       ${anonymous === undefined ? sql`` : anonymous ? sql`and v.contact_id is null` : sql`and v.contact_id is not null`}
       ${country_code === undefined ? sql`` : sql`and v.country_code = ${country_code.toUpperCase()}`}
       ${owner_id === undefined ? sql`` : sql`and v.owner_id is not distinct from ${owner_id === 0 ? null : owner_id}`}`
}

export async function findVisitor(sql: Sql, workspace_id: number, id: number): Promise<Visitor> {
  const [visitor] = await selectVisitors(sql, sql`v.workspace_id = ${workspace_id} and v.id = ${id}`, sql``)
  if (!visitor) throw refuse('not_found')
  return visitor
}
