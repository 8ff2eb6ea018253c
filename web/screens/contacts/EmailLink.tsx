import { Button, Group, Modal, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import { createLink } from '../../api/contacts.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { absolute } from '../../ui/times.ts'
import { nameOf } from './names.ts'

type Props = { contact: Contact; opened: boolean; onClose: () => void }

/** A link for an e-mail to this person: whoever follows it is known as them, on any device. */
export function EmailLink({ contact, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const [url, setUrl] = useState('')
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: () => createLink(workspace_id, contact.id, { url: url.trim() }),
  })
  const close = () => {
    reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={`A link for an e-mail to ${nameOf(contact)}`} size={560}>
      <form
        onSubmit={event => {
          event.preventDefault()
          mutate()
        }}
      >
        <TextInput
          data-autofocus
          label="Where it leads"
          description="A page on one of the hosts that the settings allow. Whoever follows the link is known as this contact."
          placeholder="https://www.example.com/offer"
          type="url"
          value={url}
          error={error instanceof ApiError ? error.fields.url : undefined}
          onChange={event => setUrl(event.currentTarget.value)}
        />
        {error && (
          <Text c="red" size="sm" mt="sm" role="alert">
            {error.message}
          </Text>
        )}
        {data && (
          <div aria-live="polite">
            <Text size="sm" mt="md" mb={6}>
              For {nameOf(contact)} alone, until {absolute(data.expires_at)}:
            </Text>
            <CodeBlock label="link" text={data.url} />
          </div>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            {data ? 'Done' : 'Cancel'}
          </Button>
          <Button type="submit" loading={isPending} disabled={!url.trim()}>
            Make the link
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
