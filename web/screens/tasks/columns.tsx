import type { Task } from '../../../shared/tasks.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import type { Column } from '../../ui/TableHead.tsx'
import { ahead } from '../../ui/times.ts'
import { Assignee } from '../leads/LeadParts.tsx'
import { TASK_WORDS } from '../leads/lead/taskWords.ts'

const nothing = <span className="muted">–</span>

export const columns: Column<Task>[] = [
  { key: 'title', title: 'Task', width: 'minmax(0, 2.4fr)', cell: task => <Title task={task} /> },
  { key: 'contact', title: 'Contact', width: 'minmax(0, 1.2fr)', cell: ({ contact_name }) => contact_name ?? nothing },
  {
    key: 'assignee',
    title: 'Who does it',
    width: 'minmax(0, 1fr)',
    cell: ({ assigned_to }) => <Assignee user_id={assigned_to} />,
  },
  { key: 'due', title: 'Due', width: '104px', align: 'right', cell: task => <When task={task} /> },
]

function Title({ task: { kind, title } }: { task: Task }) {
  const { icon: Sign, label } = TASK_WORDS[kind]
  return (
    <span className="tasks-title">
      <Sign size={16} stroke={1.6} role="img" aria-label={label} />
      <b className="cut">{title}</b>
    </span>
  )
}

function When({ task: { due_at, done_at } }: { task: Task }) {
  if (done_at) return <RelativeTime at={done_at} />
  if (!due_at) return <span className="muted">no date</span>
  const due = Date.parse(due_at) <= Date.now()
  return (
    <span className="number" data-due={due || undefined}>
      {due ? <RelativeTime at={due_at} /> : ahead(due_at)}
    </span>
  )
}

/** On a narrow screen. */
export function CompactTask({ task }: { task: Task }) {
  return (
    <div className="tasks-compact">
      <Title task={task} />
      <When task={task} />
      <span className="cut muted">{task.contact_name ?? 'no contact'}</span>
      <span className="muted">
        <Assignee user_id={task.assigned_to} />
      </span>
    </div>
  )
}
