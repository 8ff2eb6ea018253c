import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Task } from '../../../shared/tasks.ts'
import { updateTask } from '../../api/tasks.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
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
    <div className="tasks-selection" role="toolbar" aria-label="Chosen tasks">
      <b className="number" aria-live="polite">
        {count(selection.rows.length, 'task')} chosen
      </b>
      <Button leftSection={<IconCheck size={15} />} loading={isPending} onClick={() => mutate(selection.rows)}>
        Done
      </Button>
      <Button variant="default" onClick={selection.clear}>
        Choose none
      </Button>
    </div>
  )
}
