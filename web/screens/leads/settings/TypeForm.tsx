import { Button, Select, TagsInput, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import {
  FIELD_TYPES,
  type LeadField,
  type LeadType,
  type LeadTypeUpdate,
  READY_LEAD_TYPES,
} from '../../../../shared/lead-types.ts'
import { deleteLeadType, updateLeadType } from '../../../api/leads.ts'
import { useDeletion, useSetting } from '../../../api/useSetting.ts'
import { moved, RowTools } from '../../../ui/RowTools.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { useDraft } from '../../../ui/useDraft.ts'
import { fieldKeyOf } from './keyOf.ts'

const TYPE_WORDS: Record<LeadField['type'], string> = {
  text: 'Text',
  number: 'Number',
  boolean: 'Yes or no',
  date: 'Date',
  choice: 'Choice',
}
const TYPE_CHOICES = FIELD_TYPES.map(value => ({ value, label: TYPE_WORDS[value] }))

/** A field as it is edited; a new one gets its key when it is saved. */
type Row = { row: string; key?: string; label: string; type: LeadField['type']; options: string[]; unit: string }

let rows_made = 0

export function TypeForm({ type, may_change }: { type: LeadType; may_change: boolean }) {
  const { draft, set, dirty, adopt, discard } = useDraft(valuesOf(type))
  const { name, rows } = draft
  const ready = READY_LEAD_TYPES.some(({ key }) => key === type.key)
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: LeadTypeUpdate) => updateLeadType(workspace_id, type.key, change),
    'Lead type saved',
  )
  const remove = useDeletion(
    workspace_id => deleteLeadType(workspace_id, type.key),
    type.name,
    ready
      ? 'The type is as it was delivered again. Leads keep everything they have.'
      : 'Leads of this type stay, with everything they have, but their fields lose their labels.',
  )
  const setRow = (index: number, change: Partial<Row>) =>
    set({ rows: rows.map((row, at) => (at === index ? { ...row, ...change } : row)) })
  return (
    <form
      className="setting-form"
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), fields: fieldsOf(rows) }, { onSuccess: saved => adopt(valuesOf(saved)) })
      }}
    >
      <fieldset disabled={!may_change}>
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          maxLength={100}
          value={name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <ol className="setting-rows" aria-label={`Fields of ${type.name}`}>
          {rows.map((row, index) => (
            <Field
              key={row.row}
              row={row}
              index={index}
              length={rows.length}
              set={change => setRow(index, change)}
              move={to => set({ rows: moved(rows, index, to) })}
              remove={() => set({ rows: rows.filter((_, at) => at !== index) })}
            />
          ))}
        </ol>
        {may_change && (
          <>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={13} />}
              disabled={rows.length >= 100}
              onClick={() =>
                set({ rows: [...rows, { row: `new ${rows_made++}`, label: '', type: 'text', options: [], unit: '' }] })
              }
            >
              Add a field
            </Button>
            <SaveBar dirty={dirty} saving={isPending} error={error} discard={discard} reset={reset}>
              {type.is_own && (
                <Button variant="subtle" color="red" onClick={remove}>
                  {ready ? 'Back to the ready type…' : 'Delete…'}
                </Button>
              )}
            </SaveBar>
          </>
        )}
      </fieldset>
    </form>
  )
}

type FieldProps = {
  row: Row
  index: number
  length: number
  set: (change: Partial<Row>) => void
  move: (to: number) => void
  remove: () => void
}

function Field({ row, index, length, set, move, remove }: FieldProps) {
  const at = `Field ${index + 1}`
  return (
    <li className="field-row">
      <TextInput
        aria-label={`${at}: label`}
        placeholder="Label"
        required
        maxLength={100}
        value={row.label}
        onChange={({ currentTarget }) => set({ label: currentTarget.value })}
      />
      <Select
        aria-label={`${at}: type`}
        allowDeselect={false}
        data={TYPE_CHOICES}
        value={row.type}
        onChange={type => type && set({ type: type as LeadField['type'] })}
      />
      {row.type === 'number' && (
        <TextInput
          className="field-row-more"
          aria-label={`${at}: unit`}
          placeholder="unit"
          maxLength={20}
          value={row.unit}
          onChange={({ currentTarget }) => set({ unit: currentTarget.value })}
        />
      )}
      {row.type === 'choice' && (
        <TagsInput
          className="field-row-more"
          aria-label={`${at}: choices`}
          placeholder={row.options.length ? '' : 'choices, each with Enter'}
          acceptValueOnBlur
          value={row.options}
          onChange={options => set({ options })}
        />
      )}
      <RowTools label={row.label || at.toLowerCase()} index={index} length={length} move={move} remove={remove} />
    </li>
  )
}

const valuesOf = ({ name, fields }: LeadType) => ({ name, rows: fields.map(rowOf) })

const rowOf = ({ key, label, type, options = [], unit = '' }: LeadField): Row => ({ row: key, key, label, type, options, unit })

/** A choice without choices is a text. */
function fieldsOf(rows: Row[]): LeadField[] {
  const taken = rows.flatMap(({ key }) => key ?? [])
  return rows.map(({ key, label, type, options, unit }) => {
    const own = key ?? fieldKeyOf(label, taken)
    if (!key) taken.push(own)
    return {
      key: own,
      label: label.trim(),
      type: type === 'choice' && !options.length ? 'text' : type,
      ...(type === 'choice' && options.length && { options }),
      ...(type === 'number' && unit.trim() && { unit: unit.trim() }),
    }
  })
}
