import { Button } from '@mantine/core'
import { IconTimeline } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import { timeline } from '../../api/contacts.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { useList } from '../../ui/list.ts'
import { groupByDay } from './groupTimeline.ts'
import { TimelineDays } from './TimelineDays.tsx'
import { TimelineFilters } from './TimelineFilters.tsx'
import { TimelineSkeleton } from './TimelineSkeleton.tsx'
import { useFollow } from './useFollow.ts'
import './timeline.css'

const route = getRouteApi('/w/$workspaceId/contacts/$contactId')

export function Timeline({ contact }: { contact: Contact }) {
  const { workspaceId } = route.useParams()
  const { kind, name } = route.useSearch()
  const navigate = route.useNavigate()
  const ask = (change: { kind?: typeof kind; name?: string | undefined }) => navigate({ search: { ...change }, replace: true })
  const query = timeline(Number(workspaceId), contact.id, { kind, name })
  const list = useList(useInfiniteQuery({ ...query, placeholderData: keepPreviousData }))
  const fresh = useFollow(contact.id, { kind, name })
  const days = useMemo(() => groupByDay(list.rows), [list.rows])
  const filtered = Boolean(kind || name)

  if (list.error) return <Failure error={list.error} retry={list.retry} title="The timeline could not be loaded" />
  return (
    <div className="timeline" aria-busy={list.pending || list.stale}>
      <TimelineFilters kind={kind} name={name} ask={ask} entries={list.rows} />
      <p className="unseen" aria-live="polite">
        {fresh ? `${fresh} new` : ''}
      </p>
      {list.pending && <TimelineSkeleton />}
      {!list.pending && !list.rows.length && <NothingYet filtered={filtered} clear={() => ask({})} />}
      <TimelineDays days={days} />
      {list.rows.length > 0 && <InfiniteEnd list={list} end="Nothing earlier is known" />}
    </div>
  )
}

function NothingYet({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  if (!filtered)
    return (
      <Empty icon={IconTimeline} title="Nothing has happened yet">
        Page views, videos, purchases and every change to this contact appear here by themselves.
      </Empty>
    )
  return (
    <Empty
      icon={IconTimeline}
      title="Nothing of this kind"
      actions={
        <Button variant="default" onClick={clear}>
          Show everything
        </Button>
      }
    >
      This contact has no such entry.
    </Empty>
  )
}
