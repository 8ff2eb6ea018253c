import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import type { Contact } from '../../../shared/contacts.ts'
import type { ContactMerge, IdentityLink } from '../../../shared/identity.ts'
import type { Visitor } from '../../../shared/visitors.ts'
import { removeVisitor, undoMerge } from '../../api/contacts.ts'
import { undoLink } from '../../api/identity.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { count } from '../../ui/numbers.ts'
import { nameOf } from './names.ts'

/** Asks, with what will happen in so many words, and then takes the link back. */
export function useUndoLink(contact: Contact, visitors: Visitor[]) {
  const workspace_id = useWorkspaceId()
  const run = useRun()
  return (link: IdentityLink) => {
    const visitor = visitors.find(({ distinct_id }) => distinct_id === link.distinct_id)
    const brought = visitor
      ? `its ${count(visitor.event_count, 'event')} and ${count(visitor.visit_count, 'visit')}`
      : 'all its events'
    modals.openConfirmModal({
      title: 'Undo this link?',
      children: (
        <div className="identity-confirm">
          <p>
            <code>{link.distinct_id}</code> and <code>{link.other_distinct_id ?? `contact ${link.contact_id}`}</code> will no
            longer count as one person because of this link.
          </p>
          <ul>
            <li>
              Unless another link still holds them together, <code>{link.distinct_id}</code> leaves {nameOf(contact)} and takes{' '}
              {brought} along.
            </li>
            <li>Timeline, properties, stage and counts of both sides are computed again from what each really did.</li>
            <li>No event is deleted. The same claim will not link these two again; a person can, by hand.</li>
          </ul>
        </div>
      ),
      labels: { confirm: 'Undo the link', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(() => undoLink(workspace_id, link.id), 'The link was undone'),
    })
  }
}

/** Takes a visitor out, whatever it is linked by: every accepted claim that names it is taken back. */
export function useTakeOut(contact: Contact) {
  const workspace_id = useWorkspaceId()
  const run = useRun()
  return (visitor: Visitor) => {
    modals.openConfirmModal({
      title: 'Take this visitor out?',
      children: (
        <div className="identity-confirm">
          <p>
            <code>{visitor.distinct_id}</code> leaves {nameOf(contact)} and takes its {count(visitor.event_count, 'event')} and{' '}
            {count(visitor.visit_count, 'visit')} along.
          </p>
          <ul>
            <li>Every link that names it is taken back. Others that were only held together by it may part, too.</li>
            <li>No event is deleted. The same claims will not link it here again; a person can, by hand.</li>
          </ul>
        </div>
      ),
      labels: { confirm: 'Take it out', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(() => removeVisitor(workspace_id, contact.id, visitor.id), 'The visitor was taken out'),
    })
  }
}

export function useUndoMerge(contact: Contact) {
  const workspace_id = useWorkspaceId()
  const run = useRun()
  return (merge: ContactMerge) => {
    const loser = merge.loser_name ?? `contact ${merge.loser_id}`
    modals.openConfirmModal({
      title: 'Undo this merge?',
      children: (
        <div className="identity-confirm">
          <p>
            {loser} ({merge.loser_id}) becomes a contact of their own again.
          </p>
          <ul>
            <li>The visitors that came with {loser} go back, with all that they did before and after the merge.</li>
            <li>{nameOf(contact)} keeps everything else. Both are computed again from their own visitors.</li>
            <li>No event is deleted, and the merge stays in the log as undone.</li>
          </ul>
        </div>
      ),
      labels: { confirm: 'Undo the merge', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(() => undoMerge(workspace_id, merge.id), 'The merge was undone'),
    })
  }
}

function useRun() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return async (change: () => Promise<unknown>, done: string) => {
    try {
      await change()
      notifications.show({ message: done })
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not undone', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
}
