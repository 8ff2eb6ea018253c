import { Button, Group, Modal, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { LeadCreate, LeadShown } from '../../../../shared/leads.ts'
import { createLead } from '../../../api/leads.ts'
import { ApiError } from '../../../api/request.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { RequiredFields } from '../../fields/RequiredFields.tsx'
import { useLeadTypes } from '../useStages.ts'

type Props = {
  /** Of a contact that is known; without, an e-mail or a phone finds or makes one. */
  contact_id?: number
  opened: boolean
  onClose: () => void
  onCreated: (lead: LeadShown) => void
}

const EMPTY = { first_name: '', last_name: '', email: '', phone: '', lead_type: 'general', product: '', source: '' }
type Values = typeof EMPTY

export function NewLead({ contact_id, opened, onClose, onCreated }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const types = useLeadTypes()
  const form = useForm<Values>({ initialValues: EMPTY })
  const [custom, setCustom] = useState<Record<string, unknown>>({})
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (values: Values) => createLead(workspace_id, { ...given(values), custom, ...(contact_id && { contact_id }) }),
    onSuccess: lead => {
      void queries.invalidateQueries({ queryKey: [workspace_id] })
      close()
      onCreated(lead)
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const close = () => {
    form.reset()
    setCustom({})
    reset()
    onClose()
  }
  const reachable = contact_id !== undefined || form.values.email.trim() || form.values.phone.trim()
  return (
    <Modal opened={opened} onClose={close} title="New lead">
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        {contact_id === undefined && (
          <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm" mb="sm">
            <TextInput data-autofocus label="First name" {...form.getInputProps('first_name')} />
            <TextInput label="Last name" {...form.getInputProps('last_name')} />
            <TextInput label="E-mail" type="email" {...form.getInputProps('email')} />
            <TextInput label="Phone" type="tel" {...form.getInputProps('phone')} />
          </SimpleGrid>
        )}
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
          <Select
            label="Type"
            allowDeselect={false}
            data={types.map(({ key, name }) => ({ value: key, label: name }))}
            {...form.getInputProps('lead_type')}
          />
          <TextInput label="Product" {...form.getInputProps('product')} />
          <TextInput label="Source" placeholder="phone call, fair, …" {...form.getInputProps('source')} />
        </SimpleGrid>
        <RequiredFields noun="lead" custom={custom} set={setCustom} error={error} />
        <Text size="sm" c={error ? 'red' : 'dimmed'} mt="md" role={error ? 'alert' : undefined}>
          {error?.message ??
            (contact_id === undefined
              ? 'An e-mail or a phone that is known here makes it a lead of that contact; else a contact is made.'
              : 'Who gets it is decided by the assignment rules.')}
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!reachable}>
            Add lead
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function given(values: Values): LeadCreate {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : [])))
}
