import { TextInput } from '@mantine/core'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
import type { EndpointFormState } from './EndpointForm.tsx'
import { newHeader } from './values.ts'

export function HeaderFields({ form }: { form: EndpointFormState }) {
  return (
    <FormRows
      title="Headers of your own"
      unseen
      add="Add a header"
      onAdd={() => form.insertListItem('headers', newHeader())}
      most={20}
      error={form.errors.headers}
      rows={form.values.headers.map(({ key, kept }, index) => (
        <li key={key} className="form-row form-header">
          <TextInput
            aria-label={`Header ${index + 1}: name`}
            placeholder="x-api-token"
            autoComplete="off"
            spellCheck={false}
            readOnly={kept}
            {...form.getInputProps(`headers.${index}.name`)}
          />
          <TextInput
            aria-label={`Header ${index + 1}: value`}
            placeholder={kept ? 'stored; type to replace it' : 'value'}
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps(`headers.${index}.value`)}
          />
          <RemoveRow label={`Remove header ${index + 1}`} onClick={() => form.removeListItem('headers', index)} />
        </li>
      ))}
    />
  )
}
