import type { RoutingMatches, RoutingTarget } from '../../../../../shared/routing.ts'
import { WEEKDAYS } from '../hoursWords.ts'

/** The conditions that are lists of words, in the order in which they are asked for. */
export const LISTS = {
  types: 'Appointment types',
  products: 'Products',
  sources: 'Sources',
  languages: 'Languages',
  zips: 'ZIP codes',
  zip_prefixes: 'ZIP codes that begin with',
  states: 'States',
  countries: 'Countries',
} as const satisfies Partial<Record<keyof RoutingMatches, string>>
export type ListName = keyof typeof LISTS

type Names = {
  user: (id: number) => string
  pool: (id: number) => string
  workspace: (id: number) => string
  area: (id: number) => string
}

/** "Products: roof, solar; ZIP codes that begin with: 94" */
export function matchWords(matches: RoutingMatches, names: Pick<Names, 'area'>): string {
  const { area_lists, score_from, score_to, hours, valid_from, valid_until } = matches
  const lists = (Object.keys(LISTS) as ListName[]).flatMap(name =>
    matches[name] ? [`${LISTS[name]}: ${matches[name].join(', ')}`] : [],
  )
  if (area_lists) lists.push(`In ${area_lists.map(names.area).join(' or ')}`)
  if (score_from !== undefined || score_to !== undefined) lists.push(`Score ${rangeWords(score_from, score_to)}`)
  if (hours) {
    const days = hours.weekdays?.map(day => WEEKDAYS[day - 1]?.slice(0, 3)).join(', ')
    const clock = hours.from || hours.until ? `${hours.from ?? '00:00'}–${hours.until ?? '24:00'}` : ''
    lists.push(['Begins', days, clock].filter(Boolean).join(' '))
  }
  if (valid_from || valid_until) lists.push(`Valid ${rangeWords(valid_from, valid_until)}`)
  return lists.join('; ') || 'Every appointment'
}

function rangeWords(from: string | number | undefined, until: string | number | undefined) {
  if (from === undefined) return `to ${until}`
  return until === undefined ? `from ${from}` : `${from} to ${until}`
}

export function targetWords(target: RoutingTarget, names: Omit<Names, 'area'>): string {
  if (target.kind === 'person') return names.user(target.user_id)
  if (target.kind === 'pool') return names.pool(target.pool_id)
  return target.kind === 'workspace' ? names.workspace(target.workspace_id) : 'Nobody'
}

/** As one value of a select, and back. */
export const keyOfTarget = (target: RoutingTarget) =>
  target.kind === 'person'
    ? `person ${target.user_id}`
    : target.kind === 'pool'
      ? `pool ${target.pool_id}`
      : target.kind === 'workspace'
        ? `workspace ${target.workspace_id}`
        : 'nobody'

export function targetOf(key: string): RoutingTarget {
  const [kind, id] = key.split(' ')
  if (kind === 'person') return { kind, user_id: Number(id) }
  if (kind === 'pool') return { kind, pool_id: Number(id) }
  return kind === 'workspace' ? { kind, workspace_id: Number(id) } : { kind: 'nobody' }
}
