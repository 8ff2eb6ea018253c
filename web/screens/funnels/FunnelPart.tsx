import { Checkbox, Select, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import type { Funnel, FunnelUpdate } from '../../../shared/funnels.ts'
import { deleteFunnel, updateFunnel } from '../../api/funnels.ts'
import { useDeletion, useSetting } from '../../api/useSetting.ts'
import { CopyText } from '../../ui/CopyText.tsx'
import { FormPart } from '../../ui/FormPart.tsx'
import { currencies } from '../../ui/regions.ts'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { useDraft } from '../../ui/useDraft.ts'
import { Endpoints } from './Endpoints.tsx'
import { Pages } from './Pages.tsx'
import { RegistrationForm } from './RegistrationForm.tsx'
import { Videos } from './Videos.tsx'

const GOALS = [
  { value: 'purchase', label: 'A purchase' },
  { value: 'call', label: 'A booked call' },
]
const COUNTS = {
  purchase: 'Reports count purchase_completed as a conversion here.',
  call: 'Reports count call_booked as a conversion here.',
}

/** One funnel: how it is called, what it is for, and what belongs to it. */
export function FunnelPart({ funnel, may_change }: { funnel: Funnel; may_change: boolean }) {
  const { draft, set, dirty, adopt, discard } = useDraft(settingsOf(funnel))
  const choices = useMemo(currencies, [])
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: FunnelUpdate) => updateFunnel(workspace_id, funnel.id, change),
    'Funnel saved',
  )
  const remove = useDeletion(
    workspace_id => deleteFunnel(workspace_id, funnel.id),
    funnel.name,
    'Its pages and videos go with it. What happened in it stays in the timelines.',
  )
  return (
    <FormPart
      title={funnel.name}
      about={
        <>
          Events name it <CopyText label="funnel_id" text={funnel.funnel_id} />
        </>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          const { updated_at: if_updated_at, ...given } = draft
          mutate({ ...given, name: given.name.trim(), if_updated_at }, { onSuccess: saved => adopt(settingsOf(saved)) })
        }}
      >
        <fieldset className="funnel-settings" disabled={!may_change}>
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            maxLength={200}
            value={draft.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <Select
            label="Goal"
            description={COUNTS[draft.goal]}
            allowDeselect={false}
            data={GOALS}
            value={draft.goal}
            onChange={value => set({ goal: value as Funnel['goal'] })}
          />
          <Select
            label="Currency"
            description="Of purchases here that name none"
            placeholder="That of the workspace"
            data={choices}
            searchable
            clearable
            value={draft.currency}
            onChange={currency => set({ currency })}
          />
          <Checkbox
            label="Confirm e-mail addresses"
            description="Who registers here is sent a link. Following it is registration_confirmed."
            checked={draft.confirm_email}
            onChange={({ currentTarget }) => set({ confirm_email: currentTarget.checked })}
          />
          {may_change && (
            <SaveBar dirty={dirty} saving={isPending} error={error} discard={discard} reset={reset} remove={remove} />
          )}
        </fieldset>
      </form>
      <Pages funnel={funnel} may_change={may_change} />
      <RegistrationForm funnel={funnel} />
      <Videos funnel={funnel} may_change={may_change} />
      <Endpoints funnel={funnel} may_change={may_change} />
    </FormPart>
  )
}

function settingsOf({ name, goal, currency, confirm_email, updated_at }: Funnel) {
  return { name, goal, currency, confirm_email, updated_at }
}
