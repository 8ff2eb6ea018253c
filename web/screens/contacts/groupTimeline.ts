import type { TimelineEntry } from '../../../shared/events.ts'
import { dayKey } from '../../ui/times.ts'

export type Visit = { key: string; session_id: string | null; entries: TimelineEntry[] }
export type Day = { key: string; at: string; visits: Visit[] }

/** Newest first: days, in them visits, in them what happened. What changed in the CRM during a visit stands in that visit. */
export function groupByDay(entries: TimelineEntry[]): Day[] {
  const days: Day[] = []
  entries.forEach((entry, index) => {
    const key = dayKey(entry.at)
    let day = days.at(-1)
    if (day?.key !== key) {
      day = { key, at: entry.at, visits: [] }
      days.push(day)
    }
    const session_id = entry.session_id ?? sessionAround(entries, index)
    const visit = day.visits.at(-1)
    if (visit && visit.session_id === session_id) visit.entries.push(entry)
    else day.visits.push({ key: `${entry.kind}-${entry.id}`, session_id, entries: [entry] })
  })
  return days
}

/** The visit that an activity fell into: the one of the events right after and right before it. */
function sessionAround(entries: TimelineEntry[], index: number) {
  const later = nearest(entries, index, -1)
  const earlier = nearest(entries, index, 1)
  if (later && later.session_id === earlier?.session_id) return later.session_id
  // What an event caused is written in the moment of the event, as the last or the first thing of the visit.
  const cause = [earlier, later].find(event => event && Math.abs(Date.parse(event.at) - Date.parse(entries[index]!.at)) < 2_000)
  return cause?.session_id ?? null
}

function nearest(entries: TimelineEntry[], index: number, step: 1 | -1) {
  for (let at = index + step; entries[at]; at += step) if (entries[at]!.kind === 'event') return entries[at]
  return undefined
}
