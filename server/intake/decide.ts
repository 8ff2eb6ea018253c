import type { Matched, Matcher } from '../contacts/match.ts'
import type { Candidate, Parts } from './consider.ts'
import { type Part, part } from './delivery.ts'
import {
  type Cap,
  capKey,
  capsOf,
  externalKey,
  type Facts,
  isPromised,
  type KnownMeeting,
  leadKey,
  meetingKey,
  personKey,
  recentKey,
} from './facts.ts'
import type { Meeting } from './meeting.ts'

/** A lead that will be made, and the contact it is of; with `lead_id` it is there already, and only its meeting is new. */
export type Accepted = { candidate: Candidate; matched: Matched; lead_id: number | null }
/** A meeting that was told before, at another time or not at all any more. */
export type Changed = { candidate: Candidate; known: KnownMeeting }
/** What a cap has let through by this batch. */
export type Counted = Cap & { by: number }
/** The same lead twice in one batch: the second is answered as the first. */
export type Echo = { candidate: Candidate; of: Accepted }
/** Somebody archived who asked again: no lead is made of it, and they are back like anybody who asks. */
export type Returned = { workspace_id: number; contact_id: number; is_archived: true }
export type Decided = { accepted: Accepted[]; changed: Changed[]; echoes: Echo[]; counted: Counted[]; returned: Returned[] }

/**
 * Decides one lead after the other, each knowing what became of those before it, as if they had come one by one: repeated, duplicate,
 * over a cap, or made. Trials are never duplicates and count for nothing.
 */
export function decide(candidates: Candidate[], parts: Parts, facts: Facts, matcher: Matcher): Decided {
  const accepted: Accepted[] = []
  const changed: Changed[] = []
  const counted = new Map<string, Counted>()
  const echoes: Echo[] = []
  const returned: Returned[] = []
  const coming = new Map<string, Accepted>()
  for (const candidate of candidates) {
    const of = isPromised(candidate) ? coming.get(externalKey(candidate)) : undefined
    if (of) {
      echoes.push({ candidate, of })
      continue
    }
    const told = toldBefore(candidate, facts)
    if (told && 'known' in told) changed.push(told)
    else if (told) parts.get(candidate.waiting)![candidate.at] = told
    if (told) continue
    const lead_id = openLead(candidate, facts, matcher)
    if (lead_id !== null) {
      accepted.push({ candidate, matched: matcher.take(candidate.person, actorOf(candidate)), lead_id })
      continue
    }
    const refused =
      repeated(candidate, facts) ??
      (candidate.is_test ? undefined : (duplicate(candidate, facts, matcher) ?? capped(candidate, facts)))
    if (refused) {
      parts.get(candidate.waiting)![candidate.at] = refused
      returned.push(...returnedBy(candidate, refused, facts))
      continue
    }
    const one = { candidate, matched: matcher.take(candidate.person, actorOf(candidate)), lead_id: null }
    accepted.push(one)
    if (isPromised(candidate)) coming.set(externalKey(candidate), one)
    if (candidate.is_test) continue
    if (candidate.settings.dedupe_hours > 0) facts.recent.add(recentKey(candidate, one.matched.contact_id))
    for (const cap of capsOf(candidate.settings)) raise(facts, counted, cap)
  }
  return { accepted, changed, echoes, counted: [...counted.values()], returned }
}

/** Who made it: the webhook. */
export function actorOf({ settings }: Candidate) {
  return { kind: 'intake', id: settings.id, name: settings.name }
}

/** A meeting of which we know already: it is moved or cancelled, or told again. One that never came cannot be cancelled. */
function toldBefore(candidate: Candidate, facts: Facts): Changed | Part | undefined {
  const { meeting, is_test } = candidate
  if (meeting === null) return undefined
  const known = [meeting.was, meeting.external_id]
    .map(id => (id === null ? undefined : facts.meetings.get(meetingKey(candidate, id))))
    .find(one => one !== undefined)
  if (known === undefined) {
    return meeting.change === 'cancelled' ? part('ignored', { reason: 'unknown_meeting', is_test }) : undefined
  }
  return isSame(meeting, known)
    ? part('duplicate', {
        reason: 'already_received',
        appointment_id: known.appointment_id,
        contact_id: known.contact_id,
        lead_id: known.lead_id,
      })
    : { candidate, known }
}

function isSame(meeting: Meeting, known: KnownMeeting) {
  if (meeting.change === 'cancelled') return known.status === 'cancelled'
  const { scheduled_at, duration_minutes } = meeting
  return (
    Date.parse(scheduled_at!) === known.scheduled_at.getTime() &&
    (duration_minutes === null || duration_minutes === known.duration_minutes) &&
    known.status !== 'cancelled'
  )
}

function openLead(candidate: Candidate, facts: Facts, matcher: Matcher): number | null {
  if (candidate.meeting === null || candidate.is_test) return null
  const contact_id = matcher.find(candidate.person)
  return (contact_id !== undefined && facts.open_leads.get(leadKey(candidate, contact_id))) || null
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

function returnedBy(candidate: Candidate, { reason, contact_id }: Part, { archived }: Facts): Returned[] {
  if (reason !== 'duplicate' || !archived.has(personKey(candidate, contact_id!))) return []
  return [{ workspace_id: candidate.waiting.workspace_id, contact_id: contact_id!, is_archived: true }]
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
