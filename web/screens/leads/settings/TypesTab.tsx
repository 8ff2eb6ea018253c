import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createLeadType, leadTypes } from '../../../api/leads.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { count } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { keyOf } from './keyOf.ts'
import { TypeForm } from './TypeForm.tsx'

export function TypesTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(leadTypes(useWorkspaceId()))
  const [opened, open] = useState<string>()
  const [adding, add] = useDisclosure()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The lead types could not be loaded" />
  if (!data) return <SkeletonLines lines={8} padding="20px 0" />
  return (
    <>
      <p className="muted settings-page-about">
        A type says what is asked of a lead besides what every lead has. Whatever else a lead brings is kept as well.
      </p>
      <ul className="setting-list">
        {data.data.map(type => (
          <li key={type.key}>
            <button
              type="button"
              className="setting-line"
              aria-expanded={opened === type.key}
              onClick={() => open(opened === type.key ? undefined : type.key)}
            >
              <b>{type.name}</b>
              <code className="muted">{type.key}</code>
              {type.is_own && <Pill tone="accent">your own</Pill>}
              <span className="muted number">{count(type.fields.length, 'field')}</span>
            </button>
            {opened === type.key && <TypeForm type={type} may_change={may_change} />}
          </li>
        ))}
      </ul>
      {may_change && (
        <Button variant="default" mt="lg" leftSection={<IconPlus size={15} />} onClick={add.open}>
          Add a lead type
        </Button>
      )}
      <Modal opened={adding} onClose={add.close} title="New lead type">
        <NewType
          done={key => {
            add.close()
            if (key) open(key)
          }}
        />
      </Modal>
    </>
  )
}

function NewType({ done }: { done: (key?: string) => void }) {
  const [name, setName] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, name: string) => createLeadType(workspace_id, { key: keyOf(name), name }),
    'Lead type added',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(name.trim(), { onSuccess: ({ key }) => done(key) })
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        description={keyOf(name) ? `Webhooks and the API call it ${keyOf(name)}` : 'Roofing, mortgage, …'}
        maxLength={50}
        error={error?.message}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => done()}>
          Cancel
        </Button>
        <Button type="submit" disabled={!keyOf(name)} loading={isPending}>
          Add type
        </Button>
      </Group>
    </form>
  )
}
