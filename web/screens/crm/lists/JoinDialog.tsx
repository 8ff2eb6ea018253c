import { Modal, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MailingList, MailingListJoin } from '../../../../shared/crm.ts'
import { joinMailingList } from '../../../api/crm.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { DialogEnd } from '../../../ui/DialogEnd.tsx'
import { fieldsOf, saidOf } from '../connections/fieldsOf.ts'

type Props = { list: MailingList; opened: boolean; onClose: () => void }

/** By e-mail alone, whether they are known here or not. */
export function JoinDialog({ list, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Add somebody to ${list.name}`}>
      <JoinForm list={list} done={onClose} />
    </Modal>
  )
}

function JoinForm({ list: { id, name }, done }: { list: MailingList; done: () => void }) {
  const [email, setEmail] = useState('')
  const [first_name, setFirstName] = useState('')
  const [last_name, setLastName] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, body: MailingListJoin) => joinMailingList(workspace_id, id, body),
    `${email.trim()} is on ${name}`,
  )
  const names = Object.fromEntries(Object.entries({ first_name, last_name }).filter(([, name]) => name.trim()))
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ email: email.trim(), ...names }, { onSuccess: done })
      }}
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="E-mail"
          description="They need not be known here."
          type="email"
          maxLength={320}
          error={fieldsOf(error).email}
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            label="First name"
            maxLength={200}
            value={first_name}
            onChange={({ currentTarget }) => setFirstName(currentTarget.value)}
          />
          <TextInput
            label="Last name"
            maxLength={200}
            value={last_name}
            onChange={({ currentTarget }) => setLastName(currentTarget.value)}
          />
        </SimpleGrid>
      </Stack>
      <DialogEnd submit="Add to the list" disabled={!email.trim()} saving={isPending} error={saidOf(error)} cancel={done} />
    </form>
  )
}
