import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type CustomField, type FieldOperator, OPERATORS } from '../../../../shared/custom-fields.ts'
import type { FieldRule } from '../../../../shared/segments.ts'
import { fields } from '../../../api/fields.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { currencies } from '../../../ui/regions.ts'
import { FIELD_WORDS } from './words.ts'

const YES_NO = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
]

/** A field of the workspace's own. */
export function FieldFields({ rule, set }: { rule: FieldRule; set: (rule: FieldRule) => void }) {
  const { data = [] } = useQuery(fields(useWorkspaceId(), 'contact'))
  const field = data.find(({ key }) => key === rule.field)
  const choose = (key: string) => {
    const chosen = data.find(one => one.key === key)
    const is = chosen ? OPERATORS[chosen.type][0]! : 'is'
    set({ kind: 'field', field: key, is, value: firstOf(chosen, is) })
  }
  return (
    <>
      <Select
        aria-label="Field"
        placeholder={data.length === 0 ? 'no field yet' : 'choose a field'}
        searchable
        allowDeselect={false}
        w={200}
        data={data.map(({ key, label }) => ({ value: key, label }))}
        value={rule.field || null}
        onChange={key => key && choose(key)}
      />
      {field && (
        <Select
          aria-label="Comparison"
          allowDeselect={false}
          w={140}
          data={OPERATORS[field.type].map(value => ({ value, label: FIELD_WORDS[value] }))}
          value={rule.is}
          onChange={is => is && set({ ...rule, is: is as FieldOperator, value: firstOf(field, is as FieldOperator) })}
        />
      )}
      {field && <Compared field={field} rule={rule} set={value => set({ ...rule, value })} />}
      {field?.type === 'money' && rule.is !== 'empty' && <OfCurrency rule={rule} set={set} />}
    </>
  )
}

/** Whether amounts in other currencies count as well, by their number. */
function OfCurrency({ rule, set }: { rule: FieldRule; set: (rule: FieldRule) => void }) {
  const choices = useMemo(currencies, [])
  const { currency, ...bare } = rule
  return (
    <Select
      aria-label="Currency"
      placeholder="any currency"
      searchable
      clearable
      w={130}
      comboboxProps={{ width: 220, position: 'bottom-end' }}
      data={choices}
      value={currency ?? null}
      onChange={given => set(given === null ? bare : { ...bare, currency: given })}
    />
  )
}

function firstOf(field: CustomField | undefined, is: FieldOperator) {
  return is === 'empty' || field?.type === 'boolean' ? true : ''
}

type ComparedProps = { field: CustomField; rule: FieldRule; set: (value: NonNullable<FieldRule['value']>) => void }

function Compared({ field, rule: { is, value }, set }: ComparedProps) {
  const choices = field.options.map(({ key, label }) => ({ value: key, label }))
  if (is === 'empty' || field.type === 'boolean')
    return (
      <Select
        aria-label="Value"
        allowDeselect={false}
        w={90}
        data={YES_NO}
        value={String(value)}
        onChange={yes => set(yes === 'true')}
      />
    )
  if (choices.length > 0)
    return (
      <Select
        aria-label="Value"
        placeholder="choose"
        searchable
        w={160}
        data={choices}
        value={String(value) || null}
        onChange={key => key && set(key)}
      />
    )
  const is_number = field.type === 'number' || field.type === 'money'
  return (
    <TextInput
      type={is_number ? 'number' : field.type === 'date' || field.type === 'datetime' ? 'date' : 'text'}
      step="any"
      aria-label="Value"
      placeholder="value"
      w={160}
      maxLength={500}
      value={String(value ?? '')}
      onChange={({ currentTarget }) =>
        set(is_number && currentTarget.value !== '' ? Number(currentTarget.value) : currentTarget.value)
      }
    />
  )
}
