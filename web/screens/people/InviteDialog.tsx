import { Modal, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { InvitationCreate, InvitationSent } from '../../../shared/users.ts'
import { invite } from '../../api/people.ts'
import { useSetting } from '../../api/useSetting.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { LinkOnce } from './LinkOnce.tsx'
import { ROLE_WORDS, roleOf, useRoleChoices } from './roleWords.ts'

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody">
      <InviteForm done={onClose} />
    </Modal>
  )
}

function InviteForm({ done }: { done: () => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('agent')
  const [sent, setSent] = useState<InvitationSent>()
  const { mutate, isPending, error } = useSetting(
    (workspace_id, body: InvitationCreate) => invite(workspace_id, body),
    'Invitation made',
  )
  const choices = useRoleChoices()
  if (sent) return <LinkOnce invitation={sent} done={done} />
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ email: email.trim(), ...roleOf(role) }, { onSuccess: setSent })
      }}
    >
      <TextInput
        autoFocus
        required
        type="email"
        label="E-mail"
        placeholder="mei@example.com"
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <Select
        mt="md"
        label="Role"
        description={ROLE_WORDS[role]?.[1]}
        data={choices}
        value={role}
        onChange={chosen => chosen && setRole(chosen)}
        allowDeselect={false}
      />
      <DialogEnd submit="Invite" disabled={!email.trim()} saving={isPending} error={error} cancel={done} />
    </form>
  )
}
