import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Task } from '../../../shared/tasks.ts'
import { updateTask } from '../../api/tasks.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { ChosenBar } from '../../ui/ChosenBar.tsx'
import { count } from '../../ui/numbers.ts'
import type { Selection } from '../../ui/useSelection.ts'

/** Ticks off all the tasks that are chosen, one after the other, as far as it goes. */
export function DoneBar({ selection }: { selection: Selection<Task> }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: async (chosen: Task[]) => {
      for (const { id } of chosen) await updateTask(workspace_id, id, { done: true })
    },
    onSuccess: (_, chosen) => {
      notifications.show({ message: `${count(chosen.length, 'task')} done` })
      selection.clear()
    },
    onError: error => notifications.show({ color: 'red', title: 'Not all of them were saved', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  return (
    <ChosenBar of="tasks" says={`${count(selection.rows.length, 'task')} chosen`} clear={selection.clear}>
      <Button leftSection={<IconCheck size={15} />} loading={isPending} onClick={() => mutate(selection.rows)}>
        Done
      </Button>
    </ChosenBar>
  )
}
