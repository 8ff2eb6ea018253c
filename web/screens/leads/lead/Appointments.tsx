import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import type { LeadShown } from '../../../../shared/leads.ts'
import { appointments } from '../../../api/appointments.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useList } from '../../../ui/list.ts'
import { Section } from '../../../ui/Section.tsx'
import { Status, When } from '../../appointments/AppointmentParts.tsx'
import { BookDialog, type Booking } from '../../appointments/dialogs/BookDialog.tsx'
import { useTypeName } from '../../appointments/useTypes.ts'
import { ShowMore } from './ShowMore.tsx'

/** The meetings that this lead led to. */
export function Appointments({ lead }: { lead: LeadShown }) {
  const may_work = useMay('work')
  const [booking, book] = useState<Booking>()
  const asked = appointments(useWorkspaceId(), { lead_id: lead.id, sort: '-scheduled_at' })
  const list = useList(useInfiniteQuery(asked))
  return (
    <Section
      title="Appointments"
      action={
        may_work && (
          <Button variant="subtle" size="compact-sm" onClick={() => book(bookingOf(lead))}>
            Book
          </Button>
        )
      }
    >
      {list.rows.length ? (
        <ul className="lead-appointments" aria-label="Appointments">
          {list.rows.map(appointment => (
            <Line key={appointment.id} appointment={appointment} />
          ))}
        </ul>
      ) : (
        <p className="muted lead-quiet">{list.error ? list.error.message : !list.pending && 'None yet.'}</p>
      )}
      <ShowMore list={list} />
      <BookDialog booking={booking} onClose={() => book(undefined)} />
    </Section>
  )
}

/** Who works at the lead meets the customer, unless somebody says otherwise. */
const bookingOf = ({ id, contact_id, assigned_to }: LeadShown): Booking => ({
  contact_id,
  lead_id: id,
  ...(assigned_to !== null && { user_id: assigned_to }),
})

function Line({ appointment }: { appointment: Appointment }) {
  const workspaceId = String(useWorkspaceId())
  const nameOfType = useTypeName()
  return (
    <li>
      <Link
        className="text-link cut"
        to="/w/$workspaceId/appointments/$appointmentId"
        params={{ workspaceId, appointmentId: String(appointment.id) }}
      >
        <When appointment={appointment} brief />
      </Link>
      <Status appointment={appointment} />
      <span className="muted cut">{nameOfType(appointment.type)}</span>
    </li>
  )
}
