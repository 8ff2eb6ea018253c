import { Autocomplete, Radio, Select, Stack, TextInput } from '@mantine/core'
import { IconArrowNarrowLeft } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
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
        <FormRows
          title="Fields of your body"
          unseen
          add="Add a field"
          onAdd={() => form.insertListItem('fields', newField())}
          most={100}
          error={form.errors.fields}
          rows={fields.map(({ key }, index) => <Field key={key} form={form} index={index} paths={paths} />)}
        />
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
      <RemoveRow label={`Remove field ${index + 1}`} onClick={() => form.removeListItem('fields', index)} />
    </li>
  )
}
