import { Button } from '@mantine/core'
import { IconCalendarEvent, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import { contactAppointments } from '../../api/appointments.ts'
import { useMay } from '../../api/may.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { useList } from '../../ui/list.ts'
import { count } from '../../ui/numbers.ts'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { AppointmentLine } from '../appointments/AppointmentLine.tsx'
import { BookDialog, type Booking } from '../appointments/dialogs/BookDialog.tsx'
import './records.css'

/** Every meeting with this person, what is last or to come first. */
export function AppointmentsTab({ contact }: { contact: Contact }) {
  const may_work = useMay('work')
  const [booking, book] = useState<Booking>()
  const list = useList(useInfiniteQuery(contactAppointments(useWorkspaceId(), contact.id)))
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The appointments could not be loaded" />
  if (list.pending) return <SkeletonLines lines={6} pitch={58} padding="8px var(--edge)" />
  const add = may_work && !contact.merged_into && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => book({ contact_id: contact.id })}>
      Book an appointment
    </Button>
  )
  return (
    <>
      {list.rows.length ? (
        <>
          <div className="records-head">
            <span className="muted number">{list.complete && count(list.rows.length, 'appointment')}</span>
            {add}
          </div>
          <ul className="records" aria-label="Appointments">
            {list.rows.map(appointment => (
              <li key={appointment.id}>
                <AppointmentLine appointment={appointment} />
              </li>
            ))}
          </ul>
          <InfiniteEnd list={list} end="" />
        </>
      ) : (
        <Empty icon={IconCalendarEvent} title="No appointments with this person" actions={add}>
          What you book here or in the calendar, and what the person books on a booking page, stands here with what came of it.
        </Empty>
      )}
      <BookDialog booking={booking} onClose={() => book(undefined)} />
    </>
  )
}
