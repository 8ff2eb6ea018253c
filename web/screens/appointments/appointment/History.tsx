import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { AppointmentEvent, AppointmentShown, Place } from '../../../../shared/appointments.ts'
import { appointmentEvents } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useList } from '../../../ui/list.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { ActivityLine } from '../../activities/ActivityLine.tsx'
import { useUserName } from '../../leads/useUsers.ts'
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

const FOR_PROGRAMS = new Set(['reason', 'contact_id', 'lead_id', 'blocks', 'decision_id', 'webhook_id', 'time_zone', 'is_test'])
const FIRST = ['scheduled_at', 'duration_minutes']

/** Numbers of users, keys of types and times as people say them; what is only for programs is left out. */
function useWords() {
  const nameOfUser = useUserName()
  const nameOfType = useTypeName()
  const zone = useZone()
  return (facts: AppointmentEvent['before']) => {
    if (!facts) return null
    const names = [...FIRST.filter(name => name in facts), ...Object.keys(facts).filter(name => !FIRST.includes(name))]
    const said = Object.fromEntries(names.filter(name => !FOR_PROGRAMS.has(name)).map(name => [name, facts[name]]))
    for (const [name, value] of Object.entries(said)) {
      if (name.endsWith('_at') && typeof value === 'string') said[name] = `${shortDayIn(value, zone)}, ${clockIn(value, zone)}`
    }
    if (typeof said.duration_minutes === 'number') said.duration_minutes = lengthOf(said.duration_minutes)
    if (typeof said.assigned_to === 'number') said.assigned_to = nameOfUser(said.assigned_to)
    if (typeof said.type === 'string') said.type = nameOfType(said.type)
    if (typeof said.place === 'string' && Object.hasOwn(PLACE_WORDS, said.place))
      said.place = PLACE_WORDS[said.place as Place].label
    if (typeof said.outcome === 'string') said.outcome = outcomeName(said.outcome)
    if (typeof said.status === 'string' && Object.hasOwn(STATUSES, said.status))
      said.status = STATUSES[said.status as keyof typeof STATUSES].label
    return said
  }
}
