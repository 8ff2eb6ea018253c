import { Button, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { cancelAppointment } from '../../../api/appointments.ts'
import { useChange } from '../useChange.ts'
import { appointmentName } from '../words.ts'

type Props = { appointment: Appointment | undefined; onClose: () => void }

export function CancelDialog({ appointment, onClose }: Props) {
  return (
    <Modal
      opened={appointment !== undefined}
      onClose={onClose}
      title={`Cancel the appointment with ${appointment ? appointmentName(appointment) : ''}?`}
    >
      {appointment && <Form key={appointment.id} appointment={appointment} onClose={onClose} />}
    </Modal>
  )
}

function Form({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const { mutate, isPending } = useChange(appointment, cancelAppointment, onClose)
  return (
    <form
      className="dialog-form"
      onSubmit={event => {
        event.preventDefault()
        mutate({ reason: reason.trim() || null, if_updated_at: appointment.updated_at })
      }}
    >
      <Textarea
        data-autofocus
        label="Reason"
        placeholder="optional"
        autosize
        minRows={2}
        maxLength={2000}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button type="submit" color="red" loading={isPending}>
          Cancel the appointment
        </Button>
      </div>
    </form>
  )
}
