import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { purposes } from '../../../api/consents.ts'
import { useMay } from '../../../api/may.ts'
import { segments } from '../../../api/segments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Facts } from '../../../ui/Facts.tsx'
import { whole } from '../../../ui/numbers.ts'
import { Section } from '../../../ui/Section.tsx'
import { absolute } from '../../../ui/times.ts'
import { fieldMapWords, filterWords, scheduleWords } from '../words.ts'

/** What it was told to do, to read. */
export function SettingsTab({ endpoint }: { endpoint: Endpoint }) {
  const params = { workspaceId: String(useWorkspaceId()), endpointId: String(endpoint.id) }
  const may_change = useMay('admin')
  const { url, events, funnel_id, purpose, filter, headers, rate_limit, attempt_delays, field_map, created_at, updated_at } =
    endpoint
  const { data: asked } = useQuery({ ...purposes(useWorkspaceId()), enabled: purpose !== null })
  const { data: own } = useQuery({
    ...segments(useWorkspaceId()),
    enabled: filter?.segment_ids !== undefined,
    refetchInterval: false,
  })
  const nameOf = (segment_id: number) => own?.data.find(({ id }) => id === segment_id)?.name ?? `segment ${segment_id}`
  return (
    <Section
      title="Settings"
      action={
        may_change && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPencil size={14} stroke={1.6} />}
            renderRoot={props => <Link to="/w/$workspaceId/endpoints/$endpointId/edit" params={params} {...props} />}
          >
            Edit
          </Button>
        )
      }
    >
      <Facts
        facts={[
          [
            'Address',
            <span key="url" className="mono">
              {url}
            </span>,
          ],
          ['Hears', <Names key="events" names={events.map(event => (event === '*' ? 'everything' : event))} />],
          ['Funnel', funnel_id ?? 'every funnel'],
          [
            'Purpose',
            purpose &&
              `${asked?.data.find(({ name }) => name === purpose)?.label ?? purpose}: of contacts who denied it, nothing is told`,
          ],
          ['Only when', <Lines key="filter" lines={filterWords(filter, nameOf)} />],
          ['Attempts', scheduleWords(attempt_delays)],
          ['At most', rate_limit === null ? 'as fast as it answers' : `${whole(rate_limit)} deliveries a minute`],
          ['Headers', headers.length ? <Names key="headers" names={headers.map(({ name }) => name)} /> : 'none of its own'],
          ['Body', <Lines key="body" lines={fieldMapWords(field_map)} />],
          ['Added', absolute(created_at)],
          ['Changed', absolute(updated_at)],
        ]}
      />
    </Section>
  )
}

function Names({ names }: { names: string[] }) {
  return (
    <span className="endpoint-names">
      {names.map(name => (
        <code key={name} className="mono">
          {name}
        </code>
      ))}
    </span>
  )
}

function Lines({ lines }: { lines: string[] }) {
  return lines.map(line => <div key={line}>{line}</div>)
}
