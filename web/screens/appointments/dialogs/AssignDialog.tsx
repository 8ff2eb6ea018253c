import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { assignAppointment } from '../../../api/appointments.ts'
import { isTaken, useChange } from '../useChange.ts'
import { appointmentName } from '../words.ts'
import { PersonField } from './PersonField.tsx'
import { Taken } from './Taken.tsx'

type Props = { appointment: Appointment | undefined; onClose: () => void; onElsewhere: () => void }

/** Who meets the customer, at the time that was agreed. */
export function AssignDialog({ appointment, onClose, onElsewhere }: Props) {
  return (
    <Modal
      opened={appointment !== undefined}
      onClose={onClose}
      title={`Who meets ${appointment ? appointmentName(appointment) : ''}?`}
    >
      {appointment && <Form key={appointment.id} appointment={appointment} onClose={onClose} onElsewhere={onElsewhere} />}
    </Modal>
  )
}

function Form({ appointment, onClose, onElsewhere }: Props & { appointment: Appointment }) {
  const [assigned_to, setPerson] = useState(appointment.assigned_to)
  const [overlap, setOverlap] = useState(false)
  const { mutate, isPending, error, reset } = useChange(appointment, assignAppointment, onClose)
  return (
    <form
      className="dialog-form"
      onSubmit={event => {
        event.preventDefault()
        mutate({ assigned_to, ...(overlap && { allow_overlap: true }), if_updated_at: appointment.updated_at })
      }}
    >
      <PersonField
        label="Person"
        value={assigned_to}
        onChange={user_id => {
          reset()
          setOverlap(false)
          setPerson(user_id ?? null)
        }}
      />
      {isTaken(error) && <Taken error={error} overlap={overlap} setOverlap={setOverlap} choose={onElsewhere} />}
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          loading={isPending}
          disabled={(assigned_to === appointment.assigned_to && !overlap) || (isTaken(error) && !overlap)}
        >
          Assign
        </Button>
      </div>
    </form>
  )
}
