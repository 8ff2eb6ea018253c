import { Checkbox } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Task } from '../../../../shared/tasks.ts'
import { updateTask } from '../../../api/tasks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { ahead } from '../../../ui/times.ts'
import { Assignee } from '../LeadParts.tsx'
import { TASK_WORDS } from './taskWords.ts'

/** One thing to do, to be ticked off. */
export function TodoLine({ task, may_change }: { task: Task; may_change: boolean }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  // Ticked from the click until the line goes: the mutation tells that it is pending a moment late, and ends before the list is drawn.
  const [ticked, setTicked] = useState(false)
  const { mutate } = useMutation({
    mutationFn: () => updateTask(workspace_id, task.id, { done: true }),
    onError: error => {
      setTicked(false)
      notifications.show({ color: 'red', title: 'This was not saved', message: error.message })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  const { icon: Sign, label } = TASK_WORDS[task.kind]
  return (
    <li className="lead-todo">
      <Checkbox
        aria-label={`Done: ${task.title}`}
        checked={ticked}
        disabled={!may_change || ticked}
        onChange={() => {
          setTicked(true)
          mutate()
        }}
      />
      <Sign size={16} stroke={1.6} role="img" aria-label={label} />
      <span className="lead-todo-title">{task.title}</span>
      <span className="muted">
        <Assignee user_id={task.assigned_to} />
      </span>
      <Due at={task.due_at} />
    </li>
  )
}

function Due({ at }: { at: string | null }) {
  if (at === null) return <span className="muted">no date</span>
  const due = Date.parse(at) <= Date.now()
  return (
    <span className="number" data-due={due || undefined}>
      {due ? <RelativeTime at={at} /> : ahead(at)}
    </span>
  )
}
