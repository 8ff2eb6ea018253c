import { ActionIcon, Autocomplete, Button, Radio, Select, Stack, TextInput } from '@mantine/core'
import { IconArrowNarrowLeft, IconPlus, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { BodyPreview } from './BodyPreview.tsx'
import type { EndpointFormState } from './EndpointForm.tsx'
import { pathsOf } from './paths.ts'
import { newField } from './values.ts'

const KINDS = [
  { value: 'field', label: 'from' },
  { value: 'constant', label: 'always' },
]

export function FieldMapFields({ form, catalogue }: { form: EndpointFormState; catalogue: WebhookEvent[] }) {
  const { mapped, fields } = form.values
  const paths = useMemo(() => pathsOf(catalogue), [catalogue])
  return (
    <>
      <Radio.Group
        aria-label="Body"
        value={mapped ? 'own' : 'ours'}
        onChange={value => form.setFieldValue('mapped', value === 'own')}
      >
        <Stack gap="sm">
          <Radio value="ours" label="As it stands in the catalogue" description="event, contact, data and timestamp" />
          <Radio
            value="own"
            label="A body of your own"
            description="Names of yours, filled from fields of ours or with constants"
          />
        </Stack>
      </Radio.Group>
      {mapped && (
        <fieldset className="form-rows">
          <legend className="unseen">Fields of your body</legend>
          <ul>
            {fields.map(({ key }, index) => (
              <Field key={key} form={form} index={index} paths={paths} />
            ))}
          </ul>
          {form.errors.fields && (
            <p className="events-error" role="alert">
              {form.errors.fields}
            </p>
          )}
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={13} />}
            disabled={fields.length >= 100}
            onClick={() => form.insertListItem('fields', newField())}
          >
            Add a field
          </Button>
        </fieldset>
      )}
      <BodyPreview form={form} catalogue={catalogue} />
    </>
  )
}

function Field({ form, index, paths }: { form: EndpointFormState; index: number; paths: string[] }) {
  const constant = form.values.fields[index]!.kind === 'constant'
  return (
    <li className="form-row form-field">
      <TextInput
        className="form-row-name"
        aria-label={`Field ${index + 1}: its name in your body`}
        placeholder="person.mail"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps(`fields.${index}.target`)}
      />
      <span className="form-field-arrow" aria-hidden>
        <IconArrowNarrowLeft size={16} stroke={1.5} />
      </span>
      <Select
        aria-label={`Field ${index + 1}: where its value comes from`}
        data={KINDS}
        allowDeselect={false}
        {...form.getInputProps(`fields.${index}.kind`)}
      />
      {constant ? (
        <TextInput
          aria-label={`Field ${index + 1}: its constant`}
          placeholder="a text, 5, true or null"
          {...form.getInputProps(`fields.${index}.source`)}
        />
      ) : (
        <Autocomplete
          aria-label={`Field ${index + 1}: the field of ours`}
          placeholder="contact.email"
          data={paths}
          limit={40}
          {...form.getInputProps(`fields.${index}.source`)}
        />
      )}
      <ActionIcon
        className="form-row-remove"
        variant="subtle"
        color="gray"
        size={36}
        aria-label={`Remove field ${index + 1}`}
        onClick={() => form.removeListItem('fields', index)}
      >
        <IconX size={15} stroke={1.7} />
      </ActionIcon>
    </li>
  )
}
