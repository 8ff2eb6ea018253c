import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Appointment } from '../../../shared/appointments.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'
import { money } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { ahead } from '../../ui/times.ts'
import { Assignee } from '../leads/LeadParts.tsx'
import { Status, When } from './AppointmentParts.tsx'
import { useTypeName } from './useTypes.ts'
import { isOpen, PLACE_WORDS } from './words.ts'
import '../contacts/records.css'

/** Two lines about an appointment, on the page of whom it is with. */
export function AppointmentLine({ appointment }: { appointment: Appointment }) {
  const workspace_id = useWorkspaceId()
  const nameOfType = useTypeName()
  const { data: about } = useQuery(workspace(workspace_id))
  const { id, type, scheduled_at, assigned_to, estimated_value, place, next_step } = appointment
  const comes = Date.parse(scheduled_at) > Date.now()
  return (
    <Link
      to="/w/$workspaceId/appointments/$appointmentId"
      params={{ workspaceId: String(workspace_id), appointmentId: String(id) }}
      className="record"
    >
      <b className="cut">
        {nameOfType(type)}, <When appointment={appointment} />
      </b>
      <span className="record-state">
        <Status appointment={appointment} />
      </span>
      <span className="record-value number">
        {estimated_value !== null && isOpen(appointment) && money(estimated_value, about?.currency ?? 'USD')}
      </span>
      <span className="record-more cut muted">
        {PLACE_WORDS[place].label}, with <Assignee user_id={assigned_to} empty="nobody yet" />
        {next_step && `, next: ${next_step}`}
      </span>
      <span className="record-when muted">{comes ? ahead(scheduled_at) : <RelativeTime at={scheduled_at} />}</span>
    </Link>
  )
}
