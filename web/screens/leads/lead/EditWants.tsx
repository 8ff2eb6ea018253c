import { Alert, NumberInput, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { LeadField } from '../../../../shared/lead-types.ts'
import type { LeadShown, LeadUpdate } from '../../../../shared/leads.ts'
import { lead as leadQuery, updateLead } from '../../../api/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { EditForm } from '../../../ui/EditForm.tsx'
import { useLeadTypes } from '../useStages.ts'

/** Sends only what was changed, and the time it was read: nobody overwrites what somebody else just wrote. */
export function EditWants({ lead, done }: { lead: LeadShown; done: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const types = useLeadTypes()
  const [before] = useState(lead)
  const [lead_type, setType] = useState(lead.lead_type)
  const [product, setProduct] = useState(lead.product ?? '')
  const [changed, setChanged] = useState<Record<string, unknown>>({})
  const { mutate, isPending, error } = useMutation({
    mutationFn: (change: LeadUpdate) => updateLead(workspace_id, lead.id, { ...change, if_updated_at: before.updated_at }),
    onSuccess: saved => {
      queries.setQueryData(leadQuery(workspace_id, lead.id).queryKey, saved)
      void queries.invalidateQueries({ queryKey: [workspace_id] })
      done()
    },
  })
  const fields = types.find(({ key }) => key === lead_type)?.fields ?? []
  const save = () => {
    const change: LeadUpdate = {
      ...(lead_type !== before.lead_type && { lead_type }),
      ...(product.trim() !== (before.product ?? '') && { product: product.trim() || null }),
      ...(Object.keys(changed).length > 0 && { fields: changed }),
    }
    if (Object.keys(change).length) mutate(change)
    else done()
  }
  return (
    <EditForm save={save} saving={isPending} cancel={done}>
      <Select
        label="Type"
        allowDeselect={false}
        data={types.map(({ key, name }) => ({ value: key, label: name }))}
        value={lead_type}
        onChange={value => value && setType(value)}
      />
      <TextInput label="Product" value={product} onChange={({ currentTarget }) => setProduct(currentTarget.value)} />
      {fields.map(field => (
        <Field
          key={field.key}
          field={field}
          value={field.key in changed ? changed[field.key] : lead.fields[field.key]}
          onChange={value => setChanged({ ...changed, [field.key]: value })}
        />
      ))}
      {error && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
    </EditForm>
  )
}

type FieldProps = { field: LeadField; value: unknown; onChange: (value: unknown) => void }

function Field({ field: { type, label, options = [], unit }, value, onChange }: FieldProps) {
  const text = value === null || value === undefined ? '' : String(value)
  if (type === 'boolean' || type === 'choice') {
    const choices = type === 'choice' ? options : ['yes', 'no']
    const chosen = type === 'boolean' && typeof value === 'boolean' ? (value ? 'yes' : 'no') : text
    return (
      <Select
        label={label}
        clearable
        data={chosen && !choices.includes(chosen) ? [chosen, ...choices] : choices}
        value={chosen || null}
        onChange={value => onChange(type === 'boolean' && value !== null ? value === 'yes' : value)}
      />
    )
  }
  if (type === 'number' && (text === '' || Number.isFinite(Number(text))))
    return (
      <NumberInput
        label={label}
        suffix={unit ? ` ${unit}` : ''}
        hideControls
        value={text === '' ? '' : Number(text)}
        onChange={value => onChange(value === '' ? null : Number(value))}
      />
    )
  return (
    <TextInput
      label={label}
      type={type === 'date' && /^(\d{4}-\d\d-\d\d)?$/.test(text) ? 'date' : 'text'}
      value={text}
      onChange={({ currentTarget }) => onChange(currentTarget.value || null)}
    />
  )
}
