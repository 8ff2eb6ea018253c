import { Autocomplete, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { segments as allSegments } from '../../../api/segments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
import { SEGMENTS, STAGES } from '../../contacts/stages.tsx'
import { OPERATORS } from '../words.ts'
import type { EndpointFormState } from './EndpointForm.tsx'
import { pathsOf } from './paths.ts'
import { needsValue, newRule } from './values.ts'

const OPERATOR_CHOICES = Object.entries(OPERATORS).map(([value, label]) => ({ value, label }))
const SEGMENT_CHOICES = Object.entries(SEGMENTS).map(([value, { label }]) => ({ value, label }))

export function FilterFields({ form, catalogue }: { form: EndpointFormState; catalogue: WebhookEvent[] }) {
  const { properties, stages, segments, segment_ids } = form.values
  const { data: known } = useQuery({ ...allSegments(useWorkspaceId()), refetchInterval: false })
  const own = known?.data ?? []
  return (
    <>
      <Checkbox
        label="Known contacts only"
        description="Leaves out what visitors did before anybody knew who they are"
        {...form.getInputProps('known_contacts_only', { type: 'checkbox' })}
      />
      <MultiSelect
        label="Stages"
        placeholder={stages.length ? '' : 'any stage'}
        data={STAGES.map(({ value, label }) => ({ value, label }))}
        clearable
        {...form.getInputProps('stages')}
      />
      <MultiSelect
        label="Segments"
        placeholder={segments.length ? '' : 'any segment'}
        data={SEGMENT_CHOICES}
        clearable
        {...form.getInputProps('segments')}
      />
      {(own.length > 0 || segment_ids.length > 0) && (
        <MultiSelect
          label="Segments of your own"
          description="Who is in one of them when the message is made"
          placeholder={segment_ids.length ? '' : 'anybody'}
          data={own.map(({ id, name, progress }) => ({
            value: String(id),
            label: progress === null ? name : `${name} (being counted)`,
          }))}
          searchable
          clearable
          {...form.getInputProps('segment_ids')}
        />
      )}
      <FormRows
        title="Rules"
        add="Add a rule"
        onAdd={() => form.insertListItem('properties', newRule())}
        most={20}
        rows={properties.map(({ key }, index) => <Rule key={key} form={form} index={index} catalogue={catalogue} />)}
      />
    </>
  )
}

function Rule({ form, index, catalogue }: { form: EndpointFormState; index: number; catalogue: WebhookEvent[] }) {
  const { operator } = form.values.properties[index]!
  const paths = useMemo(() => pathsOf(catalogue), [catalogue])
  return (
    <li className="form-row form-rule">
      <Autocomplete
        className="form-row-name"
        aria-label={`Rule ${index + 1}: what is looked at`}
        placeholder="data.amount"
        data={paths}
        limit={40}
        {...form.getInputProps(`properties.${index}.path`)}
      />
      <Select
        aria-label={`Rule ${index + 1}: how`}
        data={OPERATOR_CHOICES}
        allowDeselect={false}
        {...form.getInputProps(`properties.${index}.operator`)}
      />
      {needsValue(operator) ? (
        <TextInput
          aria-label={`Rule ${index + 1}: compared with`}
          placeholder="value"
          inputMode={operator === 'greater' || operator === 'less' ? 'decimal' : 'text'}
          {...form.getInputProps(`properties.${index}.value`)}
        />
      ) : (
        <span />
      )}
      <RemoveRow label={`Remove rule ${index + 1}`} onClick={() => form.removeListItem('properties', index)} />
    </li>
  )
}
