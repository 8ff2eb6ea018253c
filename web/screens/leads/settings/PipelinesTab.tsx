import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createPipeline, pipelines } from '../../../api/leads.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { PipelineForm } from './PipelineForm.tsx'

export function PipelinesTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(pipelines(useWorkspaceId()))
  const [adding, add] = useDisclosure()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The pipelines could not be loaded" />
  if (!data) return <SkeletonLines lines={8} padding="20px 0" />
  return (
    <>
      {data.data.map(pipeline => (
        <PipelineForm key={pipeline.id} pipeline={pipeline} may_change={may_change} />
      ))}
      {may_change && (
        <Button variant="default" mt="lg" leftSection={<IconPlus size={15} />} onClick={add.open}>
          Add a pipeline
        </Button>
      )}
      <Modal opened={adding} onClose={add.close} title="New pipeline">
        <NewPipeline done={add.close} />
      </Modal>
    </>
  )
}

function NewPipeline({ done }: { done: () => void }) {
  const [name, setName] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, name: string) => createPipeline(workspace_id, { name }),
    'Pipeline added',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(name.trim(), { onSuccess: done })
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        description="It begins with the stages of a new workspace; change them afterwards."
        maxLength={100}
        error={error?.message}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" disabled={!name.trim()} loading={isPending}>
          Add pipeline
        </Button>
      </Group>
    </form>
  )
}
