import { Alert, Button, NumberInput, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contact, ContactUpdate } from '../../../shared/contacts.ts'
import { contact as contactQuery, updateContact } from '../../api/contacts.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { EditForm } from '../../ui/EditForm.tsx'

const TEXTS = ['first_name', 'last_name', 'email', 'phone', 'gender'] as const
const LABELS = { first_name: 'First name', last_name: 'Last name', email: 'E-mail', phone: 'Phone', gender: 'Gender' }

/** Sends only what was changed, and the time it was read: nobody overwrites what somebody else just wrote. */
export function EditDetails({ contact, done }: { contact: Contact; done: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [before] = useState(() => valuesOf(contact))
  const form = useForm({ initialValues: before })
  const { queryKey } = contactQuery(workspace_id, contact.id)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (change: ContactUpdate) =>
      updateContact(workspace_id, contact.id, { ...change, if_updated_at: contact.updated_at }),
    onSuccess: updated => {
      queries.setQueryData(queryKey, updated)
      void queries.invalidateQueries({ queryKey: [workspace_id] })
      notifications.show({ message: 'Saved' })
      done()
    },
    onError: error => error instanceof ApiError && form.setErrors(error.fields),
  })
  const save = (values: typeof form.values) => {
    const change = changes(values, before)
    if (Object.keys(change).length) mutate(change)
    else done()
  }
  const loadAgain = async () => {
    await queries.refetchQueries({ queryKey, exact: true })
    reset()
  }

  return (
    <EditForm save={form.onSubmit(save)} saving={isPending} cancel={done}>
      <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
        {TEXTS.map((name, index) => (
          <TextInput key={name} label={LABELS[name]} autoFocus={index === 0} {...form.getInputProps(name)} />
        ))}
        <NumberInput label="Age" min={0} max={150} allowDecimal={false} {...form.getInputProps('age')} />
      </SimpleGrid>
      {error && <Refused error={error} loadAgain={loadAgain} />}
    </EditForm>
  )
}

function Refused({ error, loadAgain }: { error: Error; loadAgain: () => void }) {
  const conflict = error instanceof ApiError && error.code === 'conflict'
  return (
    <Alert color={conflict ? 'orange' : 'red'} variant="light" p="sm" role="alert">
      {conflict ? 'Somebody saved this contact while you were typing. What you typed is still here.' : error.message}
      {conflict && (
        <Button variant="default" size="compact-sm" mt="xs" onClick={loadAgain} display="block">
          Load the newest, keep my changes
        </Button>
      )}
    </Alert>
  )
}

type Values = Record<(typeof TEXTS)[number], string> & { age: number | string }

function valuesOf(contact: Contact): Values {
  const texts = Object.fromEntries(TEXTS.map(name => [name, contact[name] ?? ''])) as Record<(typeof TEXTS)[number], string>
  return { ...texts, age: contact.age ?? '' }
}

function changes(values: Values, before: Values): ContactUpdate {
  const changed = TEXTS.filter(name => values[name].trim() !== before[name])
  const change: ContactUpdate = Object.fromEntries(changed.map(name => [name, values[name].trim() || null]))
  if (values.age !== before.age) change.age = values.age === '' ? null : Number(values.age)
  return change
}
