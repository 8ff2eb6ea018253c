import { MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import type { CustomField, Money } from '../../../shared/custom-fields.ts'
import { fromField, toField } from '../../ui/times.ts'
import { MoneyInput } from './MoneyInput.tsx'

type Props = { field: CustomField; value: unknown; set: (value: unknown) => void; error?: string | undefined }

const YES_NO = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
]

/** What a field is written in. What is emptied is null. */
export function FieldInput({ field, value, set, error }: Props) {
  const { type, label, is_required } = field
  const common = { label, error, withAsterisk: is_required }
  const options = field.options.map(({ key, label }) => ({ value: key, label }))
  const text = value === undefined || value === null ? '' : String(value)
  switch (type) {
    case 'long_text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          maxLength={10_000}
          value={text}
          onChange={({ currentTarget }) => set(currentTarget.value || null)}
        />
      )
    case 'number':
      return (
        <NumberInput {...common} value={text === '' ? '' : Number(text)} onChange={given => set(given === '' ? null : given)} />
      )
    case 'money':
      return <MoneyInput {...common} usual={field.currency} value={value as Money | null | undefined} set={set} />
    case 'boolean':
      return (
        <Select
          {...common}
          clearable
          data={YES_NO}
          value={text || null}
          onChange={given => set(given === null ? null : given === 'true')}
        />
      )
    case 'select':
      return <Select {...common} clearable searchable data={options} value={text || null} onChange={set} />
    case 'multi_select':
      return (
        <MultiSelect
          {...common}
          clearable
          searchable
          data={options}
          value={(value ?? []) as string[]}
          onChange={given => set(given.length === 0 ? null : given)}
        />
      )
    case 'date':
      return <TextInput {...common} type="date" value={text} onChange={({ currentTarget }) => set(currentTarget.value || null)} />
    case 'datetime':
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={toField(text || undefined)}
          onChange={({ currentTarget }) => set(fromField(currentTarget.value) ?? null)}
        />
      )
    default:
      return (
        <TextInput {...common} maxLength={500} value={text} onChange={({ currentTarget }) => set(currentTarget.value || null)} />
      )
  }
}
