import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import type { Contact } from '../../../shared/contacts.ts'
import { archiveContact, restoreContact } from '../../api/contacts.ts'
import { useMay } from '../../api/may.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

export function ArchiveButton({ contact: { id } }: { contact: Contact }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const archive = () =>
    void act(() => archiveContact(workspace_id, id), { done: 'Archived', failed: 'The contact was not archived' })
  return (
    <Tooltip label="Archive">
      <ActionIcon variant="default" size={36} aria-label="Archive this contact" onClick={archive}>
        <IconArchive size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

/** Why nobody finds them in a list, and the way back. */
export function ArchivedNote({ id, since }: { id: number; since: string }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const may_restore = useMay('update')
  const restore = () =>
    void act(() => restoreContact(workspace_id, id), { done: 'Restored', failed: 'The contact was not restored' })
  return (
    <div className="contact-part-of contact-archived" role="status">
      <p>
        Archived <RelativeTime at={since} />: in no list, segment or count until they do something.
      </p>
      {may_restore && (
        <Button variant="default" size="xs" onClick={restore}>
          Restore
        </Button>
      )}
    </div>
  )
}
