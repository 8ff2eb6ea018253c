import type { AssignmentStrategy, LeadMatches } from '../../shared/assignment.ts'

/** What the rules look at. */
export type Candidate = {
  lead_type: string
  source: string | null
  product: string | null
  webhook_id: number | null
  state: string | null
  zip_code: string | null
  country: string | null
  /** Who owns the contact. */
  owner_id: number | null
}

export type Member = {
  user_id: number
  weight: number
  cap_day: number | null
  turn: number
  /** Given to this member today, in the workspace's zone. */
  today: number
  /** When the last one was, in any rising unit; null: never. */
  last: number | null
  /** How many were given since this was read. */
  given: number
}

export type Rule = { id: number; strategy: AssignmentStrategy; matches: LeadMatches; members: Member[] }
export type Choice = { user_id: number; reason: 'owner' | 'weighted' | 'least_recent' }

/** The first rule whose lists all have the lead's value. */
export function ruleFor(rules: Rule[], lead: Candidate): Rule | undefined {
  return rules.find(({ matches }) => matchesLead(matches, lead))
}

export function matchesLead(matches: LeadMatches, lead: Candidate): boolean {
  const has = (list: string[] | undefined, value: string | null) =>
    list === undefined || (value !== null && list.some(one => bare(one) === bare(value)))
  const { zip_prefixes, webhooks } = matches
  return (
    has(matches.lead_types, lead.lead_type) &&
    has(matches.sources, lead.source) &&
    has(matches.products, lead.product) &&
    has(matches.states, lead.state) &&
    has(matches.countries, lead.country) &&
    (webhooks === undefined || (lead.webhook_id !== null && webhooks.includes(lead.webhook_id))) &&
    (zip_prefixes === undefined || zip_prefixes.some(prefix => bare(lead.zip_code ?? '').startsWith(bare(prefix))))
  )
}

/**
 * Who gets it, or undefined when all are at their caps. `is_member`: whether somebody works in the workspace at all, for owners who
 * are not in the rule. Changes the counters of whom it chose, so the next choice knows.
 */
export function choose(
  { strategy, members }: Rule,
  { owner_id }: Candidate,
  now: number,
  is_member: (user_id: number) => boolean,
): Choice | undefined {
  const free = members.filter(({ cap_day, today }) => cap_day === null || today < cap_day)
  if (strategy === 'owner_first' && owner_id !== null) {
    const listed = members.find(member => member.user_id === owner_id)
    if (listed === undefined && is_member(owner_id)) return { user_id: owner_id, reason: 'owner' }
    if (listed && free.includes(listed)) return give(listed, now, 'owner')
  }
  if (free.length === 0) return undefined
  return strategy === 'least_recent' ? give(longestWaiting(free), now, 'least_recent') : give(inTurn(free), now, 'weighted')
}

/**
 * Smooth weighted round robin, as nginx has it: everybody's turn rises by their weight, the highest gets the lead and pays the sum. In
 * every run of as many leads as the weights make together, each gets exactly their weight, never all in a row; who was at a cap or away
 * owes nothing and catches up on nothing.
 */
export function inTurn<M extends { weight: number; turn: number }>(free: M[]): M {
  for (const member of free) member.turn += member.weight
  const next = free.reduce((best, member) => (member.turn > best.turn ? member : best))
  next.turn -= free.reduce((sum, member) => sum + member.weight, 0)
  return next
}

export function longestWaiting<M extends { last: number | null }>(free: M[]): M {
  const since = (member: M) => member.last ?? Number.NEGATIVE_INFINITY
  return free.reduce((best, member) => (since(member) < since(best) ? member : best))
}

function give(member: Member, now: number, reason: Choice['reason']): Choice {
  member.today++
  member.given++
  member.last = now
  return { user_id: member.user_id, reason }
}

/** As conditions are compared: upper and lower case are the same. */
export function bare(text: string) {
  return text.trim().toLowerCase()
}
