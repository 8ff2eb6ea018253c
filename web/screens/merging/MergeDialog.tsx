import { Modal } from '@mantine/core'
import { useState } from 'react'
import type { Contact } from '../../../shared/contacts.ts'
import { nameOf } from '../contacts/names.ts'
import { ChooseContact } from './ChooseContact.tsx'
import { Preview } from './Preview.tsx'

type Props = {
  contact: Pick<Contact, 'id' | 'name' | 'email' | 'phone'>
  other_id?: number
  opened: boolean
  onClose: () => void
}

/** First whom, then what would come of it, and only then the merge. */
export function MergeDialog({ contact, other_id, opened, onClose }: Props) {
  const [chosen, choose] = useState<number | undefined>(other_id)
  const close = () => {
    choose(other_id)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={720}
      title={chosen ? 'Merge two contacts' : `Merge another contact into ${nameOf(contact)}`}
    >
      {chosen ? (
        <Preview contact_id={contact.id} other_id={chosen} back={other_id ? undefined : () => choose(undefined)} done={close} />
      ) : (
        <ChooseContact except={contact.id} choose={choose} />
      )}
    </Modal>
  )
}
