import type { FunnelCondition, FunnelStep } from '../../../shared/funnel-report.ts'

export type Told = { id: number; person: string; event: string; at: number; properties: Record<string, unknown>; is_bot: boolean }
export type Asked = { steps: FunnelStep[]; window_minutes: number; begins: number; ends: number }
/** How far somebody came: when each step was reached. */
export type Way = { person: string; times: number[]; entry: Told }

/** The obvious computation: for each person, each step in its turn, the first event after the one before. */
export function walkAll(events: Told[], { steps, window_minutes, begins, ends }: Asked): Way[] {
  const ordered = events.filter(event => !event.is_bot).sort((a, b) => a.at - b.at || a.id - b.id)
  return [...new Set(ordered.map(event => event.person))].flatMap(person => {
    const own = ordered.filter(event => event.person === person)
    const first = own.findIndex(event => event.at >= begins && event.at < ends && fits(event, steps[0]!))
    if (first < 0) return []
    const entry = own[first]!
    const times = [entry.at]
    let place = first
    for (const step of steps.slice(1)) {
      place = own.findIndex((event, k) => k > place && event.at <= entry.at + window_minutes * 60_000 && fits(event, step))
      if (place < 0) break
      times.push(own[place]!.at)
    }
    return [{ person, times, entry }]
  })
}

export function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  return sorted.length === 0 ? null : (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2
}

function fits({ event, properties }: Told, step: FunnelStep) {
  return event === step.event && (step.conditions ?? []).every(condition => holds(properties, condition))
}

function holds(properties: Record<string, unknown>, { property, operator, value }: FunnelCondition) {
  const found = properties[property]
  if (found === undefined || found === null) return false
  if (operator === 'is_set') return String(found) !== ''
  if (operator === 'contains') return String(found).toLowerCase().includes(String(value).toLowerCase())
  return String(found) === String(value)
}
