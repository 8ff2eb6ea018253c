import { useState } from 'react'
import type { TimelineEntry } from '../../../shared/events.ts'
import { JsonView } from '../../ui/JsonView.tsx'
import { count } from '../../ui/numbers.ts'
import { absolute, clock, duration } from '../../ui/times.ts'
import { ActivityLine } from '../activities/ActivityLine.tsx'
import { EventLine } from '../events/EventLine.tsx'
import { eventIcon, eventTone } from '../events/eventIcon.ts'
import type { Visit } from './groupTimeline.ts'
import { visitFacts } from './visitFacts.ts'

export function TimelineVisit({ visit }: { visit: Visit }) {
  if (!visit.session_id) return <Entries entries={visit.entries} />
  const first = visit.entries.at(-1)!
  const last = visit.entries[0]!
  const length = Date.parse(last.at) - Date.parse(first.at)
  const events = visit.entries.filter(({ kind }) => kind === 'event').length
  const facts = [length > 1_000 && duration(length), count(events, 'event'), ...visitFacts(first)].filter(Boolean)
  return (
    <div className="timeline-visit">
      <h4>
        <b>Visit</b> {facts.join(' · ')}
      </h4>
      <Entries entries={visit.entries} />
    </div>
  )
}

function Entries({ entries }: { entries: TimelineEntry[] }) {
  return (
    <ol className="timeline-entries">
      {entries.map(entry => (
        <Entry key={`${entry.kind}-${entry.id}`} entry={entry} />
      ))}
    </ol>
  )
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const [opened, setOpened] = useState(false)
  const { kind, name, at, properties, context } = entry
  const Sign = eventIcon(name)
  return (
    <li className="timeline-entry" data-kind={kind} data-tone={kind === 'event' ? eventTone(name) : undefined}>
      <button type="button" aria-expanded={opened} onClick={() => setOpened(!opened)}>
        <span className="timeline-sign">
          <Sign size={15} stroke={1.7} aria-hidden />
        </span>
        <span className="timeline-text">
          {kind === 'event' ? (
            <EventLine event={name} properties={properties} context={context} />
          ) : (
            <ActivityLine action={name} {...entry} />
          )}
        </span>
        <time className="number" dateTime={at} title={absolute(at)}>
          {clock(at)}
        </time>
      </button>
      {opened && (
        <div className="timeline-raw">
          <JsonView value={raw(entry)} />
        </div>
      )}
    </li>
  )
}

/** The entry without what it has not. */
function raw(entry: TimelineEntry) {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && JSON.stringify(value) !== '{}'))
}
