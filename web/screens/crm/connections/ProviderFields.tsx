import { PasswordInput, Select, Textarea, TextInput } from '@mantine/core'
import type { CrmProvider } from '../../../../shared/crm.ts'

type CrmField = CrmProvider['fields'][number]

type Props = {
  fields: CrmField[]
  values: Record<string, string>
  /** Names of secrets that are stored. */
  kept: string[]
  /** By the name of the field. */
  errors: Record<string, string>
  set: (name: string, value: string) => void
}

/** What a CRM needs to be connected: it says so itself, field by field. */
export function ProviderFields({ fields, values, kept, errors, set }: Props) {
  return (
    <div className="crm-fields">
      {fields.map(field => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          is_kept={kept.includes(field.name)}
          error={errors[field.name]}
          set={value => set(field.name, value)}
        />
      ))}
    </div>
  )
}

type FieldProps = {
  field: CrmField
  value: string
  is_kept: boolean
  error: string | undefined
  set: (value: string) => void
}

/** The help below, so that fields beside each other stand in a line. */
const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

function Field({ field, value, is_kept, error, set }: FieldProps) {
  const { label, help, is_secret, required, choices, otherwise, type } = field
  const said = { label, description: help, error, inputWrapperOrder: ORDER }
  const typed = {
    ...said,
    value,
    withAsterisk: required && !is_kept,
    placeholder: is_kept ? 'stored; type to replace it' : (otherwise ?? undefined),
    autoComplete: 'off',
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => set(currentTarget.value),
  }
  if (choices)
    return (
      <Select
        {...said}
        withAsterisk={required}
        data={choices}
        placeholder={choices.find(choice => choice.value === otherwise)?.label ?? 'Choose one'}
        clearable={!required}
        value={value || null}
        onChange={value => set(value ?? '')}
      />
    )
  if (type === 'textarea')
    return <Textarea className="crm-field-wide" autosize minRows={2} maxRows={10} spellCheck={false} {...typed} />
  if (is_secret) return <PasswordInput {...typed} />
  return <TextInput inputMode={type === 'number' ? 'numeric' : type === 'url' ? 'url' : 'text'} spellCheck={false} {...typed} />
}
