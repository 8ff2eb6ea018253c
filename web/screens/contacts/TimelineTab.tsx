import { useQuery } from '@tanstack/react-query'
import type { Contact } from '../../../shared/contacts.ts'
import { journey } from '../../api/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Journeys } from './Journeys.tsx'
import { Timeline } from './Timeline.tsx'
import { TimelineSkeleton } from './TimelineSkeleton.tsx'

/** How far they came and, below it, all they did. Both are asked at once and shown together, so that nothing moves down; unless the first fails. */
export function TimelineTab({ contact }: { contact: Contact }) {
  const { isPending, failureCount } = useQuery(journey(useWorkspaceId(), contact.id))
  const is_waiting = isPending && failureCount === 0
  return (
    <>
      {is_waiting && (
        <div className="timeline">
          <TimelineSkeleton />
        </div>
      )}
      <div hidden={is_waiting}>
        <Journeys contact_id={contact.id} />
        <Timeline contact={contact} />
      </div>
    </>
  )
}
