import { Button, Select } from '@mantine/core'
import { IconBroadcast, IconPlayerPause, IconPlayerPlay, IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Event } from '../../../shared/events.ts'
import { eventNames } from '../../api/events.ts'
import { keys } from '../../api/workspaces.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { count, whole } from '../../ui/numbers.ts'
import { SearchField } from '../../ui/SearchField.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { EventRow } from './EventRow.tsx'
import type { Stream } from './useStream.ts'

const route = getRouteApi('/w/$workspaceId/live')

export function Feed({ stream }: { stream: Stream }) {
  const { workspaceId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data: known_keys } = useQuery(keys(Number(workspaceId)))
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const events = stream.shown.filter(event => (!search.event || event.event === search.event) && says(event, search.q))
  const keyName = (id: number | null) => known_keys?.data.find(key => key.id === id)?.name

  if (stream.list.error) return <Failure error={stream.list.error} retry={stream.list.retry} />
  return (
    <>
      <search className="toolbar live-toolbar">
        <SearchField label="Search what is shown" value={search.q} onChange={q => ask({ q })} />
        <NameFilter value={search.event} onChange={event => ask({ event })} />
        <HoldButton stream={stream} />
      </search>
      <div className="live-scroll">
        {stream.list.pending && <SkeletonLines lines={14} pitch={41} padding="0 var(--edge)" />}
        {!stream.list.pending && !events.length && <Nothing filtered={stream.shown.length > 0} workspaceId={workspaceId} />}
        <ol className="live-feed" aria-label="Events, newest first">
          {events.map(event => (
            <EventRow
              key={event.id}
              event={event}
              key_name={keyName(event.key_id)}
              fresh={event.id > stream.fresh_after}
              onOpen={stream.hold}
            />
          ))}
        </ol>
      </div>
    </>
  )
}

function HoldButton({ stream }: { stream: Stream }) {
  const Sign = stream.held ? IconPlayerPlay : IconPlayerPause
  return (
    <Button
      className="live-hold"
      variant={stream.waiting ? 'light' : 'default'}
      leftSection={<Sign size={15} stroke={1.7} />}
      onClick={stream.held ? stream.release : stream.hold}
    >
      <span aria-live="polite">
        {stream.held ? (stream.waiting ? `Show ${whole(stream.waiting)} new` : 'Go on') : 'Hold still'}
      </span>
    </Button>
  )
}

function NameFilter({ value, onChange }: { value: string | undefined; onChange: (value: string | undefined) => void }) {
  const { data } = useQuery(eventNames(Number(route.useParams().workspaceId)))
  return (
    <Select
      aria-label="Event"
      placeholder="Any event"
      clearable
      searchable
      w={190}
      data={data?.data.map(({ event }) => event) ?? []}
      renderOption={({ option }) => (
        <span className="live-option">
          {option.value}
          <span className="muted number">
            {count(data?.data.find(({ event }) => event === option.value)?.events ?? 0, 'event')}
          </span>
        </span>
      )}
      comboboxProps={{ width: 260, position: 'bottom-start' }}
      value={value ?? null}
      onChange={value => onChange(value ?? undefined)}
    />
  )
}

function Nothing({ filtered, workspaceId }: { filtered: boolean; workspaceId: string }) {
  if (filtered)
    return (
      <Empty icon={IconSearchOff} title="None of the latest events fits">
        What arrives from now on and fits appears here by itself.
      </Empty>
    )
  return (
    <Empty
      icon={IconBroadcast}
      title="Listening, and it is quiet"
      actions={
        <Button renderRoot={props => <Link to="/w/$workspaceId/setup" params={{ workspaceId }} {...props} />}>
          Set up your site
        </Button>
      }
    >
      The first event appears here the moment it arrives. No need to reload.
    </Empty>
  )
}

function says({ event, distinct_id, properties, context }: Event, q: string | undefined) {
  return (
    !q ||
    `${event} ${distinct_id} ${JSON.stringify(properties)} ${JSON.stringify(context)}`.toLowerCase().includes(q.toLowerCase())
  )
}
