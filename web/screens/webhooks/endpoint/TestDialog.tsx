import { Button, Group, Modal, Select, Tabs, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { testEndpoint, webhookEvents } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { JsonView } from '../../../ui/JsonView.tsx'
import { AttemptBody } from '../deliveries/AttemptBody.tsx'
import { AttemptStatus } from '../deliveries/Attempts.tsx'
import { testsOf } from '../form/chooseEvents.ts'
import { hostOf, took } from '../words.ts'

type Props = { endpoint: Endpoint; opened: boolean; onClose: () => void }
type Tested = Awaited<ReturnType<typeof testEndpoint>>

/** Sends an example and shows what came back. */
export function TestDialog({ endpoint, opened, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { data: catalogue } = useQuery({ ...webhookEvents(workspace_id), enabled: opened })
  const { own, types, first } = testsOf(endpoint.events, catalogue?.data ?? [])
  const [chosen, choose] = useState<string>()
  const event = chosen ?? (catalogue && first)
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: () => testEndpoint(workspace_id, endpoint.id, event),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  const close = () => {
    reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} size={760} title={`Send a test to ${endpoint.name}`}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <Select
          flex={1}
          label="Example of"
          data={
            own.length
              ? [
                  { group: 'Its own events', items: own },
                  { group: 'The catalogue', items: types },
                ]
              : types
          }
          value={event ?? null}
          searchable
          allowDeselect={false}
          onChange={type => choose(type ?? undefined)}
        />
        <Button
          leftSection={<IconSend size={15} stroke={1.6} />}
          loading={isPending}
          disabled={!event}
          onClick={() => mutate()}
          data-autofocus
        >
          {data ? 'Send again' : 'Send'}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mt={6}>
        One request with <code>"test": true</code> in its data, signed like every other. It is not repeated, and it is sent also
        while the endpoint is paused.
      </Text>
      <div aria-live="polite">
        {error && (
          <Text c="red" size="sm" mt="md" role="alert">
            {error.message}
          </Text>
        )}
        {data && !isPending && <Result tested={data} endpoint={endpoint} />}
      </div>
    </Modal>
  )
}

function Result({ tested, endpoint }: { tested: Tested; endpoint: Endpoint }) {
  const { attempt, body, delivery_id } = tested
  const params = { workspaceId: String(useWorkspaceId()), deliveryId: String(delivery_id) }
  return (
    <section className="test-result" aria-label="Result of the test">
      <p className="test-said">
        <AttemptStatus attempt={attempt} />
        <b>{attempt.ok ? `${hostOf(endpoint.url)} took it` : (attempt.error ?? `${hostOf(endpoint.url)} did not take it`)}</b>
        <span className="muted number">{took(attempt.ms)}</span>
      </p>
      <Tabs defaultValue="answer" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="answer">Answer</Tabs.Tab>
          <Tabs.Tab value="request">Request</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="answer" className="test-panel attempt-body">
          <AttemptBody attempt={attempt} part="answer" />
        </Tabs.Panel>
        <Tabs.Panel value="request" className="test-panel attempt-body">
          <JsonView value={body} />
          <AttemptBody attempt={attempt} part="request" />
        </Tabs.Panel>
      </Tabs>
      <Link className="text-link" to="/w/$workspaceId/deliveries/$deliveryId" params={params}>
        Open it in the log
      </Link>
    </section>
  )
}
