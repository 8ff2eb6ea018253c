import type postgres from 'postgres'
import type { ExclusionReason } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { refuse } from '../../errors.ts'
import { type Choice, choose, give, type Pool, payTurn } from './choose.ts'
import { lockRouting } from './lock.ts'
import { type Desk, readPools, writePools } from './read-pools.ts'
import { type Decision, storeDecisions } from './store.ts'

export type HostWanted = {
  /** Who owns the contact, if anybody: for pools that ask them first. */
  owner_id: number | null
  scheduled_at: Date | string
  duration_minutes: number
  type: string
}

type WhyNot = Map<number, ExclusionReason | null>

/**
 * Who of a pool has an appointment that a customer books, among those who are `free` then. Counts and stores the decision, so it is for the
 * moment of booking; the caller says afterwards of which appointment it is (`tellRouted`). `user_id` is null when nobody can. `why_not`: of
 * those who are not free, the reason where it is known. Throws `not_found` when there is no such pool.
 */
export async function chooseHost(
  sql: postgres.TransactionSql,
  workspace_id: number,
  pool_id: number,
  wanted: HostWanted,
  free: number[],
  actor: Actor,
  why_not?: WhyNot,
): Promise<Decision> {
  const { desk, pool } = await openPool(sql, workspace_id, pool_id)
  const choice = chooseAmong(pool, wanted, free, why_not)
  if (choice.user_id !== null) give(pool, choice.user_id, desk.now)
  return settle(sql, desk, pool, wanted, choice, actor)
}

/** Who would have it, without counting: for a slot that is only held. Whoever books it then calls `takeHost`. */
export async function proposeHost(
  sql: postgres.TransactionSql,
  workspace_id: number,
  pool_id: number,
  wanted: HostWanted,
  free: number[],
): Promise<Choice> {
  const { pool } = await openPool(sql, workspace_id, pool_id)
  return chooseAmong(pool, wanted, free)
}

/** A held slot is booked: the pool counts it for whom it was held, wherever the caps and turns of the others are by now. */
export async function takeHost(
  sql: postgres.TransactionSql,
  workspace_id: number,
  pool_id: number,
  user_id: number,
  wanted: HostWanted,
  actor: Actor,
): Promise<Decision> {
  const { desk, pool } = await openPool(sql, workspace_id, pool_id)
  const { strategy } = pool
  const is_owner = strategy === 'owner_first' && wanted.owner_id === user_id
  if (strategy === 'weighted' || (strategy === 'owner_first' && !is_owner)) payTurn(pool, user_id)
  give(pool, user_id, desk.now)
  const reason = is_owner ? 'owner' : strategy === 'owner_first' ? 'weighted' : strategy
  return settle(sql, desk, pool, wanted, { user_id, reason, candidates: [user_id], excluded: [] }, actor)
}

async function openPool(sql: postgres.TransactionSql, workspace_id: number, pool_id: number) {
  await lockRouting(sql, [workspace_id])
  const desk = await readPools(sql, workspace_id, [pool_id])
  const pool = desk.pools.get(pool_id)
  if (!pool) throw refuse('not_found', { message: `There is no pool ${pool_id} in this workspace.` })
  return { desk, pool }
}

function chooseAmong(pool: Pool, { owner_id }: HostWanted, user_ids: number[], why_not?: WhyNot): Choice {
  const free = new Set(user_ids)
  return choose(pool, owner_id, user_id => (free.has(user_id) ? null : (why_not?.get(user_id) ?? 'booked')))
}

async function settle(
  sql: postgres.TransactionSql,
  desk: Desk,
  { id: pool_id, strategy }: Pool,
  wanted: HostWanted,
  { user_id, reason, candidates, excluded }: Choice,
  actor: Actor,
): Promise<Decision> {
  await writePools(sql, desk)
  const decided = {
    appointment_id: null,
    target: user_id === null ? ({ kind: 'nobody' } as const) : ({ kind: 'person', user_id } as const),
    reason,
    rule_id: null,
    rule_version: null,
    pool_id,
    strategy,
    step: 0,
    needs_free: true,
    candidates,
    excluded: excluded.map(each => ({ ...each, pool_id })),
    inputs: { ...wanted },
  }
  const [decision] = await storeDecisions(sql, desk.workspace_id, [decided], actor)
  return decision!
}
