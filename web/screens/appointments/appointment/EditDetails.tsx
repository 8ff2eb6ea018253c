import { NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AppointmentShown, type AppointmentUpdate, PLACES, type Place } from '../../../../shared/appointments.ts'
import { updateAppointment } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { EditForm } from '../../../ui/EditForm.tsx'
import { fromField, toField } from '../../../ui/times.ts'
import { useChange } from '../useChange.ts'
import { PLACE_WORDS } from '../words.ts'

type Text = 'location' | 'next_step' | 'product' | 'source'

/** Sends only what was changed, and the time it was read: nobody overwrites what somebody else just wrote. */
export function EditDetails({ appointment, done }: { appointment: AppointmentShown; done: () => void }) {
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  const [before] = useState(appointment)
  const [changed, setChanged] = useState<AppointmentUpdate>({})
  const { mutate, isPending } = useChange(appointment, updateAppointment, done)
  const now = { ...before, ...changed }
  const set = (change: AppointmentUpdate) => setChanged({ ...changed, ...change })
  const text = (name: Text) => ({
    value: now[name] ?? '',
    onChange: ({ currentTarget }: React.ChangeEvent<HTMLInputElement>) => set({ [name]: currentTarget.value || null }),
  })
  const save = () => {
    if (Object.keys(changed).length) mutate({ ...changed, if_updated_at: before.updated_at })
    else done()
  }
  return (
    <EditForm save={save} saving={isPending} cancel={done}>
      <Select
        label="Where"
        allowDeselect={false}
        data={PLACES.map(value => ({ value, label: PLACE_WORDS[value].label }))}
        value={now.place}
        onChange={place => place && set({ place: place as Place })}
      />
      <TextInput label={PLACE_WORDS[now.place].asks} maxLength={2000} {...text('location')} />
      <NumberInput
        label="May bring"
        placeholder="not known"
        suffix={` ${about?.currency ?? ''}`}
        thousandSeparator=","
        decimalScale={2}
        allowNegative={false}
        hideControls
        value={now.estimated_value ?? ''}
        onChange={value => set({ estimated_value: value === '' ? null : Number(value) })}
      />
      <TextInput label="Product" maxLength={200} {...text('product')} />
      <TextInput label="Source" maxLength={200} {...text('source')} />
      <TextInput label="Next step" maxLength={2000} {...text('next_step')} />
      <TextInput
        type="datetime-local"
        label="By when"
        value={toField(now.next_step_at ?? undefined)}
        onChange={({ currentTarget }) => set({ next_step_at: fromField(currentTarget.value) ?? null })}
      />
    </EditForm>
  )
}
