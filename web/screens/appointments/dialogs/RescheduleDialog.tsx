import { Button, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Appointment, AppointmentReschedule } from '../../../../shared/appointments.ts'
import { rescheduleAppointment } from '../../../api/appointments.ts'
import { ApiError } from '../../../api/request.ts'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { isTaken, useChange } from '../useChange.ts'
import { useZone } from '../useTypes.ts'
import { appointmentName } from '../words.ts'
import { LengthField } from './LengthField.tsx'
import { PersonField } from './PersonField.tsx'
import { Taken } from './Taken.tsx'
import { WhenField } from './WhenField.tsx'

/** Where an appointment was dragged to, and why it could not stay there. */
export type Refused = { at: string; duration_minutes: number; error: ApiError }

type Props = {
  /** Open as long as there is one. */
  appointment: Appointment | undefined
  refused?: Refused | undefined
  onClose: () => void
}

/** Another time, length or person: what dragging does, and more, without a mouse. */
export function RescheduleDialog({ appointment, refused, onClose }: Props) {
  const title = refused ? 'This time is taken' : `Move the appointment with ${appointment ? appointmentName(appointment) : ''}`
  return (
    <Modal opened={appointment !== undefined} onClose={onClose} size={560} title={title}>
      {appointment && <Form key={appointment.id} appointment={appointment} refused={refused} onClose={onClose} />}
    </Modal>
  )
}

type FormProps = Pick<Props, 'refused' | 'onClose'> & { appointment: Appointment }

function Form({ refused, onClose, ...given }: FormProps) {
  const zone = useZone()
  // As it was when the dialog opened: who changed it meanwhile is not overwritten.
  const [appointment] = useState(given.appointment)
  const [at, setAt] = useState<string | undefined>(refused?.at ?? appointment.scheduled_at)
  const [duration_minutes, setMinutes] = useState(refused?.duration_minutes ?? appointment.duration_minutes)
  const [assigned_to, setPerson] = useState(appointment.assigned_to)
  const [overlap, setOverlap] = useState(false)
  const [before, setBefore] = useState(refused?.error)
  const { mutate, isPending, error, reset } = useChange(appointment, rescheduleAppointment, moved => {
    const { scheduled_at } = moved
    notifications.show({ message: `Moved to ${shortDayIn(scheduled_at, zone)}, ${clockIn(scheduled_at, zone)}` })
    onClose()
  })
  const taken = isTaken(error) ? error : before
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      if (taken) reset()
      setBefore(undefined)
      setOverlap(false)
      set(value)
    }
  const problem = error instanceof ApiError ? error.fields.scheduled_at : undefined
  const move = (scheduled_at: string, allow_overlap: boolean) => {
    const body: AppointmentReschedule = {
      scheduled_at,
      duration_minutes,
      ...(assigned_to !== appointment.assigned_to && { assigned_to }),
      ...(allow_overlap && { allow_overlap }),
      if_updated_at: appointment.updated_at,
    }
    mutate(body)
  }
  return (
    <form
      className="dialog-form"
      onSubmit={event => {
        event.preventDefault()
        if (at) move(at, overlap)
      }}
    >
      {taken && (
        <Taken
          error={taken}
          overlap={overlap}
          setOverlap={setOverlap}
          choose={({ starts_at }) => {
            change(setAt)(starts_at)
            move(starts_at, false)
          }}
        />
      )}
      <div className="dialog-pair">
        <LengthField minutes={duration_minutes} onChange={change(setMinutes)} />
        <PersonField label="Who meets them" value={assigned_to} onChange={change(user_id => setPerson(user_id ?? null))} />
      </div>
      <WhenField
        at={at}
        onChange={change(setAt)}
        by_hand={refused !== undefined || assigned_to === null}
        asked={{
          type: appointment.type,
          ...(assigned_to !== null && { user_id: assigned_to }),
          duration_minutes,
          instead_of: appointment.id,
        }}
      />
      {problem && (
        <p className="dialog-refused" role="alert">
          {problem}
        </p>
      )}
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          {refused ? 'Leave it where it was' : 'Cancel'}
        </Button>
        <Button type="submit" loading={isPending} disabled={!at || (taken !== undefined && !overlap)}>
          Move
        </Button>
      </div>
    </form>
  )
}
