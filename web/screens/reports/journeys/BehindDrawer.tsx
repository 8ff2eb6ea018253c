import { useInfiniteQuery } from '@tanstack/react-query'
import { journeyPeople } from '../../../api/journeys.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useList } from '../../../ui/list.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { PeopleDrawer, PeopleList } from '../PeopleDrawer.tsx'
import { spanWords } from '../period.ts'
import { type Behind, behindOf } from './behind.ts'
import type { AskedReport, DashboardProps } from './scope.ts'

/** The people behind a bar, the newest registration first. */
export function BehindDrawer({ search, ask, asked }: DashboardProps & { asked: AskedReport }) {
  const behind = behindOf(search.people)
  return (
    <PeopleDrawer title={behind?.title} close={() => ask({ people: undefined })}>
      {behind && <People behind={behind} asked={asked} />}
    </PeopleDrawer>
  )
}

function People({ behind, asked }: { behind: Behind; asked: AskedReport }) {
  const { interval: _, ...scope } = asked
  const list = useList(useInfiniteQuery(journeyPeople(useWorkspaceId(), { ...scope, ...behind.search })))
  const span = spanWords(asked.from, asked.to)
  return (
    <PeopleList list={list} nobody={`Nobody who registered ${span}.`} span={`Registered ${span}.`}>
      {({ watch_percentage, converted_at, registered_at }) => (
        <>
          Watched {watch_percentage}%{converted_at && ', converted'} · registered <RelativeTime at={registered_at} />
        </>
      )}
    </PeopleList>
  )
}
