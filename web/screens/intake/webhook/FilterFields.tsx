import { Select, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { IntakeKeys } from '../../../../shared/intake.ts'
import { intakeKeys } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { FormPart } from '../../../ui/FormPart.tsx'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
import { GROUPS } from '../mapping/groups.ts'
import { type FilterTest, filterWords, newFilter, TESTS, takesList, takesNumber, takesValue, withTest } from './filters.ts'
import type { SettingsFormState } from './SettingsTab.tsx'

const TEST_CHOICES = Object.entries(TESTS).map(([value, label]) => ({ value, label }))

/** Which leads a webhook takes at all, by what they say. */
export function Filtering({ form, webhook_id }: { form: SettingsFormState; webhook_id: number }) {
  const { data } = useQuery(intakeKeys(useWorkspaceId(), webhook_id))
  const fields = useMemo(() => fieldsOf(data), [data])
  return (
    <FormPart
      title="Filters"
      about="A lead must pass all of them. One that does not is refused: it is kept under Received, its sender is told, and it can be replayed when the filter is another. Upper and lower case are the same."
    >
      <FormRows
        title="Filters"
        unseen
        add="Add a filter"
        onAdd={() => form.insertListItem('filters', newFilter())}
        most={50}
        error={form.errors.filters}
        rows={form.values.filters.map(({ key }, index) => <Filter key={key} form={form} index={index} fields={fields} />)}
      />
    </FormPart>
  )
}

type Choice = { value: string; label: string }
type Choices = { group: string; items: Choice[] }[]

/** Those that can be filled, and what came besides. A name in one is in first and last name before it is looked at. */
function fieldsOf(keys: IntakeKeys | undefined): Choices {
  if (!keys) return []
  const groups = GROUPS.map(([group, title]) => ({
    group: title,
    items: keys.targets
      .filter(target => target.group === group && target.name !== 'full_name')
      .map(({ name, label }) => ({ value: name, label })),
  }))
  const kept = keys.data.flatMap(({ key, target }) => (target === null ? [{ value: `fields.${key}`, label: key }] : []))
  return [...groups, { group: 'Kept as it came', items: kept }].filter(({ items }) => items.length)
}

/** A field that has not come yet, or of another lead type, is one all the same. */
function withField(fields: Choices, field: string): Choices {
  const is_known = !field || fields.some(({ items }) => items.some(({ value }) => value === field))
  return is_known ? fields : [...fields, { group: 'Other', items: [{ value: field, label: bareName(field) }] }]
}

function bareName(field: string) {
  return field.replace(/^fields\./, '')
}

function Filter({ form, index, fields }: { form: SettingsFormState; index: number; fields: Choices }) {
  const row = form.values.filters[index]!
  const choices = withField(fields, row.field)
  const label = choices.flatMap(({ items }) => items).find(({ value }) => value === row.field)?.label ?? bareName(row.field)
  const words = filterWords(row, label)
  const compared = `Filter ${index + 1}: compared with`
  return (
    <li className="form-row intake-filter">
      <Select
        className="form-row-name"
        aria-label={`Filter ${index + 1}: what is looked at`}
        placeholder="Choose a field"
        searchable
        allowDeselect={false}
        nothingFoundMessage="No field has this in its name"
        data={choices}
        {...form.getInputProps(`filters.${index}.field`)}
      />
      <Select
        aria-label={`Filter ${index + 1}: how`}
        data={TEST_CHOICES}
        allowDeselect={false}
        value={row.test}
        onChange={test => {
          form.setFieldValue(`filters.${index}`, withTest(row, test as FilterTest))
          form.clearFieldError(`filters.${index}.value`)
        }}
      />
      {takesValue(row.test) && (
        <TextInput
          aria-label={compared}
          placeholder="value"
          inputMode={takesNumber(row.test) ? 'decimal' : 'text'}
          {...form.getInputProps(`filters.${index}.value`)}
        />
      )}
      {!takesValue(row.test) && <span />}
      <RemoveRow label={`Remove filter ${index + 1}`} onClick={() => form.removeListItem('filters', index)} />
      {takesList(row.test) && (
        <TagsInput
          className="intake-filter-list"
          aria-label={compared}
          placeholder={row.list.length ? '' : 'CA, NV'}
          splitChars={[',']}
          acceptValueOnBlur
          {...form.getInputProps(`filters.${index}.list`)}
          error={form.errors[`filters.${index}.value`]}
        />
      )}
      {words && <p className="intake-words">{words}</p>}
    </li>
  )
}
