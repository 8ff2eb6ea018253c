import { Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FunnelPerson, type FunnelQuery, USUAL_GROUPS } from '../../../../shared/funnel-report.ts'
import { funnelPeople } from '../../../api/funnel-report.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { InfiniteEnd } from '../../../ui/InfiniteEnd.tsx'
import { useList } from '../../../ui/list.ts'
import { count } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { nameOf } from '../../contacts/names.ts'
import { type FunnelSearch, type Meant, peopleOf } from './question.ts'
import { groupWords, stepWords } from './words.ts'

type Props = { question: FunnelQuery; search: FunnelSearch; close: () => void }

/** Who reached a step, or was lost before it. */
export function FunnelPeople({ question, search, close }: Props) {
  const meant = peopleOf(search.people)
  const asked = meant && question.steps[meant.step - 1]
  const is_open = meant !== undefined && asked !== undefined
  return (
    <Drawer
      opened={is_open}
      onClose={close}
      position="right"
      size={440}
      closeButtonProps={{ 'aria-label': 'Close the list of people' }}
      title={
        is_open && (
          <span className="funnel-people-title">
            {meant.outcome === 'reached' ? 'Reached' : 'Lost before'} step {meant.step}: {stepWords(asked)}
            {meant.group !== undefined && question.breakdown && `, ${meant.group === null ? 'others' : groupWords(meant.group)}`}
          </span>
        )
      }
    >
      {is_open && <People question={question} meant={meant} />}
    </Drawer>
  )
}

function People({ question, meant: { step, outcome, group } }: { question: FunnelQuery; meant: Meant }) {
  const whom = group === undefined || !question.breakdown ? {} : group === null ? { groups: USUAL_GROUPS } : { value: group }
  const query = useInfiniteQuery(funnelPeople(useWorkspaceId(), { ...question, step, outcome, ...whom }))
  const list = useList<FunnelPerson>(query)
  const counted = query.data?.pages[0]
  if (list.error) return <Failure error={list.error} retry={list.retry} />
  if (!counted) return <SkeletonLines lines={6} />
  const { contacts, visitors } = counted
  return (
    <div className="funnel-people">
      <p>
        {count(contacts, 'contact')}
        {visitors > 0 && ` and ${count(visitors, 'person', 'people')} whom nobody knows yet`}
      </p>
      <ul>
        {list.rows.map(person => (
          <Person key={person.contact_id} person={person} steps={question.steps.length} />
        ))}
      </ul>
      {contacts > 0 && <InfiniteEnd list={list} end={`${count(contacts, 'contact')} in all`} />}
    </div>
  )
}

function Person({ person, steps }: { person: FunnelPerson; steps: number }) {
  const { contact_id, email, name, phone, entered_at, last_step } = person
  return (
    <li>
      <Link
        className="text-link"
        to="/w/$workspaceId/contacts/$contactId"
        params={{ workspaceId: String(useWorkspaceId()), contactId: String(contact_id) }}
      >
        {nameOf({ id: contact_id, name, email, phone })}
      </Link>
      <span className="muted">
        came to {last_step} of {steps}, entered <RelativeTime at={entered_at} />
      </span>
    </li>
  )
}
