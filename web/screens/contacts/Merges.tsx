import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import type { ContactMerge } from '../../../shared/identity.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { actorName } from '../activities/words.ts'
import { useUndoMerge } from './useUndo.tsx'

export function Merges({ merges, contact }: { merges: ContactMerge[]; contact: Contact }) {
  const undo = useUndoMerge(contact)
  if (!merges.length) return <p className="identity-none">None. Press m to merge another contact into this one.</p>
  return (
    <ul className="identity-log">
      {merges.map(merge => (
        <li key={merge.id} data-revoked={merge.undone_at !== null || undefined}>
          <div className="identity-log-what">
            <Words merge={merge} contact={contact} />
            <p>
              {actorName(merge.actor)} · <RelativeTime at={merge.created_at} />
              {merge.forced && ' · by force'}
              {merge.undone_at && (
                <>
                  {' '}
                  · undone by {merge.undone_by ? actorName(merge.undone_by) : 'somebody'} <RelativeTime at={merge.undone_at} />
                </>
              )}
            </p>
          </div>
          {!merge.undone_at && (
            <Button variant="default" size="compact-sm" onClick={() => undo(merge)}>
              Undo…
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Words({ merge, contact }: { merge: ContactMerge; contact: Contact }) {
  const workspaceId = String(useWorkspaceId())
  if (merge.loser_id !== contact.id)
    return (
      <div className="identity-sides">
        {merge.loser_name ?? 'A contact'} <span className="muted number">{merge.loser_id}</span> went into this one
      </div>
    )
  return (
    <div className="identity-sides">
      This contact went into
      <Link
        to="/w/$workspaceId/contacts/$contactId"
        params={{ workspaceId, contactId: String(merge.winner_id) }}
        className="text-link"
      >
        {merge.winner_id}
      </Link>
    </div>
  )
}
