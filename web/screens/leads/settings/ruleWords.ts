import type { AssignmentStrategy, LeadMatches } from '../../../../shared/assignment.ts'

export const STRATEGIES: Record<AssignmentStrategy, { label: string; about: string }> = {
  owner_first: { label: 'Owner first', about: 'Who has the contact already, else in turn by share' },
  weighted: { label: 'In turn', about: 'As often as the shares say' },
  least_recent: { label: 'Longest wait', about: 'Who got a lead the longest time ago' },
}

/** What a rule can ask of a lead, as its fields are called. */
export const MATCHES = {
  lead_types: 'Types',
  sources: 'Sources',
  products: 'Products',
  states: 'States',
  zip_prefixes: 'Beginnings of ZIP codes',
  countries: 'Countries',
} as const
export type MatchName = keyof typeof MATCHES

/** "states CA, NV; products Battery" */
export function matchWords(matches: LeadMatches) {
  const asked = (Object.keys(MATCHES) as MatchName[]).flatMap(name =>
    matches[name]?.length ? `${MATCHES[name].toLowerCase().replace('zip', 'ZIP')} ${matches[name].join(', ')}` : [],
  )
  if (matches.webhooks?.length) asked.push(`${matches.webhooks.length} of the webhooks`)
  return asked.join('; ') || 'every lead'
}
