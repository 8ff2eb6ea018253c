import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { AppointmentEvent, AppointmentShown, AppointmentStatus, Place } from '../../../../shared/appointments.ts'
import { DECISION_SENTENCES, type DecisionReason } from '../../../../shared/routing.ts'
import { appointmentEvents } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useList } from '../../../ui/list.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { ActivityLine } from '../../activities/ActivityLine.tsx'
import { useTypeName, useZone } from '../useTypes.ts'
import { lengthOf, outcomeName, PLACE_WORDS, STATUSES } from '../words.ts'

/** Every change, the newest first. */
export function History({ appointment }: { appointment: AppointmentShown }) {
  const list = useList(useInfiniteQuery(appointmentEvents(useWorkspaceId(), appointment.id)))
  const inWords = useWords()
  return (
    <Section title="History">
      {list.error && <Failure error={list.error} retry={list.retry} title="The history could not be loaded" />}
      {list.pending && <SkeletonLines lines={3} />}
      <ol className="appointment-history" aria-label="History">
        {list.rows.map(event => (
          <li key={event.id}>
            <ActivityLine action={event.action} actor={event.actor} before={inWords(event.before)} after={inWords(event.after)} />
            <RelativeTime at={event.at} />
          </li>
        ))}
      </ol>
      {list.more && (
        <Button variant="default" size="compact-sm" onClick={list.more}>
          Show earlier ones
        </Button>
      )}
    </Section>
  )
}

const FOR_PROGRAMS = new Set([
  'id',
  'reason',
  'contact_id',
  'lead_id',
  'blocks',
  'decision_id',
  'webhook_id',
  'time_zone',
  'is_test',
])
/** In the order in which they are said, before everything else. */
const SAID: [name: string, as: string][] = [
  ['scheduled_at', 'time'],
  ['duration_minutes', 'length'],
  ['assigned_to', 'assigned_to'],
  ['type', 'type'],
  ['estimated_value', 'may_bring'],
  ['next_step_at', 'by_when'],
]

/** Keys of types and times as people say them; what is only for programs is left out. */
function useWords() {
  const nameOfType = useTypeName()
  const zone = useZone()
  const inWords = (name: string, value: unknown) => {
    if (typeof value === 'string') {
      if (name.endsWith('_at')) return `${shortDayIn(value, zone)}, ${clockIn(value, zone)}`
      if (name === 'type') return nameOfType(value)
      if (name === 'outcome') return outcomeName(value)
      if (name === 'place' && Object.hasOwn(PLACE_WORDS, value)) return PLACE_WORDS[value as Place].label
      if (name === 'status' && Object.hasOwn(STATUSES, value)) return STATUSES[value as AppointmentStatus].label
    }
    return typeof value === 'number' && name === 'duration_minutes' ? lengthOf(value) : value
  }
  return (facts: AppointmentEvent['before']) => {
    if (!facts) return null
    const why = 'target' in facts && DECISION_SENTENCES[facts.reason as DecisionReason]
    if (why) return { why }
    const named = SAID.filter(([name]) => name in facts)
    const others = Object.keys(facts).filter(name => !FOR_PROGRAMS.has(name) && !named.some(([said]) => said === name))
    return Object.fromEntries(
      [...named, ...others.map(name => [name, name])].map(([name = '', as = '']) => [as, inWords(name, facts[name])]),
    )
  }
}
