import { Button, Modal, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { handOnAppointment } from '../../../api/appointments.ts'
import { partners } from '../../../api/routing.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useChange } from '../useChange.ts'
import { appointmentName } from '../words.ts'

type Props = { appointment: Appointment | undefined; onClose: () => void }

/** Which other workspace of the organization meets the customer. */
export function HandOnDialog({ appointment, onClose }: Props) {
  return (
    <Modal
      opened={appointment !== undefined}
      onClose={onClose}
      title={`Hand ${appointment ? appointmentName(appointment) : ''} on`}
    >
      {appointment && <Form key={appointment.id} appointment={appointment} onClose={onClose} />}
    </Modal>
  )
}

function Form({ appointment, onClose }: Props & { appointment: Appointment }) {
  const { data } = useQuery(partners(useWorkspaceId()))
  const [to, setTo] = useState<string | null>(null)
  const { mutate, isPending } = useChange(appointment, handOnAppointment, onClose)
  return (
    <form
      className="dialog-form"
      onSubmit={event => {
        event.preventDefault()
        if (to) mutate({ workspace_id: Number(to) })
      }}
    >
      <p className="muted">
        A linked copy is made there, and nobody here has it any more. Another time, the end and the outcome flow back; notes
        inside stay here.
      </p>
      <Select
        data-autofocus
        label="Workspace"
        placeholder="Choose one"
        searchable
        data={(data?.data ?? []).filter(({ accepts }) => accepts).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={to}
        onChange={setTo}
      />
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!to}>
          Hand it on
        </Button>
      </div>
    </form>
  )
}
