import { Button, Popover } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Assignee } from '../../leads/LeadParts.tsx'
import { Status, When, Where } from '../AppointmentParts.tsx'
import { useActions } from '../useActions.tsx'
import { useTypeName } from '../useTypes.ts'
import { appointmentName } from '../words.ts'
import './event-card.css'

/** Where on the screen an appointment was clicked. */
export type Place = { element: HTMLElement; top: number; left: number; width: number; height: number }

export function placeOf(element: HTMLElement): Place {
  const { top, left, width, height } = element.getBoundingClientRect()
  return { element, top, left, width, height }
}

type Props = { appointment: Appointment; place: Place; opened: boolean; onClose: () => void }

/** A little about an appointment, and what can be done with it. The dialogs stay when the card has closed. */
export function EventCard({ appointment, place, opened, onClose }: Props) {
  const workspaceId = String(useWorkspaceId())
  const nameOfType = useTypeName()
  // Beside what fills the width there is no room.
  const position = place.width > window.innerWidth * 0.4 ? 'bottom' : 'right-start'
  const { actions, pending, dialogs } = useActions(appointment)
  const shown = actions.filter(({ key }) => key !== 'route')
  const { element, ...rectangle } = place
  const close = () => {
    onClose()
    element.focus({ preventScroll: true })
  }
  useEffect(() => {
    const view = element.closest('section')
    view?.addEventListener('scroll', onClose, { passive: true, once: true })
    return () => view?.removeEventListener('scroll', onClose)
  }, [element, onClose])
  return (
    <>
      <Popover opened={opened} onChange={open => !open && close()} position={position} width={312} shadow="md" trapFocus>
        <Popover.Target>
          <div className="event-card-anchor" style={rectangle} />
        </Popover.Target>
        <Popover.Dropdown aria-label={`Appointment with ${appointmentName(appointment)}`} className="event-card">
          <header>
            <Link
              to="/w/$workspaceId/contacts/$contactId"
              params={{ workspaceId, contactId: String(appointment.contact_id) }}
              className="event-card-name cut"
            >
              {appointmentName(appointment)}
            </Link>
            <Status appointment={appointment} />
          </header>
          <p>
            <When appointment={appointment} />
          </p>
          <p className="muted cut">
            {nameOfType(appointment.type)} · <Assignee user_id={appointment.assigned_to} empty="nobody has it yet" />
          </p>
          <p className="muted">
            <Where appointment={appointment} />
          </p>
          {appointment.contact.phone && (
            <p>
              <a className="text-link" href={`tel:${appointment.contact.phone}`}>
                {appointment.contact.phone}
              </a>
            </p>
          )}
          <div className="event-card-actions">
            <Button
              size="compact-sm"
              variant={actions.some(({ primary }) => primary) ? 'default' : 'filled'}
              data-autofocus
              renderRoot={props => (
                <Link
                  to="/w/$workspaceId/appointments/$appointmentId"
                  params={{ workspaceId, appointmentId: String(appointment.id) }}
                  {...props}
                />
              )}
            >
              Open
            </Button>
            {shown.map(({ key, label, run, primary, danger }) => (
              <Button
                key={key}
                size="compact-sm"
                variant={primary ? 'filled' : 'default'}
                {...(danger && { c: 'red' })}
                disabled={pending}
                onClick={() => {
                  run()
                  close()
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        </Popover.Dropdown>
      </Popover>
      {dialogs}
    </>
  )
}
