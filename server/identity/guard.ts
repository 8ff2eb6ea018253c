import { type Outcome, type Person, pair, type World } from './world.ts'

/** More distinct_ids than this are a kiosk, a test user or a mistake, not a person. */
export const MOST_VISITORS = 1000

/**
 * The one guard for all entrances: alias, identify, events that carry two ids, forms, e-mail links, imports, manual links.
 * Says what becomes of the claim that two people are one, without doing it. The first on a shared device keeps the earlier
 * events; who comes second keeps their own. (Snowplow's unique identifiers, PostHog's is_identified and Segment's user_id
 * limit came to the same rule.)
 */
export function judge(world: World, one: Person, other: Person, claim: { blocked: boolean; nodes: [number, number] }): Outcome {
  if (claim.blocked) return 'refused_blocked'
  if (one === other) return 'noop'
  if (world.revoked.has(pair(...claim.nodes))) return 'refused_blocked'
  if (one.user !== null && other.user !== null) return 'refused_two_identified'
  if (one.contact_id !== null && other.contact_id !== null) return 'refused_two_identified'
  if (one.size + other.size > MOST_VISITORS) return 'refused_limit'
  return 'linked'
}
