import { Checkbox, Modal, Radio, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { ApiError } from '../../../api/request.ts'
import { activateEndpoint, givenUp } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { DialogEnd } from '../../../ui/DialogEnd.tsx'
import { count } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { counted } from '../words.ts'

type Props = { endpoint: Endpoint; opened: boolean; onClose: () => void }

/** What becomes of what was held, and of what was given up before, is for a person to say. */
export function ActivateDialog({ endpoint, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Activate ${endpoint.name}`}>
      <ActivateForm endpoint={endpoint} close={onClose} />
    </Modal>
  )
}

function ActivateForm({ endpoint, close }: { endpoint: Endpoint; close: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { held: waiting, failing_since } = endpoint.health
  const [held, setHeld] = useState<'send' | 'cancel'>('send')
  const [again, setAgain] = useState(true)
  const missed = useQuery(givenUp(workspace_id, endpoint.id, failing_since))
  const found = missed.data?.deliveries ?? 0
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => activateEndpoint(workspace_id, endpoint.id, { held, given_up: found > 0 && again ? 'send' : 'leave' }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [workspace_id] })
      notifications.show({ message: `${endpoint.name} is active` })
      close()
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate()
      }}
    >
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
      {found > 0 && (
        <Checkbox
          mt="lg"
          label={`Send the ${count(found, 'delivery that was', 'deliveries that were')} given up, too`}
          description={
            <>
              It began to fail <RelativeTime at={failing_since} />. Without that they stay in the log, and can be replayed later.
            </>
          }
          checked={again}
          onChange={({ currentTarget }) => setAgain(currentTarget.checked)}
        />
      )}
      {missed.error && (
        <Text size="sm" mt="lg">
          {missed.error instanceof ApiError && missed.error.code === 'invalid_fields'
            ? 'More was given up since it began to fail than is sent again at once. Replay it in parts, when it is active.'
            : missed.error.message}
        </Text>
      )}
      <DialogEnd submit="Activate" disabled={missed.isLoading} saving={isPending} error={error} cancel={close} />
    </form>
  )
}
