import { Button } from '@mantine/core'
import { IconCalendarEvent } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Appointment } from '../../../../shared/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { clockIn, dayIn } from '../../../ui/zones.ts'
import { Assignee } from '../../leads/LeadParts.tsx'
import { Status } from '../AppointmentParts.tsx'
import { useTypeName } from '../useTypes.ts'
import { appointmentName, lengthOf } from '../words.ts'
import { byDay } from './byDay.ts'
import { useHue } from './colours.ts'
import './agenda.css'

type Props = { zone: string; appointments: Appointment[]; book: (() => void) | undefined }

/** Two weeks, day after day. */
export function Agenda({ zone, appointments, book }: Props) {
  if (!appointments.length)
    return (
      <Empty
        icon={IconCalendarEvent}
        title="Nothing in these two weeks"
        actions={book && <Button onClick={book}>Book an appointment</Button>}
      >
        What you or your colleagues book, and what customers book on a booking page, appears here.
      </Empty>
    )
  return (
    <div className="agenda">
      {byDay(appointments, ({ scheduled_at }) => scheduled_at, zone).map(day => (
        <section key={day[0]!.id}>
          <h2>{dayIn(day[0]!.scheduled_at, zone)}</h2>
          <ul>
            {day.map(appointment => (
              <Line key={appointment.id} appointment={appointment} zone={zone} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Line({ appointment, zone }: { appointment: Appointment; zone: string }) {
  const workspaceId = String(useWorkspaceId())
  const nameOfType = useTypeName()
  const hue = useHue()(appointment.assigned_to)
  return (
    <li>
      <Link
        to="/w/$workspaceId/appointments/$appointmentId"
        params={{ workspaceId, appointmentId: String(appointment.id) }}
        className="agenda-line"
        data-status={appointment.status}
      >
        <span className="agenda-time number">
          <b>{clockIn(appointment.scheduled_at, zone)}</b>
          <span className="muted">{lengthOf(appointment.duration_minutes)}</span>
        </span>
        <span
          className="agenda-mark"
          data-nobody={hue === undefined || undefined}
          style={{ '--hue': hue } as React.CSSProperties}
        />
        <span className="agenda-what">
          <b className="cut">{appointmentName(appointment)}</b>
          <span className="cut muted">
            {nameOfType(appointment.type)} · <Assignee user_id={appointment.assigned_to} empty="nobody has it yet" />
          </span>
        </span>
        <Status appointment={appointment} />
      </Link>
    </li>
  )
}
