import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { activateEndpoint } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { counted } from '../words.ts'

type Props = { endpoint: Endpoint; opened: boolean; onClose: () => void }

/** What becomes of what was held is for a person to say. */
export function ActivateDialog({ endpoint, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [held, setHeld] = useState<'send' | 'cancel'>('send')
  const waiting = endpoint.health.held
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => activateEndpoint(workspace_id, endpoint.id, held),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [workspace_id] })
      notifications.show({ message: `${endpoint.name} is active` })
      onClose()
    },
  })
  return (
    <Modal opened={opened} onClose={onClose} title={`Activate ${endpoint.name}`}>
      {waiting > 0 ? (
        <Radio.Group
          label={`${counted(waiting)} ${waiting === 1 ? 'delivery was' : 'deliveries were'} held meanwhile`}
          value={held}
          onChange={value => setHeld(value as typeof held)}
        >
          <Stack gap="sm" mt="xs">
            <Radio value="send" label="Send them" description="The oldest first" />
            <Radio value="cancel" label="Cancel them" description="They stay in the log, and can be replayed later" />
          </Stack>
        </Radio.Group>
      ) : (
        <Text size="sm">From now on it hears what it wants to hear. Nothing was held meanwhile.</Text>
      )}
      {error && (
        <Text c="red" size="sm" mt="sm" role="alert">
          {error.message}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isPending} onClick={() => mutate()} data-autofocus>
          Activate
        </Button>
      </Group>
    </Modal>
  )
}
