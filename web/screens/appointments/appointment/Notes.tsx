import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { updateAppointment } from '../../../api/appointments.ts'
import { Section } from '../../../ui/Section.tsx'
import { useMayChange } from '../../leads/useUsers.ts'
import { useChange } from '../useChange.ts'

type Draft = Pick<AppointmentShown, 'notes' | 'updated_at'> & { text: string }

/** What colleagues should know. Nobody overwrites what somebody else wrote while they were writing. */
export function Notes({ appointment }: { appointment: AppointmentShown }) {
  const may_change = useMayChange()(appointment)
  const { notes, updated_at } = appointment
  const before = notes ?? ''
  const [draft, setDraft] = useState<Draft>()
  const { mutate, isPending } = useChange(appointment, updateAppointment, () => setDraft(undefined))
  const text = draft?.text ?? before
  const save = () => {
    if (!draft) return
    // Other changes are in nobody's way.
    const seen = draft.notes === notes ? updated_at : draft.updated_at
    mutate({ notes: text.trim() || null, if_updated_at: seen })
  }
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
            value={text}
            onChange={({ currentTarget }) => setDraft({ notes, updated_at, ...draft, text: currentTarget.value })}
            onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && save()}
          />
          {text !== before && (
            <div className="appointment-save">
              <Button variant="default" onClick={() => setDraft(undefined)}>
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
