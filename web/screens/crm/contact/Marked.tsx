import { Button } from '@mantine/core'
import type { Contact } from '../../../../shared/contacts.ts'
import type { ContactCrm } from '../../../../shared/crm.ts'
import { unmarkContact } from '../../../api/crm.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { actorName } from '../../activities/words.ts'
import { MARKS } from '../words.ts'

type Props = { contact: Contact; mark: ContactCrm['mark']; may_mark: boolean; change: () => void }

/** That somebody marked the person, why, and the way back. */
export function Marked({ contact, mark, may_mark, change }: Props) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  if (!mark) return null
  const takeBack = () =>
    void act(() => unmarkContact(workspace_id, contact.id), {
      done: 'The mark was taken back',
      failed: 'The mark was not taken back',
    })
  return (
    <div className="contact-crm-mark" data-mark={mark.mark} role="status">
      <div>
        <p>
          <b>{MARKS[mark.mark]}</b>
          {mark.note && `: ${mark.note}`}
        </p>
        <p className="muted">
          Marked by {actorName(mark.actor)} <RelativeTime at={mark.at} />. Every CRM that knows them is told; what it made of that
          stays there.
        </p>
      </div>
      {may_mark && (
        <span className="contact-crm-end">
          <Button variant="default" size="compact-sm" onClick={change}>
            Change…
          </Button>
          <Button variant="default" size="compact-sm" onClick={takeBack}>
            Take back
          </Button>
        </span>
      )}
    </div>
  )
}
