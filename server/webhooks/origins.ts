import { CONNECTIONS } from '../egress/pool.ts'
import type { Turn } from './turn.ts'

/** The connections to one server. Endpoints of any workspaces may be there, as at a service that connects others. */
export type Origin = { name: string; in_flight: number; turns: Set<Turn> }

/** Kept free of any one endpoint, so that others at the same server find a connection when it hangs. */
const KEPT_FREE = 4
/** Requests to one endpoint at a time, when it answers well. */
export const MOST_IN_FLIGHT = CONNECTIONS - KEPT_FREE
/** How many are asked when a connection becomes free: most of them have nothing to send. */
const ASKED = 8

/** The servers that this process sends to, each for as long as a turn or a request needs it. */
export function openOrigins() {
  const origins = new Map<string, Origin>()
  return {
    of(url: string): Origin {
      const name = URL.canParse(url) ? new URL(url).origin : url
      const origin = origins.get(name) ?? { name, in_flight: 0, turns: new Set() }
      origins.set(name, origin)
      return origin
    },
    forgetUnused(origin: Origin) {
      if (origin.turns.size === 0 && origin.in_flight === 0) origins.delete(origin.name)
    },
  }
}

/**
 * How many requests of one endpoint the connections to its server allow now. None is begun that would wait for a connection: its time
 * would run meanwhile, and the endpoint be blamed for it.
 */
export function allowedBy({ in_flight, turns }: Origin): number {
  const free = CONNECTIONS - in_flight
  if (free <= 0) return 0
  return turns.size === 1 ? MOST_IN_FLIGHT : 1 + Math.floor(free / 4)
}

/** Those who may have waited for a connection that became free, in turn. */
export function nextOf({ turns }: Origin): Turn[] {
  const next: Turn[] = []
  for (const turn of turns) {
    if (next.length === Math.min(ASKED, turns.size)) break
    turns.delete(turn)
    turns.add(turn)
    next.push(turn)
  }
  return next
}
