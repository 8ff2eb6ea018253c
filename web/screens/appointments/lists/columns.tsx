import { Link } from '@tanstack/react-router'
import type { Appointment } from '../../../../shared/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Initials } from '../../../ui/Initials.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { clockIn, nearDayIn } from '../../../ui/zones.ts'
import { Assignee } from '../../leads/LeadParts.tsx'
import { Status, When, Where } from '../AppointmentParts.tsx'
import { useTypeName, useZone } from '../useTypes.ts'
import { appointmentName, lengthOf } from '../words.ts'

/** Each day is named once, by its first appointment. */
export function columnsOf(first_of_day: Set<number>): Column<Appointment>[] {
  return [
    {
      key: 'day',
      title: 'Day',
      width: '100px',
      cell: appointment => <Day appointment={appointment} named={first_of_day.has(appointment.id)} />,
    },
    { key: 'time', title: 'Time', width: '64px', cell: appointment => <Time appointment={appointment} /> },
    {
      key: 'length',
      title: 'Length',
      width: '84px',
      cell: ({ duration_minutes }) => <span className="number muted">{lengthOf(duration_minutes)}</span>,
    },
    { key: 'who', title: 'With', width: 'minmax(0, 1.5fr)', cell: appointment => <Who appointment={appointment} /> },
    { key: 'type', title: 'Type', width: 'minmax(0, 1fr)', cell: ({ type }) => <TypeName type={type} /> },
    { key: 'where', title: 'Where', width: '124px', cell: ({ place }) => <Where appointment={{ place, location: null }} /> },
    {
      key: 'assignee',
      title: 'Whose',
      width: 'minmax(0, 0.9fr)',
      cell: ({ assigned_to }) => <Assignee user_id={assigned_to} />,
    },
    { key: 'status', title: 'Status', width: '124px', cell: appointment => <Status appointment={appointment} /> },
  ]
}

function Day({ appointment: { scheduled_at }, named }: { appointment: Appointment; named: boolean }) {
  const zone = useZone()
  const day = nearDayIn(scheduled_at, zone)
  return named ? <b className="appointments-day">{day}</b> : <span className="unseen">{day}</span>
}

function Time({ appointment: { scheduled_at } }: { appointment: Appointment }) {
  const zone = useZone()
  return (
    <time className="number" dateTime={scheduled_at}>
      {clockIn(scheduled_at, zone)}
    </time>
  )
}

export function TypeName({ type }: { type: string }) {
  return <>{useTypeName()(type)}</>
}

function Who({ appointment }: { appointment: Appointment }) {
  return (
    <span className="appointments-who">
      <Initials text={appointmentName(appointment)} />
      <AppointmentLink appointment={appointment} />
      {appointment.is_test && <Pill tone="plain">test</Pill>}
    </span>
  )
}

function AppointmentLink({ appointment }: { appointment: Appointment }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/appointments/$appointmentId"
      params={{ workspaceId, appointmentId: String(appointment.id) }}
      className="table-link cut"
      tabIndex={-1}
      preloadDelay={120}
    >
      {appointmentName(appointment)}
    </Link>
  )
}

/** On a narrow screen. */
export function CompactAppointment({ appointment }: { appointment: Appointment }) {
  return (
    <div className="appointments-compact">
      <AppointmentLink appointment={appointment} />
      <Status appointment={appointment} />
      <span className="cut muted">
        <When appointment={appointment} compact />
      </span>
      <span className="muted">
        <Assignee user_id={appointment.assigned_to} />
      </span>
    </div>
  )
}
