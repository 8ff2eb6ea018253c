import { Checkbox, Radio, Stack, TextInput } from '@mantine/core'
import type { CrmConnection, CrmProvider } from '../../../../shared/crm.ts'
import { FormPart } from '../../../ui/FormPart.tsx'
import { Instructions } from '../../../ui/Instructions.tsx'
import { ADDS, SPAM_POLICIES } from '../words.ts'
import type { Draft } from './draft.ts'
import { ProviderFields } from './ProviderFields.tsx'

type Props = {
  provider: CrmProvider
  draft: Draft
  set: (change: Partial<Draft>) => void
  /** Names of secrets that are stored. */
  kept: string[]
  errors: Record<string, string>
}

/** Everything that can be set at a connection. */
export function ConnectionParts({ provider, draft, set, kept, errors }: Props) {
  const { name, active, adds, spam_policy, syncs_sustainers, settings } = draft
  const errors_of_fields = Object.fromEntries(provider.fields.map(({ name }) => [name, errors[`settings.${name}`] ?? '']))
  return (
    <>
      <FormPart title="Connection" about={`How your people call it, and whether it is told anything.`}>
        <TextInput
          label="Name"
          maxLength={200}
          error={errors.name}
          value={name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <Checkbox
          label="It is on"
          description="Otherwise what it would be told waits, and is told when you turn it on."
          checked={active}
          onChange={({ currentTarget }) => set({ active: currentTarget.checked })}
        />
      </FormPart>
      {provider.fields.length > 0 && (
        <FormPart
          title={provider.title}
          about="What it needs to be reached, and how things are called over there. Secrets are kept sealed and never shown again."
        >
          <details className="crm-instructions" open={kept.length === 0}>
            <summary>What to set up over there</summary>
            <Instructions text={provider.instructions} />
          </details>
          <ProviderFields
            fields={provider.fields}
            values={settings}
            kept={kept}
            errors={errors_of_fields}
            set={(name, value) => set({ settings: { ...settings, [name]: value } })}
          />
        </FormPart>
      )}
      <FormPart title="Who is told" about="Nobody is told twice: who was added before is found again by our id.">
        <Choice label="Who is added" words={ADDS} value={adds} choose={adds => set({ adds })} />
        <Choice
          label="Whoever is marked as spam is"
          words={SPAM_POLICIES}
          value={spam_policy}
          choose={spam_policy => set({ spam_policy })}
        />
        <Checkbox
          label="Read every week who sustains"
          description="Who gives regularly, as the CRM says, is known here too."
          checked={syncs_sustainers}
          onChange={({ currentTarget }) => set({ syncs_sustainers: currentTarget.checked })}
        />
      </FormPart>
    </>
  )
}

type Choices = CrmConnection['adds'] | CrmConnection['spam_policy']
type ChoiceProps<T extends Choices> = {
  label: string
  words: Record<T, [label: string, about: string]>
  value: T
  choose: (value: T) => void
}

function Choice<T extends Choices>({ label, words, value, choose }: ChoiceProps<T>) {
  return (
    <Radio.Group label={label} value={value} onChange={value => choose(value as T)}>
      <Stack gap={10} mt={8}>
        {(Object.keys(words) as T[]).map(one => (
          <Radio key={one} value={one} label={words[one][0]} description={words[one][1]} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
