import { Button, Collapse, Group, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronRight, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AppointmentTypeCreate } from '../../../../shared/appointments.ts'
import { appointmentTypes, createAppointmentType } from '../../../api/appointments.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { lengthOf, PLACE_WORDS } from '../words.ts'
import { TypeForm } from './TypeForm.tsx'

/** What can be booked, and where customers book it. */
export function TypesTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(appointmentTypes(useWorkspaceId()))
  const [opened, open] = useState<string>()
  const [adding, add] = useDisclosure()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The types could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  return (
    <>
      <p className="muted settings-page-about">
        Each type has its length and place. With an address, customers book it by themselves.
      </p>
      <ul className="setting-list" aria-label="Appointment types">
        {data.data.map(type => {
          const is_open = opened === type.key
          return (
            <li key={type.key}>
              <button
                type="button"
                className="setting-line hours-line"
                aria-expanded={is_open}
                onClick={() => open(is_open ? undefined : type.key)}
              >
                <IconChevronRight size={15} stroke={1.7} className="hours-chevron" />
                <span className="hours-person">
                  <b>{type.name}</b>
                  <span className="muted">
                    {lengthOf(type.duration_minutes)} · {PLACE_WORDS[type.place].label.toLowerCase()}
                    {type.address && ` · /book/${type.address}`}
                  </span>
                </span>
                <span className="hours-states">{type.is_public && <Pill tone="good">Customers can book</Pill>}</span>
              </button>
              <Collapse expanded={is_open} keepMounted={false}>
                <TypeForm type={type} may_change={may_change} />
              </Collapse>
            </li>
          )
        })}
      </ul>
      {may_change && (
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={add.open}>
          Add a type
        </Button>
      )}
      <Modal opened={adding} onClose={add.close} title="New appointment type">
        <NewType
          done={key => {
            add.close()
            open(key)
          }}
          cancel={add.close}
        />
      </Modal>
    </>
  )
}

function NewType({ done, cancel }: { done: (key: string) => void; cancel: () => void }) {
  const [name, setName] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: AppointmentTypeCreate) => createAppointmentType(workspace_id, given),
    'Type added',
  )
  const key = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ key, name: name.trim() }, { onSuccess: () => done(key) })
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        placeholder="Roof inspection"
        maxLength={200}
        error={error?.message}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!key} loading={isPending}>
          Add type
        </Button>
      </Group>
    </form>
  )
}
