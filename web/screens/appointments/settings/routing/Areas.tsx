import { ActionIcon, Button, FileButton, Group, Modal, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconTrash, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AreaKind, AreaList } from '../../../../../shared/routing.ts'
import { areaLists, createAreaList, deleteAreaList, replaceAreas } from '../../../../api/routing.ts'
import { useDeletion, useSetting } from '../../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../../api/workspace.ts'
import { DialogEnd } from '../../../../ui/DialogEnd.tsx'
import { count } from '../../../../ui/numbers.ts'

const KINDS: Record<AreaKind, string> = {
  zip: 'ZIP code',
  zip_prefix: 'beginning of ZIP codes',
  state: 'state',
  country: 'country',
}
const PLURALS: Partial<Record<AreaKind, string>> = { zip_prefix: 'beginnings of ZIP codes', country: 'countries' }
const KIND_CHOICES = [
  { value: 'zip', label: 'ZIP codes' },
  { value: 'zip_prefix', label: 'Beginnings of ZIP codes' },
  { value: 'state', label: 'States' },
  { value: 'country', label: 'Countries' },
]

/** Areas too long to be typed into a rule: uploaded as a file, and named in as many rules as one likes. */
export function Areas({ may_change }: { may_change: boolean }) {
  const { data } = useQuery(areaLists(useWorkspaceId()))
  const [adding, add] = useDisclosure()
  if (!data) return null
  return (
    <section className="routing-areas">
      <h2>Areas</h2>
      <p className="muted settings-page-about">
        Lists of up to 100,000 ZIP codes, states or countries, one a line, for use in rules.
      </p>
      {data.data.length > 0 && (
        <ul className="setting-list" aria-label="Areas">
          {data.data.map(list => (
            <Area key={list.id} list={list} may_change={may_change} />
          ))}
        </ul>
      )}
      {may_change && (
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={add.open}>
          Add a list
        </Button>
      )}
      <Modal opened={adding} onClose={add.close} title="New list of areas">
        <NewList done={add.close} />
      </Modal>
    </section>
  )
}

function Area({ list: { id, name, kind, entry_count }, may_change }: { list: AreaList; may_change: boolean }) {
  const upload = useSetting((workspace_id, file: File) => replaceAreas(workspace_id, id, file), `${name} was replaced`)
  const remove = useDeletion(
    workspace_id => deleteAreaList(workspace_id, id),
    name,
    'A rule that asks for it must be changed first.',
  )
  const send = (file: File | null) =>
    file &&
    upload.mutate(file, {
      onSuccess: ({ added, removed, skipped }) =>
        notifications.show({ message: `${added} new, ${removed} gone, ${skipped} empty or there twice` }),
      onError: error => notifications.show({ color: 'red', title: `${name} was not replaced`, message: error.message }),
    })
  return (
    <li className="area-line">
      <span>
        <b>{name}</b> <span className="muted">{count(entry_count, KINDS[kind], PLURALS[kind])}</span>
      </span>
      {may_change && (
        <Group gap={4}>
          <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={send}>
            {props => (
              <Button
                {...props}
                variant="default"
                size="compact-sm"
                leftSection={<IconUpload size={13} />}
                loading={upload.isPending}
              >
                Upload a file
              </Button>
            )}
          </FileButton>
          <ActionIcon variant="subtle" color="gray" aria-label={`Delete ${name}`} onClick={remove}>
            <IconTrash size={15} stroke={1.7} />
          </ActionIcon>
        </Group>
      )}
    </li>
  )
}

function NewList({ done }: { done: () => void }) {
  const [name, setName] = useState('')
  const [kind, setKind] = useState<AreaKind>('zip')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: { name: string; kind: AreaKind }) => createAreaList(workspace_id, given),
    'List added: upload its file now',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), kind }, { onSuccess: done })
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        placeholder="Bay area"
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Select
        mt="sm"
        label="Of"
        allowDeselect={false}
        data={KIND_CHOICES}
        value={kind}
        onChange={value => value && setKind(value as AreaKind)}
      />
      <DialogEnd submit="Add list" disabled={!name.trim()} saving={isPending} error={error} cancel={done} />
    </form>
  )
}
