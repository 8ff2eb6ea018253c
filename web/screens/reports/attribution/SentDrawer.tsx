import { Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AttributionPerson, AttributionReport } from '../../../../shared/attribution.ts'
import { attributionPeople } from '../../../api/attribution.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { dayWithYear } from '../../../ui/days.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { InfiniteEnd } from '../../../ui/InfiniteEnd.tsx'
import { useList } from '../../../ui/list.ts'
import { count, money, whole } from '../../../ui/numbers.ts'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import type { DashboardProps } from '../journeys/scope.ts'
import { spanWords } from '../period.ts'
import { sentBy } from './words.ts'

/** How the people behind a bar stand in the address: `registered:google`, `converted:` for those whom nobody sent. */
export const peopleOf = (of: 'registered' | 'converted', value: string) => `${of}:${value}`

/** The people behind a bar, the newest first. */
export function SentDrawer({ search, ask, report }: DashboardProps & { report: AttributionReport }) {
  const [, of, value = ''] = /^(registered|converted):(.*)$/s.exec(search.people ?? '') ?? []
  return (
    <Drawer
      opened={of !== undefined}
      onClose={() => ask({ people: undefined })}
      position="right"
      size={460}
      title={`${sentBy(value)}: ${of === 'converted' ? 'converted' : 'registered'}`}
      closeButtonProps={{ 'aria-label': 'Close the list of people' }}
    >
      {(of === 'registered' || of === 'converted') && <People of={of} value={value} report={report} />}
    </Drawer>
  )
}

function People({ of, value, report }: { of: 'registered' | 'converted'; value: string; report: AttributionReport }) {
  const { funnel_id, from, to, model, by, currency } = report
  const asked = { funnel_id: funnel_id ?? undefined, from, to, model, by, value: value || undefined, of }
  const list = useList(useInfiniteQuery(attributionPeople(useWorkspaceId(), asked)))
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The people could not be read" />
  if (list.pending) return <SkeletonLines lines={8} padding="8px 0" />
  if (!list.rows.length) return <p className="muted">Nobody {spanWords(from, to)}.</p>
  return (
    <>
      <p className="behind-span">{spanWords(from, to)}.</p>
      <ul className="behind">
        {list.rows.map(person => (
          <li key={`${person.contact_id} ${person.visitor_id}`}>
            <Person person={person} currency={currency} />
          </li>
        ))}
      </ul>
      <InfiniteEnd list={list} end="These are all." />
    </>
  )
}

function Person({ person, currency }: { person: AttributionPerson; currency: string }) {
  const { contact_id, visitor_id, name, email, day, conversions, revenue } = person
  const workspaceId = String(useWorkspaceId())
  const won = conversions === null ? 'Registered' : `${count(conversions, 'conversion')}, ${money(revenue ?? 0, currency)}`
  const words = (
    <>
      <b className="cut">{name ?? email ?? `Visitor ${whole(visitor_id ?? 0)}`}</b>
      {name && email && <span className="cut muted">{email}</span>}
      <span className="behind-far number">
        {won} · {dayWithYear(day)}
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
  return (
    <Link to="/w/$workspaceId/visitors/$visitorId" params={{ workspaceId, visitorId: String(visitor_id) }}>
      {words}
    </Link>
  )
}
