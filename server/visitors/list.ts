import type { Visitor, VisitorsQuery } from '../../shared/visitors.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { selectVisitors } from './select.ts'

/** The newest visit first. Bots are left out unless one is asked for by its distinct_id. */
export async function listVisitors(sql: Sql, workspace_id: number, { limit = 50, cursor, ...query }: VisitorsQuery) {
  const { q, distinct_id, anonymous, country_code } = query
  const [before, before_id] = readCursor(cursor, 'time', 'integer') ?? []
  const rows = await selectVisitors(
    sql,
    sql`v.workspace_id = ${workspace_id}
       ${distinct_id === undefined ? sql`and not v.is_bot` : sql`and v.distinct_id = ${distinct_id}`}
       ${q === undefined || q === '' ? sql`` : sql`and starts_with(v.distinct_id, ${q})`}
       ${anonymous === undefined ? sql`` : anonymous ? sql`and v.contact_id is null` : sql`and v.contact_id is not null`}
       ${country_code === undefined ? sql`` : sql`and v.country_code = ${country_code.toUpperCase()}`}
       ${before === undefined ? sql`` : sql`and (v.last_visit, v.id) < (${before}::text::timestamptz, ${before_id!}::bigint)`}`,
    sql`
     order by v.last_visit desc, v.id desc
     limit ${limit + 1}`,
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const precise = last ? await preciseVisit(sql, workspace_id, last.id) : ''
  return pageOf([...rows], limit, ({ id }) => [precise, id])
}

export async function findVisitor(sql: Sql, workspace_id: number, id: number): Promise<Visitor> {
  const [visitor] = await selectVisitors(sql, sql`v.workspace_id = ${workspace_id} and v.id = ${id}`, sql``)
  if (!visitor) throw refuse('not_found')
  return visitor
}

async function preciseVisit(sql: Sql, workspace_id: number, id: number) {
  const [row] = await sql<{ at: string }[]>`
    select ${preciseTime(sql, 'last_visit')} as at from visitors where workspace_id = ${workspace_id} and id = ${id}`
  return row!.at
}
