import type { Claimed } from './lease.ts'
import { MOST_IN_FLIGHT, type Origin } from './origins.ts'
import { takeLeave } from './rate.ts'
import type { Position, Ready } from './ready.ts'
import { ATTEMPT_MS } from './send.ts'
import type { Target } from './target.ts'
import type { Place } from './turns.ts'

/** In the beginning: nobody knows yet whether it answers. */
const FIRST_IN_FLIGHT = 2

/**
 * Requests whose result is not written, for each that may be in flight. If the process dies, it is these that are sent again; and
 * while the database is slow, more of them would only wait.
 */
export const MOST_UNWRITTEN = 48

/** One `Retry-After` of a day is not to keep an endpoint from everything for a day. */
const MOST_REST_S = 3_600

/** An endpoint whose turn this process has. Times are of `performance.now()`. */
export type Turn = Place & {
  target: Target
  origin: Origin
  /** Read and not begun. */
  ready: Ready[]
  in_flight: number
  /** Read, and its result not yet written: begun or not. */
  open: number
  /** How many may be in flight. */
  most: number
  unwell: boolean
  /** There may be deliveries that were not read. */
  more: boolean
  /** Is waiting for its next page. */
  reading: boolean
  after: Position | null
  read_from_start_at: number
  /** Before `next` nothing is begun: by the rate limit, or because the receiver asked for a rest. */
  rate: { next: number }
  since: number
  lease_ends: number
  /** Since when it has had nothing to do. */
  idle_since: number | null
  /** Nothing more is begun; it is given back when everything is written. */
  ending: boolean
  releasing: boolean
  /** Of the next moment at which the rate limit lets something through. */
  timer: NodeJS.Timeout | undefined
}

export function makeTurn(claimed: Claimed, target: Target, origin: Origin, now: number, lease_ends: number): Turn {
  const { workspace_id, endpoint_id, unwell, rate_ms } = claimed
  return {
    workspace_id,
    endpoint_id,
    target,
    origin,
    ready: [],
    in_flight: 0,
    open: 0,
    most: unwell ? 1 : FIRST_IN_FLIGHT,
    unwell,
    more: true,
    reading: false,
    after: null,
    read_from_start_at: now,
    rate: { next: now + (rate_ms ?? 0) },
    since: now,
    lease_ends,
    idle_since: null,
    ending: !target.sends,
    releasing: false,
    timer: undefined,
  }
}

/** What a result says of how much the endpoint can take: one more for each that goes well, one alone after one that does not. */
export function learn(turn: Turn, ok: boolean) {
  turn.unwell = !ok
  turn.most = ok ? Math.min(turn.most + 1, MOST_IN_FLIGHT) : 1
}

/**
 * Milliseconds until the next delivery may be begun. 0: it is to be begun now, and was counted; null: not before something else
 * happens. `places`: how many requests of it the process and its server have room for.
 */
export function admit(turn: Turn, now: number, places: number): number | null {
  if (turn.ending || turn.ready.length === 0 || turn.in_flight >= Math.min(turn.most, places)) return null
  if (turn.open - turn.ready.length >= MOST_UNWRITTEN * turn.most) return null
  // While the lease outlasts the request, nobody else can have the same delivery in flight.
  if (now + ATTEMPT_MS > turn.lease_ends) return null
  const { rate_limit } = turn.target
  if (rate_limit === null ? now >= turn.rate.next : takeLeave(turn.rate, rate_limit, now)) return 0
  return turn.rate.next - now
}

/** What was told to one delivery is meant for all: a receiver that asks for a rest of so many seconds gets it, but looks are taken in between. */
export function rest(turn: Turn, seconds: number, now: number) {
  turn.rate.next = Math.max(turn.rate.next, now + Math.min(seconds, MOST_REST_S) * 1000)
}

/**
 * How many deliveries it may have waiting here: so many that it does not wait for the next page, but where this process has many
 * turns it waits for other things, and pages are memory.
 */
export function pageSize(turn: Turn, turns: number): number {
  const page = turn.most * Math.min(Math.max(Math.floor(256 / turns), 8), 32)
  return turn.target.rate_limit === null ? page : Math.min(page, Math.max(1, Math.ceil(turn.target.rate_limit / 30)))
}
