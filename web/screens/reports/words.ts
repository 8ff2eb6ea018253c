import type { LeadReportDimension } from '../../../shared/reports.ts'

export const DIMENSIONS: Record<LeadReportDimension, string> = {
  source: 'Source',
  campaign: 'Campaign',
  provider: 'Provider',
  assignee: 'Assignee',
  product: 'Product',
  state: 'State',
  webhook: 'Webhook',
  lead_type: 'Lead type',
}

export function isDimension(by: string | undefined): by is LeadReportDimension {
  return by !== undefined && Object.hasOwn(DIMENSIONS, by)
}

export function groupName(by: LeadReportDimension, { value, label }: { value: string; label: string | null }) {
  if (label) return label
  if (value) return value
  return by === 'assignee' ? 'Nobody' : 'Not known'
}

/** How the filters of the list of leads take it. */
const FILTERS = {
  source: 'source',
  campaign: 'campaign',
  provider: 'provider_id',
  assignee: 'assigned_to',
  product: 'product',
  state: 'state',
  webhook: 'webhook_id',
  lead_type: 'lead_type',
} as const satisfies Record<LeadReportDimension, string>

/** What the list of leads is asked for to see those of a group; undefined where it cannot be asked. */
export function filterOf(by: LeadReportDimension, value: string) {
  if (!value) return undefined
  const is_number = by === 'assignee' || by === 'webhook'
  return { [FILTERS[by]]: is_number ? Number(value) : value }
}

const percent_format = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

export const percent = (rate: number | null) => (rate === null ? '–' : percent_format.format(rate))

const HOUR = 3600

/** "45 min", "5 h", "12 days" */
export function lasted(seconds: number | null) {
  if (seconds === null) return '–'
  if (seconds < HOUR) return `${Math.max(1, Math.round(seconds / 60))} min`
  if (seconds < 48 * HOUR) return `${Math.round(seconds / HOUR)} h`
  return `${Math.round(seconds / (24 * HOUR))} days`
}
