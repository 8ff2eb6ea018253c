import { Button, Checkbox, Group, Modal, SimpleGrid, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { givenUpSince } from '../../../../shared/given-up.ts'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { replaySince } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'
import { fromField, toField } from '../../../ui/times.ts'

type Props = { endpoint: Endpoint; opened: boolean; onClose: () => void }
type State = 'failed' | 'delivered' | 'cancelled'

const STATES: { value: State; label: string }[] = [
  { value: 'failed', label: 'Given up' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'delivered', label: 'Delivered' },
]

const DAY = 86_400_000

/** Everything since a time, again: counted first, sent when somebody has read the number. */
export function ReplayDialog({ endpoint, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} size={520} title={`Replay what ${endpoint.name} missed`}>
      <ReplayForm endpoint={endpoint} close={onClose} />
    </Modal>
  )
}

function ReplayForm({ endpoint, close }: { endpoint: Endpoint; close: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { failing_since, failed_since } = endpoint.health
  const [since, setSince] = useState(() =>
    toField((failing_since && givenUpSince(failing_since)) ?? failed_since ?? new Date(Date.now() - DAY).toISOString()),
  )
  const [until, setUntil] = useState('')
  const [states, setStates] = useState<State[]>(['failed'])
  const body = () => ({
    since: fromField(since)!,
    ...(until && { until: fromField(until)! }),
    states,
  })
  const counting = useMutation({ mutationFn: () => replaySince(workspace_id, endpoint.id, { ...body(), dry_run: true }) })
  const sending = useMutation({
    mutationFn: () => replaySince(workspace_id, endpoint.id, body()),
    onSuccess: async ({ deliveries }) => {
      notifications.show({ message: `${count(deliveries, 'delivery is', 'deliveries are')} sent again` })
      close()
      await queries.invalidateQueries({ queryKey: [workspace_id] })
    },
  })
  // A count says nothing of another question.
  const ask = (change: () => void) => {
    counting.reset()
    sending.reset()
    change()
  }
  const found = counting.data?.deliveries
  const error = counting.error ?? sending.error
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          type="datetime-local"
          label="Ended since"
          value={since}
          onChange={event => ask(() => setSince(event.currentTarget.value))}
          data-autofocus
        />
        <TextInput
          type="datetime-local"
          label="and before"
          value={until}
          onChange={event => ask(() => setUntil(event.currentTarget.value))}
        />
      </SimpleGrid>
      <Checkbox.Group mt="md" label="Those that were" value={states} onChange={value => ask(() => setStates(value as State[]))}>
        <Group gap="md" mt={6}>
          {STATES.map(state => (
            <Checkbox key={state.value} {...state} />
          ))}
        </Group>
      </Checkbox.Group>
      <Text size="sm" mt="md" aria-live="polite" {...(error && { c: 'red', role: 'alert' })}>
        {error
          ? error.message
          : found === undefined
            ? 'They are counted first; nothing is sent yet. Each keeps its webhook-id.'
            : found
              ? `${count(found, 'delivery', 'deliveries')} would be sent again.`
              : 'None fits. Nothing would be sent.'}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        {found ? (
          <Button loading={sending.isPending} onClick={() => sending.mutate()}>
            Send {count(found, 'delivery', 'deliveries')} again
          </Button>
        ) : (
          <Button loading={counting.isPending} disabled={!since || !states.length} onClick={() => counting.mutate()}>
            Count them
          </Button>
        )}
      </Group>
    </>
  )
}
