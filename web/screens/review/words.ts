import type { Review } from '../../../shared/identity.ts'
import { REASONS } from '../contacts/identityWords.ts'

export function question({ kind, outcome }: Review) {
  if (kind === 'suggestion') return 'Are these two contacts one person?'
  if (outcome === 'refused_blocked') return 'This id cannot be a person'
  if (outcome === 'refused_limit') return 'Can one person have so many ids?'
  return 'One person, or a device that two people share?'
}

export function why({ kind, reason, outcome }: Review) {
  if (kind === 'suggestion') return SUGGESTIONS[reason] ?? 'They look alike.'
  const said = (REASONS as Record<string, string>)[reason]?.toLowerCase() ?? reason
  return `${OUTCOMES[outcome ?? ''] ?? 'The link was refused.'} The claim: ${said}.`
}

const SUGGESTIONS: Record<string, string> = {
  two_keys: 'One record named the e-mail of one and the phone or id of the other.',
  phone_other_name: 'They have the same phone number, but different names.',
  two_identified: 'A visitor of one claimed to be the other, and both are identified by an id of their own.',
}

const OUTCOMES: Record<string, string> = {
  refused_two_identified: 'Both sides were identified already, each as somebody else, so nothing was linked.',
  refused_blocked: 'Many people share this value, so it never links anybody. A page of yours probably sends it by mistake.',
  refused_limit: 'The person has as many ids as one person may have, so nothing more was linked.',
}
