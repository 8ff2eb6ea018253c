import type { PoolStrategy } from '../../../shared/pools.ts'
import type { ExclusionReason } from '../../../shared/routing.ts'
import { inTurn, longestWaiting } from '../../leads/choose.ts'

export type Member = {
  user_id: number
  weight: number
  /** 1 to 5; 1 is asked first. */
  priority: number
  cap_day: number | null
  cap_week: number | null
  cap_open: number | null
  turn: number
  /** Given to this member today and this week, in the workspace's zone. */
  today: number
  week: number
  /** How many open appointments they have, from wherever. */
  open: number
  /** When the last one was, in any rising unit; null: never. */
  last: number | null
  /** How many were given since this was read. */
  given: number
}

export type Pool = { id: number; strategy: PoolStrategy; members: Member[] }
export type Exclusion = { user_id: number; reason: ExclusionReason }
export type Choice = {
  user_id: number | null
  reason: 'owner' | 'weighted' | 'least_recent' | 'least_loaded' | 'nobody_can'
  /** Who was asked at all, and who of them could not and why. */
  candidates: number[]
  excluded: Exclusion[]
}

/**
 * Who of a pool gets it: who is neither at a cap nor otherwise unable (`whyNot` says so), and among those the owner of the contact, or the most
 * urgent ones by the pool's strategy. An owner who is not in the pool is not asked: a pool is those who can do it.
 * Turns move, but nothing is counted yet; see `give`.
 */
export function choose(
  { strategy, members }: Pool,
  owner_id: number | null,
  whyNot: (user_id: number) => ExclusionReason | null,
): Choice {
  const candidates = members.map(member => member.user_id)
  const excluded = members.flatMap(member => {
    const reason = capOf(member) ?? whyNot(member.user_id)
    return reason === null ? [] : [{ user_id: member.user_id, reason }]
  })
  const out = new Set(excluded.map(each => each.user_id))
  const free = members.filter(member => !out.has(member.user_id))
  const all = { candidates, excluded }
  if (strategy === 'owner_first' && owner_id !== null && free.some(member => member.user_id === owner_id)) {
    return { user_id: owner_id, reason: 'owner', ...all }
  }
  if (free.length === 0) return { user_id: null, reason: 'nobody_can', ...all }
  const urgent = mostUrgent(free)
  if (strategy === 'least_recent') return { user_id: longestWaiting(urgent).user_id, reason: 'least_recent', ...all }
  if (strategy === 'least_loaded') return { user_id: leastLoaded(urgent).user_id, reason: 'least_loaded', ...all }
  return { user_id: inTurn(urgent).user_id, reason: 'weighted', ...all }
}

/** Counts it for whom it was given to, so that the next choice knows. `now` is in the unit of `last`. */
export function give(pool: Pool, user_id: number, now: number): void {
  const member = pool.members.find(one => one.user_id === user_id)
  if (!member) return
  member.today++
  member.week++
  member.open++
  member.given++
  member.last = now
}

/** Lets turns move as if this member had been chosen among the equally urgent: for a choice that was made earlier, as for a held slot. */
export function payTurn({ members }: Pool, user_id: number): void {
  const member = members.find(one => one.user_id === user_id)
  if (!member) return
  const equals = members.filter(one => one.priority === member.priority)
  for (const one of equals) one.turn += one.weight
  member.turn -= equals.reduce((sum, one) => sum + one.weight, 0)
}

/** Which of the limits somebody has reached; null: none. */
export function capOf({ cap_day, cap_week, cap_open, today, week, open }: Member): ExclusionReason | null {
  if (cap_day !== null && today >= cap_day) return 'cap_day'
  if (cap_week !== null && week >= cap_week) return 'cap_week'
  return cap_open !== null && open >= cap_open ? 'cap_open' : null
}

function mostUrgent(free: Member[]): Member[] {
  const first = Math.min(...free.map(member => member.priority))
  return free.filter(member => member.priority === first)
}

function leastLoaded(free: Member[]): Member {
  const fewest = Math.min(...free.map(member => member.open))
  return longestWaiting(free.filter(member => member.open === fewest))
}
