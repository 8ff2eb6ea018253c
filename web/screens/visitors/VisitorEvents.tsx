import { IconTimeline } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Event, TimelineEntry } from '../../../shared/events.ts'
import { visitorEvents } from '../../api/visitors.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { useList } from '../../ui/list.ts'
import { groupByDay } from '../contacts/groupTimeline.ts'
import { TimelineDays } from '../contacts/TimelineDays.tsx'
import { TimelineSkeleton } from '../contacts/TimelineSkeleton.tsx'
import '../contacts/timeline.css'

/** What one browser did, told like the timeline of a contact. */
export function VisitorEvents({ visitor_id }: { visitor_id: number }) {
  const list = useList(useInfiniteQuery({ ...visitorEvents(useWorkspaceId(), visitor_id), refetchInterval: 10_000 }))
  const days = useMemo(() => groupByDay(list.rows.map(entry)), [list.rows])
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The events could not be loaded" />
  if (!list.pending && !list.rows.length)
    return (
      <Empty icon={IconTimeline} title="No events">
        This visitor was named in a link or an import, and has done nothing yet.
      </Empty>
    )
  return (
    <div className="timeline" aria-busy={list.pending}>
      {list.pending ? <TimelineSkeleton /> : <TimelineDays days={days} />}
      {!list.pending && <InfiniteEnd list={list} end="Nothing earlier is known" />}
    </div>
  )
}

function entry(event: Event): TimelineEntry {
  const { id, distinct_id, session_id, properties, context } = event
  return {
    kind: 'event',
    id,
    at: event.occurred_at,
    name: event.event,
    distinct_id,
    session_id,
    properties,
    context,
    actor: null,
    before: null,
    after: null,
  }
}
