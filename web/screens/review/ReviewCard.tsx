import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { Review } from '../../../shared/identity.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Initials } from '../../ui/Initials.tsx'
import { whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { nameOf } from '../contacts/names.ts'
import { valueText } from '../contacts/valueText.ts'
import { sentence } from '../events/describe.ts'
import { MergeDialog } from '../merging/MergeDialog.tsx'
import { useDecide } from './useDecide.tsx'
import { question, why } from './words.ts'

export function ReviewCard({ review }: { review: Review }) {
  const { contact, other_contact } = review
  const [merging, merge] = useDisclosure()
  const { pending, accept, dismiss } = useDecide(review)
  const evidence = Object.entries(review.evidence).filter(([, value]) => value !== null)
  return (
    <article className="review-card">
      <header>
        <h2>{question(review)}</h2>
        <span className="muted">
          <RelativeTime at={review.at} />
          {review.repeats > 0 && ` · ${whole(review.repeats + 1)} times`}
        </span>
      </header>
      <p className="muted">{why(review)}</p>
      <div className="review-sides">
        <Side contact={contact} distinct_id={review.distinct_id} />
        <Side contact={other_contact} distinct_id={review.other_distinct_id} />
      </div>
      {evidence.length > 0 && (
        <p className="review-evidence">
          {evidence.map(([name, value]) => (
            <span key={name}>
              <span className="muted">{sentence(name)}</span> {valueText(value)}
            </span>
          ))}
        </p>
      )}
      <footer>
        {contact && other_contact && contact.id !== other_contact.id ? (
          <Button onClick={merge.open}>Compare and merge…</Button>
        ) : (
          review.outcome !== 'refused_blocked' && (
            <Button onClick={accept} loading={pending === 'accept'}>
              They are one person
            </Button>
          )
        )}
        <Button variant="default" onClick={dismiss} loading={pending === 'dismiss'}>
          {review.outcome === 'refused_blocked' ? 'Seen' : 'Two people, leave it'}
        </Button>
      </footer>
      {contact && other_contact && (
        <MergeDialog contact={contact} other_id={other_contact.id} opened={merging} onClose={merge.close} />
      )}
    </article>
  )
}

function Side({ contact, distinct_id }: { contact: Review['contact']; distinct_id: string | null }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <div className="review-side">
      <Initials text={contact ? nameOf(contact) : '?'} size={34} />
      <div>
        {contact ? (
          <Link
            to="/w/$workspaceId/contacts/$contactId"
            params={{ workspaceId, contactId: String(contact.id) }}
            className="review-name cut"
          >
            {nameOf(contact)}
          </Link>
        ) : (
          <span className="review-name muted">A visitor nobody knows yet</span>
        )}
        {contact && (
          <span className="cut muted">
            {[contact.name && contact.email, contact.phone].filter(Boolean).join(' · ') || `Contact ${contact.id}`}
          </span>
        )}
        {distinct_id && (
          <span className="cut mono muted" title={distinct_id}>
            {distinct_id}
          </span>
        )}
      </div>
    </div>
  )
}
