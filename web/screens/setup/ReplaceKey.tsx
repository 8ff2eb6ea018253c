import { Modal, Select, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Key } from '../../../shared/workspaces.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { rotateKey } from '../../api/workspaces.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { KeyText } from './KeyText.tsx'

const OVERLAPS = [
  { value: '0', label: 'It ends now' },
  { value: '1', label: 'One hour' },
  { value: '24', label: 'One day' },
  { value: '168', label: 'A week' },
  { value: '720', label: '30 days' },
]

/** A new key with the same rights, and how long the old one still holds. */
export function ReplaceKey({ item, close }: { item: Key; close: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [overlap, setOverlap] = useState('24')
  const { mutate, data, isPending, error } = useMutation({
    mutationFn: () => rotateKey(workspace_id, item.id, Number(overlap)),
    onSuccess: () => queries.invalidateQueries({ queryKey: [workspace_id, '/keys'] }),
  })
  return (
    <Modal
      opened
      onClose={close}
      title={data ? `The new key ${data.name}` : `Replace the key ${item.name}`}
      closeOnClickOutside={!data}
    >
      {data ? (
        <KeyText text={data.key} secret={data.kind === 'secret'} close={close} />
      ) : (
        <form
          onSubmit={event => {
            event.preventDefault()
            mutate()
          }}
        >
          <Text size="sm" mb="md">
            A new key is made with the same rights and limits. Put it where the old one is used, before that one ends.
          </Text>
          <Select
            data-autofocus
            label="The old key still holds for"
            allowDeselect={false}
            data={OVERLAPS}
            value={overlap}
            onChange={value => setOverlap(value ?? '24')}
          />
          <DialogEnd submit="Make the new key" disabled={false} saving={isPending} error={error} cancel={close} />
        </form>
      )}
    </Modal>
  )
}
