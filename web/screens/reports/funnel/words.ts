import type { FunnelBreakdown, FunnelCondition, FunnelStep } from '../../../../shared/funnel-report.ts'

export const BREAKDOWNS: Record<FunnelBreakdown, string> = {
  utm_source: 'Source',
  utm_medium: 'Medium',
  utm_campaign: 'Campaign',
  country: 'Country',
  device: 'Device',
  property: 'Property of step 1',
}

export const OPERATORS: Record<FunnelCondition['operator'], string> = {
  equals: 'is',
  contains: 'contains',
  is_set: 'is known',
}

export const UNITS = [
  { value: '1', label: 'minutes' },
  { value: '60', label: 'hours' },
  { value: '1440', label: 'days' },
]

/** The largest unit in which so many minutes are a whole number. */
export function unitOf(minutes: number) {
  return minutes % 1440 === 0 ? 1440 : minutes % 60 === 0 ? 60 : 1
}

/** "page_viewed where path contains /pricing" */
export function stepWords({ event, conditions = [] }: FunnelStep) {
  const said = conditions.map(({ property, operator, value }) =>
    operator === 'is_set' ? `${property} is known` : `${property} ${OPERATORS[operator]} ${value}`,
  )
  return said.length === 0 ? event : `${event} where ${said.join(' and ')}`
}

export const groupWords = (value: string) => value || 'Not known'

/** "12 s", "45 min", "5.5 h", "12 days" */
export function took(seconds: number | null) {
  if (seconds === null) return '–'
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 360) / 10} h`
  return `${Math.round(seconds / 8640) / 10} days`
}
