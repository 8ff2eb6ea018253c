import { Button } from '@mantine/core'
import type { Contact } from '../../../shared/contacts.ts'
import type { IdentityLink } from '../../../shared/identity.ts'
import type { Visitor } from '../../../shared/visitors.ts'
import { whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { actorName } from '../activities/words.ts'
import { OUTCOMES, REASONS } from './identityWords.ts'
import { useUndoLink } from './useUndo.tsx'

type Props = { links: IdentityLink[]; contact: Contact; visitors: Visitor[] }

export function LinkLog({ links, contact, visitors }: Props) {
  const undo = useUndoLink(contact, visitors)
  if (!links.length) return <p className="identity-none">Nothing was ever linked: this person is one distinct_id, or none.</p>
  return (
    <ul className="identity-log">
      {links.map(link => (
        <li key={link.id} data-revoked={link.revoked_at !== null || undefined}>
          <div className="identity-log-what">
            <Sides link={link} />
            <p>
              <Outcome link={link} />
              {REASONS[link.reason]} · {actorName(link.actor)} · <RelativeTime at={link.occurred_at} />
              {link.repeats > 0 && (
                <>
                  {' '}
                  · came {whole(link.repeats)} more {link.repeats === 1 ? 'time' : 'times'}, last{' '}
                  <RelativeTime at={link.last_at} />
                </>
              )}
              {link.forced && ' · by force'}
            </p>
            {link.revoked_at && (
              <p>
                Undone by {link.revoked_by ? actorName(link.revoked_by) : 'somebody'} <RelativeTime at={link.revoked_at} />
              </p>
            )}
          </div>
          {(link.outcome === 'linked' || link.outcome === 'noop') && !link.revoked_at && (
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => undo(link)}
              aria-label={`Undo the link of ${link.distinct_id}`}
            >
              Undo…
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Sides({ link }: { link: IdentityLink }) {
  return (
    <div className="identity-sides">
      <span className="mono cut" title={link.distinct_id}>
        {link.distinct_id}
      </span>
      <span className="muted">is</span>
      <span className="mono cut" title={link.other_distinct_id ?? undefined}>
        {link.other_distinct_id ?? `contact ${link.contact_id}`}
      </span>
    </div>
  )
}

function Outcome({ link }: { link: IdentityLink }) {
  const { label, about, tone } = OUTCOMES[link.outcome]
  return (
    <span className="identity-outcome" data-tone={link.revoked_at ? 'plain' : tone} title={about}>
      {link.revoked_at ? 'Undone' : label}
    </span>
  )
}
