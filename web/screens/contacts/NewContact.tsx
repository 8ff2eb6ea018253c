import { Button, Group, Modal, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import { createContact } from '../../api/contacts.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { RequiredFields } from '../fields/RequiredFields.tsx'

type Props = { opened: boolean; onClose: () => void; onCreated: (contact: Contact) => void }

export function NewContact({ opened, onClose, onCreated }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { first_name: '', last_name: '', email: '', phone: '' } })
  const [custom, setCustom] = useState<Record<string, unknown>>({})
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (values: typeof form.values) => createContact(workspace_id, { ...given(values), custom }),
    onSuccess: contact => {
      void queries.invalidateQueries({ queryKey: [workspace_id, '/contacts'] })
      close()
      onCreated(contact)
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const close = () => {
    form.reset()
    setCustom({})
    reset()
    onClose()
  }
  const reachable = form.values.email.trim() || form.values.phone.trim()
  return (
    <Modal opened={opened} onClose={close} title="New contact">
      <form onSubmit={form.onSubmit(values => mutate(values))}>
        <SimpleGrid cols={2} spacing="sm">
          <TextInput data-autofocus label="First name" {...form.getInputProps('first_name')} />
          <TextInput label="Last name" {...form.getInputProps('last_name')} />
        </SimpleGrid>
        <TextInput mt="sm" label="E-mail" type="email" {...form.getInputProps('email')} />
        <TextInput mt="sm" label="Phone" type="tel" {...form.getInputProps('phone')} />
        <RequiredFields noun="contact" custom={custom} set={setCustom} error={error} />
        <Text size="sm" c={error ? 'red' : 'dimmed'} mt="md" role={error ? 'alert' : undefined}>
          {error?.message ?? 'An e-mail or a phone number is what makes a contact.'}
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!reachable}>
            Add contact
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function given(values: Record<string, string>) {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : [])))
}
