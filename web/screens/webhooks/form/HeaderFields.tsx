import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { EndpointFormState } from './EndpointForm.tsx'
import { newHeader } from './values.ts'

export function HeaderFields({ form }: { form: EndpointFormState }) {
  const { headers } = form.values
  return (
    <fieldset className="form-rows">
      <legend className="unseen">Headers of your own</legend>
      {headers.length > 0 && (
        <ul>
          {headers.map(({ key, kept }, index) => (
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
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={`Remove header ${index + 1}`}
                onClick={() => form.removeListItem('headers', index)}
              >
                <IconX size={15} stroke={1.7} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {form.errors.headers && (
        <p className="events-error" role="alert">
          {form.errors.headers}
        </p>
      )}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={13} />}
        disabled={headers.length >= 20}
        onClick={() => form.insertListItem('headers', newHeader())}
      >
        Add a header
      </Button>
    </fieldset>
  )
}
