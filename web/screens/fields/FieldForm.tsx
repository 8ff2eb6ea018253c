import { ActionIcon, Button, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { type CustomField, FIELD_TYPES, type FieldNoun, type FieldType } from '../../../shared/custom-fields.ts'
import { createField, updateField } from '../../api/fields.ts'
import { useSetting } from '../../api/useSetting.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { fieldKeyOf } from '../leads/settings/keyOf.ts'
import { TYPE_WORDS } from './fieldText.tsx'

type Option = CustomField['options'][number] & { id: number }
type Props = {
  noun: FieldNoun
  /** Of the other fields, none of which it may be called. */
  taken: string[]
  /** The one that is changed; a new one is made without. */
  field?: CustomField | undefined
  done: () => void
}

let last_id = 0

/** What a field is called, what is written in it, and what can be chosen. */
export function FieldForm({ noun, taken, field, done }: Props) {
  const [label, setLabel] = useState(field?.label ?? '')
  const [type, setType] = useState<FieldType>(field?.type ?? 'text')
  const [is_required, require] = useState(field?.is_required ?? false)
  const [options, setOptions] = useState<Option[]>(() => (field?.options ?? []).map(option => ({ ...option, id: ++last_id })))
  const is_choice = type === 'select' || type === 'multi_select'
  const key = field?.key ?? (label.trim() && fieldKeyOf(label, taken))
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: Pick<CustomField, 'label' | 'is_required' | 'options'>) =>
      field ? updateField(workspace_id, field.id, given) : createField(workspace_id, { noun, key, type, ...given }),
    'The field was saved',
  )
  const written = options.filter(option => option.label.trim())
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const given = is_choice ? withKeys(written) : []
        mutate({ label: label.trim(), is_required, options: given }, { onSuccess: done })
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label="Label"
          placeholder="Favourite flour"
          description={key ? `Addresses, rules and the API call it ${key}` : undefined}
          maxLength={100}
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        <Select
          label="What is written in it"
          description={field ? 'Cannot become another one: what people wrote would not fit.' : undefined}
          disabled={field !== undefined}
          allowDeselect={false}
          data={FIELD_TYPES.map(value => ({ value, label: TYPE_WORDS[value] }))}
          value={type}
          onChange={value => value && setType(value as FieldType)}
        />
        {is_choice && <Options options={options} set={setOptions} />}
        <Switch
          label={`Required of every new ${noun} that somebody makes`}
          checked={is_required}
          onChange={({ currentTarget }) => require(currentTarget.checked)}
        />
      </Stack>
      <DialogEnd
        submit="Save field"
        disabled={!label.trim() || (is_choice && written.length === 0)}
        saving={isPending}
        error={error}
        cancel={done}
      />
    </form>
  )
}

function Options({ options, set }: { options: Option[]; set: (options: Option[]) => void }) {
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend style={{ padding: 0, fontWeight: 500, fontSize: 'var(--mantine-font-size-sm)' }}>Options</legend>
      <Stack gap={6} mt={4}>
        {options.map((option, index) => (
          <Group key={option.id} gap={6} wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={`Option ${index + 1}`}
              maxLength={100}
              value={option.label}
              onChange={({ currentTarget }) =>
                set(options.map(one => (one.id === option.id ? { ...one, label: currentTarget.value } : one)))
              }
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove option ${index + 1}`}
              onClick={() => set(options.filter(one => one.id !== option.id))}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={13} />}
            onClick={() => set([...options, { id: ++last_id, key: '', label: '' }])}
          >
            Add an option
          </Button>
        </div>
      </Stack>
    </fieldset>
  )
}

/** Those that are there keep theirs, whatever they are called now. */
function withKeys(options: Option[]) {
  const taken = options.flatMap(({ key }) => key || [])
  return options.map(({ key, label }) => {
    const known = key || fieldKeyOf(label, taken)
    taken.push(known)
    return { key: known, label: label.trim() }
  })
}
