import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Appointment, AppointmentComplete, AppointmentShown } from '../../../../shared/appointments.ts'
import { appointment as appointmentQuery, completeAppointment } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { fromField } from '../../../ui/times.ts'
import { SaleFields } from '../../conversions/SaleFields.tsx'
import { useSale } from '../../conversions/useSale.ts'
import { useChange } from '../useChange.ts'
import { appointmentName, outcomeOf } from '../words.ts'
import { OutcomeField } from './OutcomeField.tsx'

type Props = { appointment: Appointment | undefined; onClose: () => void }

/** What came of it, what comes next, and the sale when there was one. */
export function CompleteDialog({ appointment, onClose }: Props) {
  return (
    <Modal
      opened={appointment !== undefined}
      onClose={onClose}
      title={`${appointment ? appointmentName(appointment) : ''}: what came of it?`}
    >
      {appointment && <Loaded key={appointment.id} id={appointment.id} onClose={onClose} />}
    </Modal>
  )
}

/** The notes that are there already are gone on with. */
function Loaded({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, error, refetch, isFetchedAfterMount } = useQuery({ ...appointmentQuery(useWorkspaceId(), id), staleTime: 0 })
  if (data && isFetchedAfterMount) return <Form appointment={data} onClose={onClose} />
  return error ? <Failure error={error} retry={() => void refetch()} /> : <SkeletonLines lines={6} />
}

function Form({ onClose, ...given }: { appointment: AppointmentShown; onClose: () => void }) {
  // As it was when the dialog opened: who changed it meanwhile is not overwritten.
  const [appointment] = useState(given.appointment)
  const [outcome, setOutcome] = useState('')
  const [next_step, setNext] = useState(appointment.next_step ?? '')
  const [due, setDue] = useState('')
  const [notes, setNotes] = useState(appointment.notes ?? '')
  const sale = useSale(appointment.estimated_value, !appointment.is_test)
  const { mutate, isPending } = useChange(appointment, completeAppointment, onClose)
  const won = outcomeOf(outcome) === 'won'
  const complete = () => {
    const body: AppointmentComplete = {
      outcome: outcomeOf(outcome),
      ...(next_step.trim() && { next_step: next_step.trim() }),
      ...(due && { next_step_at: fromField(due) ?? null }),
      ...(notes.trim() !== (appointment.notes ?? '') && { notes: notes.trim() || null }),
      ...(won && sale.conversion && { conversion: sale.conversion }),
      if_updated_at: appointment.updated_at,
    }
    mutate(body)
  }
  return (
    <form
      className="dialog-form"
      onSubmit={event => {
        event.preventDefault()
        complete()
      }}
    >
      <OutcomeField value={outcome} onChange={setOutcome} />
      {won && (
        <div className="dialog-sale">
          <SaleFields sale={sale} />
        </div>
      )}
      <div className="dialog-pair">
        <TextInput
          label="Next step"
          placeholder="Send the offer, call again, …"
          maxLength={2000}
          value={next_step}
          onChange={({ currentTarget }) => setNext(currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="By when"
          value={due}
          onChange={({ currentTarget }) => setDue(currentTarget.value)}
        />
      </div>
      <Textarea
        label="Notes"
        placeholder="What was said"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        value={notes}
        onChange={({ currentTarget }) => setNotes(currentTarget.value)}
      />
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!outcome.trim() || (won && sale.incomplete)}>
          Complete
        </Button>
      </div>
    </form>
  )
}
