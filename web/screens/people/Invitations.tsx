import { ActionIcon, Modal, Tooltip } from '@mantine/core'
import { IconMailForward, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Invitation, InvitationSent } from '../../../shared/users.ts'
import { invitations, sendAgain, withdraw } from '../../api/people.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Pill } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { LinkOnce } from './LinkOnce.tsx'
import { useRoleChoices, valueOfRole } from './roleWords.ts'

/** Those who were asked and have not come yet. */
export function Invitations() {
  const { data } = useQuery(invitations(useWorkspaceId()))
  const [sent, show] = useState<InvitationSent>()
  if (!data || data.data.length === 0) return null
  return (
    <section className="people-invited">
      <h2>Invited</h2>
      <ul className="setting-list" aria-label="Invitations">
        {data.data.map(invitation => (
          <Line key={invitation.id} invitation={invitation} show={show} />
        ))}
      </ul>
      <Modal opened={sent !== undefined} onClose={() => show(undefined)} title="Invitation sent again">
        {sent && <LinkOnce invitation={sent} done={() => show(undefined)} />}
      </Modal>
    </section>
  )
}

function Line({ invitation, show }: { invitation: Invitation; show: (sent: InvitationSent) => void }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const choices = useRoleChoices()
  const { id, email, invited_by, sent_at, expires_at } = invitation
  const is_over = Date.parse(expires_at) < Date.now()
  const send = () =>
    act(async () => show(await sendAgain(workspace_id, id)), { done: `Sent to ${email} again`, failed: 'It was not sent again' })
  const takeBack = () =>
    act(() => withdraw(workspace_id, id), { done: `The invitation of ${email} was withdrawn`, failed: 'It was not withdrawn' })
  return (
    <li className="people-line">
      <div className="people-who">
        <b className="cut">{email}</b>
        <span className="muted">
          {choices.find(({ value }) => value === valueOfRole(invitation))?.label}
          {invited_by !== null && `, by ${invited_by}`}, sent <RelativeTime at={sent_at} />
        </span>
      </div>
      {is_over && <Pill tone="warm">Ran out</Pill>}
      <Tooltip label="Send again, with a new link">
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Send to ${email} again`} onClick={() => void send()}>
          <IconMailForward size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Withdraw">
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={`Withdraw the invitation of ${email}`}
          onClick={() => void takeBack()}
        >
          <IconTrash size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </li>
  )
}
