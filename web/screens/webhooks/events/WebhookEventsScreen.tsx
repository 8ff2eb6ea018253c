import { IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { webhookEvents } from '../../../api/webhooks.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { SearchField } from '../../../ui/SearchField.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { sentence } from '../../events/describe.ts'
import { groupsOf } from '../form/chooseEvents.ts'
import { EventEntry } from './EventEntry.tsx'
import './webhook-events.css'

const route = getRouteApi('/w/$workspaceId/webhook-events')

/** What can be sent, for people who write receivers. */
export function WebhookEventsScreen() {
  const { workspaceId } = route.useParams()
  const { q, event } = route.useSearch()
  const navigate = route.useNavigate()
  const { data, error, refetch } = useQuery(webhookEvents(Number(workspaceId)))
  const found = data?.data.filter(one => says(one, q)) ?? []
  return (
    <>
      <PageHead title="Event catalogue" note={data && count(data.data.length, 'event')} />
      <search className="toolbar">
        <SearchField label="Search events" value={q} onChange={q => navigate({ search: { q }, replace: true })} />
      </search>
      <div className="webhook-events">
        {error && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <SkeletonLines lines={12} pitch={44} padding="12px var(--edge)" />}
        {data && !found.length && (
          <Empty icon={IconSearchOff} title="No event is called so">
            Events of your own can be sent, too, by their exact name. They are described under Live.
          </Empty>
        )}
        {groupsOf(found).map(({ name, types }) => (
          <section key={name} aria-labelledby={`group-${name}`}>
            <h2 id={`group-${name}`}>
              {sentence(name)}{' '}
              <span className="muted mono">{types.some(({ type }) => type.startsWith(`${name}.`)) && `${name}.*`}</span>
            </h2>
            <ul>
              {types.map(type => (
                <EventEntry
                  key={type.type}
                  event={type}
                  opened={event === type.type}
                  toggle={() => navigate({ search: { q, event: event === type.type ? undefined : type.type }, replace: true })}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}

function says({ type, title, description }: WebhookEvent, q: string | undefined) {
  return !q || `${type} ${title} ${description}`.toLowerCase().includes(q.toLowerCase())
}
