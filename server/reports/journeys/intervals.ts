import type { ReportInterval } from '../../../shared/reports.ts'

const DAY_MS = 86_400_000

/** The days, weeks (from Monday) or months of a period, without gaps; the first and the last are cut where the period is. */
export function intervalsOf(from: string, to: string, interval: ReportInterval): { first: string; last: string }[] {
  const found: { first: string; last: string; key: string }[] = []
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10)
    const key = KEYS[interval](day, at)
    const current = found.at(-1)
    if (current?.key === key) current.last = day
    else found.push({ first: day, last: day, key })
  }
  return found.map(({ first, last }) => ({ first, last }))
}

const MONDAY = 4 * DAY_MS // 1970-01-05

const KEYS: Record<ReportInterval, (day: string, at: number) => string> = {
  day: day => day,
  week: (_, at) => String(Math.floor((at - MONDAY) / (7 * DAY_MS))),
  month: day => day.slice(0, 7),
}
