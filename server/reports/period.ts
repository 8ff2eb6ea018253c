import type { ReportInterval } from '../../shared/reports.ts'
import { refuse } from '../errors.ts'

/** Days in UTC, the last one included, and as many right before them to compare with. */
export type Period = {
  from: string
  to: string
  previous_from: string
  previous_to: string
  interval: ReportInterval
  /** How many days `from` to `to` are. */
  days: number
}

type Given = { from?: string; to?: string; interval?: ReportInterval }

const DAY_MS = 86_400_000
const USUAL_DAYS = 30
const MOST_DAYS = 1100

/** Thirty days up to today when nothing is said. Throws `invalid_request` for what is no day, runs backwards or is longer than three years. */
export function readPeriod({ from, to, interval = 'day' }: Given, now = Date.now()): Period {
  const last = to === undefined ? Math.floor(now / DAY_MS) : numberOf('to', to)
  const first = from === undefined ? last - USUAL_DAYS + 1 : numberOf('from', from)
  const days = last - first + 1
  if (days < 1) throw refuse('invalid_request', { fields: { from: 'must not be after `to`' } })
  if (days > MOST_DAYS) throw refuse('invalid_request', { fields: { from: `may be ${MOST_DAYS} days before \`to\` at most` } })
  return {
    from: dayOf(first),
    to: dayOf(last),
    previous_from: dayOf(first - days),
    previous_to: dayOf(first - 1),
    interval,
    days,
  }
}

/** Days since 1970. */
function numberOf(name: string, text: string): number {
  const ms = Date.parse(`${text}T00:00:00Z`)
  if (!(ms >= 0) || dayOf(ms / DAY_MS) !== text)
    throw refuse('invalid_request', { fields: { [name]: 'must be a day such as 2026-01-31' } })
  return ms / DAY_MS
}

function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10)
}
