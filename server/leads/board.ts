import type { Board, BoardColumn, BoardQuery, Lead, LeadKind } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { leadColumns, leadJoins } from './columns.ts'

type Column = {
  pipeline_id: number
  pipeline: string
  key: string
  name: string
  kind: LeadKind
  leads: number
  revenue_potential: number
}
type Card = Lead & { position: number }

/**
 * The columns of a pipeline, each with its first cards, what is counted of it, and where its next page begins. Test leads are not on
 * it. Two statements; a column costs what its page costs, however many cards it has.
 */
export async function readBoard(sql: Sql, workspace_id: number, { limit = 50, cursor, ...query }: BoardQuery): Promise<Board> {
  const [of, position, id] = readCursor(cursor, 'text', 'text', 'integer') ?? []
  if (of !== undefined && (of !== query.status || !Number.isFinite(Number(position)))) throw refuse('invalid_cursor')
  const columns = await readColumns(sql, workspace_id, query)
  const after = position === undefined ? sql`` : sql`and (position, id) > (${position}::float8, ${id!}::bigint)`
  const cards = await sql<Card[]>`
    select ${leadColumns(sql)}, l.position
      from unnest(${columns.map(column => column.key)}::text[]) as k(key)
     cross join lateral (
           select *
             from leads
            where workspace_id = ${workspace_id} and pipeline_id = ${columns[0]!.pipeline_id} and status = k.key and not is_test
              ${ofUser(sql, query.assigned_to)} ${after}
            order by position, id
            limit ${limit + 1}) l
      ${leadJoins(sql)}
     order by l.position, l.id`
  const { pipeline_id, pipeline } = columns[0]!
  return { pipeline_id, name: pipeline, columns: columns.map(column => show(column, cards, limit)) }
}

function show({ key, name, kind, leads, revenue_potential }: Column, cards: Card[], limit: number): BoardColumn {
  const own = cards.filter(card => card.status === key)
  const { data, next_cursor } = pageOf(own, limit, last => [key, String(last.position), last.id])
  return { status: key, name, kind, leads, revenue_potential, data, next_cursor }
}

/** Of the default pipeline when none is named; what is counted comes from `stage_counts`. Throws `not_found`. */
async function readColumns(sql: Sql, workspace_id: number, { pipeline_id, status, assigned_to }: BoardQuery): Promise<Column[]> {
  const rows = await sql<Column[]>`
    select p.id as pipeline_id, p.name as pipeline, s.key, s.name, s.kind, coalesce(c.leads, 0)::int as leads,
           coalesce(c.revenue_potential, 0)::float8 as revenue_potential
      from pipelines p
      join pipeline_stages s on s.workspace_id = p.workspace_id and s.pipeline_id = p.id
     cross join lateral (
           select sum(c.leads) as leads, sum(c.revenue_potential) as revenue_potential
             from stage_counts c
            where c.workspace_id = p.workspace_id and c.pipeline_id = p.id and c.status = s.key
              ${assigned_to === undefined ? sql`` : sql`and c.assigned_to = ${assigned_to}`}) c
     where p.workspace_id = ${workspace_id} and ${pipeline_id === undefined ? sql`p.is_default` : sql`p.id = ${pipeline_id}`}
       ${status === undefined ? sql`` : sql`and s.key = ${status}`}
     order by s.position`
  if (rows.length === 0) throw refuse('not_found')
  return rows
}

/** 0: nobody has it. */
export function ofUser(sql: Sql, user_id: number | undefined) {
  if (user_id === undefined) return sql``
  return user_id === 0 ? sql`and assigned_to is null` : sql`and assigned_to = ${user_id}`
}
