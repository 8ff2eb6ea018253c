import { Button, Checkbox, Group, Modal, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import { linkVisitor } from '../../api/contacts.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { nameOf } from './names.ts'

type Props = { contact: Contact; opened: boolean; onClose: () => void }

export function LinkVisitor({ contact, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [distinct_id, setDistinctId] = useState('')
  const [force, setForce] = useState(false)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => linkVisitor(workspace_id, contact.id, { distinct_id: distinct_id.trim(), ...(force && { force }) }),
    onSuccess: async () => {
      notifications.show({ message: 'The visitor was linked' })
      close()
      await queries.invalidateQueries({ queryKey: [workspace_id] })
    },
  })
  const close = () => {
    reset()
    setDistinctId('')
    setForce(false)
    onClose()
  }
  const needs_force = error instanceof ApiError && error.code === 'two_identified'
  return (
    <Modal opened={opened} onClose={close} title={`Link a visitor to ${nameOf(contact)}`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          mutate()
        }}
      >
        <TextInput
          data-autofocus
          label="distinct_id"
          description="Everything that this visitor did, before and from now on, becomes this contact's. It can be undone."
          value={distinct_id}
          onChange={event => setDistinctId(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        {error && (
          <Text c="red" size="sm" mt="sm" role="alert">
            {error.message}
          </Text>
        )}
        {needs_force && (
          <Checkbox
            mt="sm"
            label="They are one person; link them all the same"
            checked={force}
            onChange={event => setForce(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!distinct_id.trim() || (needs_force && !force)}>
            Link
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
