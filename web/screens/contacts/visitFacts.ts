import type { TimelineEntry } from '../../../shared/events.ts'

/** Where a visit came from, as its first event tells. */
export function visitFacts({ context }: TimelineEntry): string[] {
  const campaign = part(context, 'campaign')
  const source = word(campaign, 'source') ?? host(word(part(context, 'page'), 'referrer'))
  const name = word(campaign, 'name')
  return [source && `from ${source}${name ? ` (${name})` : ''}`].filter(fact => fact !== undefined)
}

function part(facts: Record<string, unknown>, name: string) {
  const value = facts[name]
  return value && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

function word(facts: Record<string, unknown>, name: string) {
  const value = facts[name]
  return typeof value === 'string' && value ? value : undefined
}

function host(url: string | undefined) {
  return url && URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : undefined
}
