import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ErasurePreview, PrivacySubject } from '../../../shared/privacy.ts'
import { eraseSomebody } from '../../api/privacy.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

type Props = { found: { whom: PrivacySubject; preview: ErasurePreview } | undefined; onClose: (erased: boolean) => void }

/** Who it is and what goes, before it cannot be taken back. */
export function EraseDialog({ found, onClose }: Props) {
  return (
    <Modal opened={found !== undefined} onClose={() => onClose(false)} title="Erase this person?">
      {found && <Asked {...found} onClose={onClose} />}
    </Modal>
  )
}

function Asked({ whom, preview: { contacts, counts }, onClose }: NonNullable<Props['found']> & Pick<Props, 'onClose'>) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const [reason, say] = useState('')
  const [busy, work] = useState(false)
  const tables = Object.entries(counts).sort(([, one], [, other]) => other - one)
  const erase = async () => {
    work(true)
    const done = await act(() => eraseSomebody(workspace_id, { ...whom, reason: reason.trim() || null }), {
      done: 'It is being erased',
      failed: 'Nothing was erased',
    })
    work(false)
    if (done) onClose(true)
  }
  return (
    <>
      {contacts.map(({ id, name, email, phone }) => (
        <p key={id}>
          <b>{name ?? email ?? phone ?? `Contact ${id}`}</b>{' '}
          <span className="muted">{[email, phone].filter(Boolean).join(', ')}</span>
        </p>
      ))}
      {contacts.length === 0 && <p>No contact; but what they wrote elsewhere goes.</p>}
      {tables.length === 0 && <p className="muted">Nothing was found.</p>}
      <dl className="erase-counts" aria-label="What goes">
        {tables.map(([table, rows]) => (
          <div key={table}>
            <dt>{table.replaceAll('_', ' ')}</dt>
            <dd className="number">{rows.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      <TextInput
        label="Why"
        description="It is kept: name nobody in it"
        value={reason}
        onChange={event => say(event.currentTarget.value)}
      />
      <p className="muted">CRMs are told first. It cannot be taken back.</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => onClose(false)}>
          Cancel
        </Button>
        <Button color="red" loading={busy} onClick={() => void erase()}>
          Erase
        </Button>
      </Group>
    </>
  )
}
