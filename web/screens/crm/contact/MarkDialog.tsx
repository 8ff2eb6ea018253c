import { Modal, Radio, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { Contact } from '../../../../shared/contacts.ts'
import type { ContactCrm, CrmMarkPut } from '../../../../shared/crm.ts'
import { markContact } from '../../../api/crm.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { DialogEnd } from '../../../ui/DialogEnd.tsx'
import { nameOf } from '../../contacts/names.ts'

type Mark = Static<typeof CrmMarkPut>
type Props = { contact: Contact; mark: ContactCrm['mark']; opened: boolean; onClose: () => void }

const CHOICES = [
  ['review', 'For review', 'Somebody looks at them over there. Nothing is lost.'],
  ['spam', 'Spam', 'Over there they are marked for review or deleted, as each connection is set.'],
] as const

/** What is wrong with somebody, for every CRM that knows them. */
export function MarkDialog({ contact, mark, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Mark ${nameOf(contact)}`}>
      <MarkForm contact={contact} mark={mark} done={onClose} />
    </Modal>
  )
}

function MarkForm({ contact, mark, done }: { contact: Contact; mark: ContactCrm['mark']; done: () => void }) {
  const [as, setAs] = useState<Mark['mark']>(mark?.mark ?? 'review')
  const [note, setNote] = useState(mark?.note ?? '')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, body: Mark) => markContact(workspace_id, contact.id, body),
    'The mark was set',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ mark: as, note: note.trim() || null }, { onSuccess: done })
      }}
    >
      <Radio.Group label="As what" value={as} onChange={value => setAs(value as Mark['mark'])}>
        <Stack gap={10} mt={8}>
          {CHOICES.map(([value, label, about]) => (
            <Radio key={value} value={value} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        mt="md"
        label="Why"
        description="For your people; it stays here."
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <DialogEnd submit="Set the mark" disabled={false} saving={isPending} error={error} cancel={done} />
    </form>
  )
}
