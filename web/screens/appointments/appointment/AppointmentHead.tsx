import { Button, Menu } from '@mantine/core'
import { IconArrowLeft, IconChevronDown } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Initials } from '../../../ui/Initials.tsx'
import { NARROW, useMatch } from '../../../ui/narrow.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { Status, When, ZoneNote } from '../AppointmentParts.tsx'
import { useActions } from '../useActions.tsx'
import { useTypeName } from '../useTypes.ts'
import { appointmentName } from '../words.ts'

/** With whom and when, where it stands, and what can be done with it now. */
export function AppointmentHead({ appointment }: { appointment: AppointmentShown }) {
  const workspaceId = String(useWorkspaceId())
  const nameOfType = useTypeName()
  return (
    <header className="appointment-head">
      <Link to="/w/$workspaceId/appointments" params={{ workspaceId }} className="back-link">
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Appointments
      </Link>
      <div className="appointment-title">
        <Initials text={appointmentName(appointment)} size={44} />
        <div className="appointment-title-text">
          <h1>
            <Link
              to="/w/$workspaceId/contacts/$contactId"
              params={{ workspaceId, contactId: String(appointment.contact_id) }}
              className="appointment-contact cut"
              title="Open the contact"
            >
              {appointmentName(appointment)}
            </Link>
            <Status appointment={appointment} />
            {appointment.is_test && <Pill tone="plain">test</Pill>}
          </h1>
          <p>
            <b>
              <When appointment={appointment} />
            </b>{' '}
            <ZoneNote at={appointment.scheduled_at} /> <span className="muted">· {nameOfType(appointment.type)}</span>
          </p>
        </div>
        <Actions appointment={appointment} />
      </div>
    </header>
  )
}

const BESIDE = 3

/** What is likely as buttons, the rest in a menu. */
function Actions({ appointment }: { appointment: AppointmentShown }) {
  const { actions, pending, dialogs } = useActions(appointment)
  const beside = useMatch(NARROW) ? 1 : BESIDE
  const more = actions.slice(beside)
  return (
    <div className="appointment-actions">
      {actions.slice(0, beside).map(({ key, label, run, primary }) => (
        <Button key={key} variant={primary ? 'filled' : 'default'} disabled={pending} onClick={run}>
          {label}
        </Button>
      ))}
      {more.length > 0 && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={15} stroke={1.7} />}>
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map(({ key, label, run, danger }) => (
              <Menu.Item key={key} {...(danger && { color: 'red' })} disabled={pending} onClick={run}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialogs}
    </div>
  )
}
