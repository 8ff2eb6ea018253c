import { Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JourneyPerson } from '../../../../shared/journeys.ts'
import { journeyPeople } from '../../../api/journeys.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { InfiniteEnd } from '../../../ui/InfiniteEnd.tsx'
import { useList } from '../../../ui/list.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { spanWords } from '../period.ts'
import { type Behind, behindOf } from './behind.ts'
import type { AskedReport, DashboardProps } from './scope.ts'

/** The people behind a bar, the newest registration first. */
export function BehindDrawer({ search, ask, asked }: DashboardProps & { asked: AskedReport }) {
  const behind = behindOf(search.people)
  return (
    <Drawer
      opened={behind !== undefined}
      onClose={() => ask({ people: undefined })}
      position="right"
      size={460}
      title={behind?.title}
      closeButtonProps={{ 'aria-label': 'Close the list of people' }}
    >
      {behind && <People behind={behind} asked={asked} />}
    </Drawer>
  )
}

function People({ behind, asked }: { behind: Behind; asked: AskedReport }) {
  const { interval: _, ...scope } = asked
  const list = useList(useInfiniteQuery(journeyPeople(useWorkspaceId(), { ...scope, ...behind.search })))
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The people could not be read" />
  if (list.pending) return <SkeletonLines lines={8} padding="8px 0" />
  if (!list.rows.length) return <p className="muted">Nobody who registered {spanWords(asked.from, asked.to)}.</p>
  return (
    <>
      <p className="behind-span">Registered {spanWords(asked.from, asked.to)}.</p>
      <ul className="behind">
        {list.rows.map(person => (
          <li key={`${person.contact_id} ${person.visitor_id}`}>
            <Person person={person} />
          </li>
        ))}
      </ul>
      <InfiniteEnd list={list} end="These are all." />
    </>
  )
}

function Person({ person }: { person: JourneyPerson }) {
  const { contact_id, visitor_id, name, email, registered_at, converted_at, watch_percentage } = person
  const workspaceId = String(useWorkspaceId())
  const words = (
    <>
      <b className="cut">{name ?? email ?? `Visitor ${visitor_id ?? ''}`}</b>
      {name && email && <span className="cut muted">{email}</span>}
      <span className="behind-far number">
        Watched {watch_percentage}%{converted_at && ', converted'} · registered <RelativeTime at={registered_at} />
      </span>
    </>
  )
  if (contact_id !== null) {
    return (
      <Link to="/w/$workspaceId/contacts/$contactId" params={{ workspaceId, contactId: String(contact_id) }}>
        {words}
      </Link>
    )
  }
  if (visitor_id !== null) {
    return (
      <Link to="/w/$workspaceId/visitors/$visitorId" params={{ workspaceId, visitorId: String(visitor_id) }}>
        {words}
      </Link>
    )
  }
  return <span>{words}</span>
}
