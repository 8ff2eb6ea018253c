import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { updateAppointment } from '../../../api/appointments.ts'
import { Section } from '../../../ui/Section.tsx'
import { useMayChange } from '../../leads/useUsers.ts'
import { useChange } from '../useChange.ts'

/** What colleagues should know. Saved with the time it was read: nobody overwrites what somebody else just wrote. */
export function Notes({ appointment }: { appointment: AppointmentShown }) {
  const may_change = useMayChange()(appointment)
  const before = appointment.notes ?? ''
  const [notes, setNotes] = useState(before)
  const { mutate, isPending } = useChange(appointment, updateAppointment)
  const save = () => mutate({ notes: notes.trim() || null, if_updated_at: appointment.updated_at })
  if (!may_change && !before) return null
  return (
    <Section title="Notes" about={may_change && 'For your colleagues; the customer does not see them.'}>
      {may_change ? (
        <>
          <Textarea
            aria-label="Notes"
            placeholder="What to bring, what was said before, …"
            autosize
            minRows={2}
            maxRows={14}
            maxLength={20_000}
            value={notes}
            onChange={({ currentTarget }) => setNotes(currentTarget.value)}
            onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && save()}
          />
          {notes !== before && (
            <div className="appointment-save">
              <Button variant="default" onClick={() => setNotes(before)}>
                Discard
              </Button>
              <Button loading={isPending} onClick={save}>
                Save notes
              </Button>
            </div>
          )}
        </>
      ) : (
        <p className="appointment-text">{before}</p>
      )}
    </Section>
  )
}
