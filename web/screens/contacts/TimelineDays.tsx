import { day } from '../../ui/times.ts'
import type { Day } from './groupTimeline.ts'
import { TimelineVisit } from './TimelineVisit.tsx'
import './timeline.css'

export function TimelineDays({ days }: { days: Day[] }) {
  return days.map(({ key, at, visits }) => (
    <section key={key} className="timeline-day" aria-label={day(at)}>
      <h3>{day(at)}</h3>
      {visits.map(visit => (
        <TimelineVisit key={visit.key} visit={visit} />
      ))}
    </section>
  ))
}
