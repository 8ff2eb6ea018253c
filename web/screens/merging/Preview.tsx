import { Button, Checkbox, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { merge, mergePreview } from '../../api/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { FieldTable } from './FieldTable.tsx'
import './merging.css'

type Props = { contact_id: number; other_id: number; back: (() => void) | undefined; done: () => void }

export function Preview({ contact_id, other_id, back, done }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [force, setForce] = useState(false)
  const { data, error, refetch } = useQuery(mergePreview(workspace_id, contact_id, other_id))
  const run = useMutation({
    mutationFn: () => merge(workspace_id, contact_id, { other_id, ...(force && { force }) }),
    onSuccess: () => {
      notifications.show({ title: 'Merged', message: 'It can be undone under Identity, Merges.' })
      done()
      return queries.invalidateQueries({ queryKey: [workspace_id] })
    },
  })
  if (error) return <Failure error={error} retry={() => void refetch()} title="The merge could not be worked out" />
  if (!data) return <SkeletonLines lines={9} />

  return (
    <>
      <p className="merging-sum">
        Contact <b className="number">{data.loser_id}</b> goes into <b className="number">{data.winner_id}</b>, with{' '}
        {count(data.visitors, 'visitor')} and {count(data.events, 'event')}. Nothing is deleted, and it can be undone.
      </p>
      <FieldTable preview={data} />
      {data.needs_force && (
        <Checkbox
          mt="md"
          label="Both have a user id of their own. I am sure that they are one person."
          checked={force}
          onChange={event => setForce(event.currentTarget.checked)}
        />
      )}
      {run.error && (
        <Text c="red" size="sm" mt="sm" role="alert">
          {run.error.message}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={back ?? done}>
          {back ? 'Choose another' : 'Cancel'}
        </Button>
        <Button loading={run.isPending} disabled={data.needs_force && !force} onClick={() => run.mutate()} data-autofocus>
          Merge
        </Button>
      </Group>
    </>
  )
}
