import type { Matched, Matcher } from '../contacts/match.ts'
import type { Candidate, Parts } from './consider.ts'
import { type Part, part } from './delivery.ts'
import { type Cap, capKey, capsOf, externalKey, type Facts, isPromised, recentKey } from './facts.ts'

/** A lead that will be made, and the contact it is of. */
export type Accepted = { candidate: Candidate; matched: Matched }
/** What a cap has let through by this batch. */
export type Counted = Cap & { by: number }
/** The same lead twice in one batch: the second is answered as the first. */
export type Echo = { candidate: Candidate; of: Accepted }
export type Decided = { accepted: Accepted[]; echoes: Echo[]; counted: Counted[] }

/**
 * Decides one lead after the other, each knowing what became of those before it, as if they had come one by one: repeated, duplicate,
 * over a cap, or made. Trials are never duplicates and count for nothing.
 */
export function decide(candidates: Candidate[], parts: Parts, facts: Facts, matcher: Matcher): Decided {
  const accepted: Accepted[] = []
  const counted = new Map<string, Counted>()
  const echoes: Echo[] = []
  const coming = new Map<string, Accepted>()
  for (const candidate of candidates) {
    const of = isPromised(candidate) ? coming.get(externalKey(candidate)) : undefined
    if (of) {
      echoes.push({ candidate, of })
      continue
    }
    const refused =
      repeated(candidate, facts) ??
      (candidate.is_test ? undefined : (duplicate(candidate, facts, matcher) ?? capped(candidate, facts)))
    if (refused) {
      parts.get(candidate.waiting)![candidate.at] = refused
      continue
    }
    const one = { candidate, matched: matcher.take(candidate.person, actorOf(candidate)) }
    accepted.push(one)
    if (isPromised(candidate)) coming.set(externalKey(candidate), one)
    if (candidate.is_test) continue
    if (candidate.settings.dedupe_hours > 0) facts.recent.add(recentKey(candidate, one.matched.contact_id))
    for (const cap of capsOf(candidate.settings)) raise(facts, counted, cap)
  }
  return { accepted, echoes, counted: [...counted.values()] }
}

/** Who made it: the webhook. */
export function actorOf({ settings }: Candidate) {
  return { kind: 'intake', id: settings.id, name: settings.name }
}

function repeated(candidate: Candidate, facts: Facts): Part | undefined {
  const made = isPromised(candidate) ? facts.made.get(externalKey(candidate)) : undefined
  return made && part('duplicate', { reason: 'already_received', ...made })
}

function duplicate(candidate: Candidate, facts: Facts, matcher: Matcher): Part | undefined {
  const contact_id = candidate.settings.dedupe_hours > 0 ? matcher.find(candidate.person) : undefined
  if (contact_id === undefined || !facts.recent.has(recentKey(candidate, contact_id))) return undefined
  return part('duplicate', { reason: 'duplicate', contact_id })
}

function capped({ settings }: Candidate, facts: Facts): Part | undefined {
  const full = capsOf(settings).find(cap => (facts.counts.get(capKey(cap)) ?? 0) >= cap.most)
  return full && part('refused', { reason: full.reason })
}

function raise(facts: Facts, counted: Map<string, Counted>, cap: Cap) {
  const key = capKey(cap)
  facts.counts.set(key, (facts.counts.get(key) ?? 0) + 1)
  counted.set(key, { ...cap, by: (counted.get(key)?.by ?? 0) + 1 })
}
