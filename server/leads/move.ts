import type postgres from 'postgres'
import type { LeadMove } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import { refuse } from '../errors.ts'
import { type Condition, lockLeads } from './change.ts'
import { changesOfStatus, readStages } from './stages.ts'
import { close, type Sell } from './status.ts'

type Column = { workspace_id: number; pipeline_id: number; status: string }
type Card = { id: number; position: number }

/**
 * Puts a card down on the board: below one, above one, or on top of a column. Costs the same in a column of a million: only its
 * neighbours are read. Throws `conflict` when the cards that it was put between are not in that column any more.
 */
export async function moveLead(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { below_id, above_id, if_updated_at, ...given }: LeadMove,
  actor: Actor,
  { only_of }: Condition,
  sell: Sell,
): Promise<void> {
  const condition = { only_of: only_of ?? null, if_updated_at }
  const [lead] = await lockLeads(sql, workspace_id, [id], condition)
  const stages = await readStages(sql, workspace_id)
  const { pipeline_id } = lead!
  const change = changesOfStatus(stages, lead!, given)
  const column = { workspace_id, pipeline_id, status: given.status }
  const position = await place(sql, column, id, below_id ?? null, above_id ?? null)
  await close(sql, workspace_id, id, { given, stages, condition, sell }, actor, () => ({ ...change, position }))
}

/** The middle between two cards; when there is no number left between them, the cards around are moved apart first. */
async function place(sql: postgres.TransactionSql, column: Column, id: number, below_id: number | null, above_id: number | null) {
  for (let around = 50; ; around *= 10) {
    const [above, below] = await neighbours(sql, column, id, below_id, above_id)
    if (!above && !below) return -Date.now() / 1000
    if (!above) return Math.min(-Date.now() / 1000, below!.position - STEP)
    if (!below) return above.position + 1
    const middle = (above.position + below.position) / 2
    if (above.position < middle && middle < below.position) return middle
    await moveApart(sql, column, above, around)
  }
}

/** Positions are some 10^9 (seconds), of which a double tells 10^-7 apart: a thousand places between two cards to begin with. */
const STEP = 0.001

/** The cards right above and right below the place, without the card itself. */
async function neighbours(
  sql: postgres.TransactionSql,
  column: Column,
  id: number,
  below_id: number | null,
  above_id: number | null,
): Promise<[Card | undefined, Card | undefined]> {
  const named = await sql<Card[]>`
    select id, position from leads l where ${inColumn(sql, column)} and id = any(${[below_id, above_id].filter(one => one !== null)}::bigint[])`
  const above = named.find(card => card.id === below_id && card.id !== id)
  const below = named.find(card => card.id === above_id && card.id !== id)
  if (above) return [above, await next(sql, column, id, above)]
  if (below) return [await previous(sql, column, id, below), below]
  if (below_id !== null || above_id !== null) {
    throw refuse('conflict', {
      message: 'The cards around this place were moved in the meantime. Look again and repeat the move.',
    })
  }
  return [undefined, await next(sql, column, id, { id: 0, position: Number.NEGATIVE_INFINITY })]
}

async function next(sql: postgres.TransactionSql, column: Column, id: number, from: Card): Promise<Card | undefined> {
  const [card] = await sql<Card[]>`
    select id, position
      from leads l
     where ${inColumn(sql, column)} and id <> ${id} and (position, id) > (${from.position}::float8, ${from.id}::bigint)
     order by position, id
     limit 1`
  return card
}

async function previous(sql: postgres.TransactionSql, column: Column, id: number, from: Card): Promise<Card | undefined> {
  const [card] = await sql<Card[]>`
    select id, position
      from leads l
     where ${inColumn(sql, column)} and id <> ${id} and (position, id) < (${from.position}::float8, ${from.id}::bigint)
     order by position desc, id desc
     limit 1`
  return card
}

/**
 * Spreads so many cards on each side evenly between the outermost of them, or further where the column ends. What people see does not
 * change, so it is told to nobody. (The whole column would be made anew for one card otherwise.)
 */
async function moveApart(sql: postgres.TransactionSql, column: Column, from: Card, around: number) {
  const upper = await sql<Card[]>`
    select id, position
      from leads l
     where ${inColumn(sql, column)} and (position, id) <= (${from.position}::float8, ${from.id}::bigint)
     order by position desc, id desc
     limit ${around}`
  const lower = await sql<Card[]>`
    select id, position
      from leads l
     where ${inColumn(sql, column)} and (position, id) > (${from.position}::float8, ${from.id}::bigint)
     order by position, id
     limit ${around}`
  const cards = [...[...upper].reverse(), ...lower]
  const first = cards[0]!.position
  const is_end = lower.length < around
  const last = is_end ? Math.max(cards.at(-1)!.position, first + cards.length) : cards.at(-1)!.position
  const step = (last - first) / (cards.length - 1)
  if (step < STEP) return
  const rows = cards.map((card, k) => ({ id: card.id, position: first + k * step }))
  await sql`
    update leads l
       set position = r.position
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id bigint, position float8)
     where l.workspace_id = ${column.workspace_id} and l.id = r.id`
}

function inColumn(sql: postgres.TransactionSql, { workspace_id, pipeline_id, status }: Column) {
  return sql`l.workspace_id = ${workspace_id} and l.pipeline_id = ${pipeline_id} and l.status = ${status} and not l.is_test`
}
