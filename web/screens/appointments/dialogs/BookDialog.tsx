import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { contact as contactQuery } from '../../../api/contacts.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { nameOf } from '../../contacts/names.ts'
import { ChooseContact } from '../../merging/ChooseContact.tsx'
import { BookForm } from './BookForm.tsx'

/** What is known when somebody begins to book. */
export type Booking = {
  contact_id?: number
  lead_id?: number
  at?: string
  duration_minutes?: number
  user_id?: number
}

type Props = {
  /** Open as long as there is one. */
  booking: Booking | undefined
  onClose: () => void
  onBooked?: (appointment: AppointmentShown) => void
}

/** First who comes, then what, with whom and when. */
export function BookDialog({ booking, onClose, onBooked }: Props) {
  return (
    <Modal opened={booking !== undefined} onClose={onClose} size={560} title="Book an appointment">
      {booking && <Steps booking={booking} onClose={onClose} {...(onBooked && { onBooked })} />}
    </Modal>
  )
}

function Steps({ booking, onClose, onBooked }: Props & { booking: Booking }) {
  const workspace_id = useWorkspaceId()
  const [who, choose] = useState<number | 'new' | undefined>(booking.contact_id)
  const { data: contact } = useQuery({
    ...contactQuery(workspace_id, typeof who === 'number' ? who : 0),
    enabled: typeof who === 'number',
  })
  if (who === undefined)
    return (
      <>
        <ChooseContact except={0} choose={choose} />
        <Button variant="default" fullWidth onClick={() => choose('new')}>
          Somebody new
        </Button>
      </>
    )
  return (
    <BookForm
      booking={booking}
      contact_id={who === 'new' ? undefined : who}
      name={contact && nameOf(contact)}
      other={booking.contact_id === undefined ? () => choose(undefined) : undefined}
      onClose={onClose}
      onBooked={appointment => {
        onClose()
        onBooked?.(appointment)
      }}
    />
  )
}
