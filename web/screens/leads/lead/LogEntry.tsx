import type { Task } from '../../../../shared/tasks.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { actorName } from '../../activities/words.ts'
import { TASK_WORDS } from './taskWords.ts'

/** One call, e-mail, meeting, note or task that is done. */
export function LogEntry({ task }: { task: Task }) {
  const { icon: Sign, label } = TASK_WORDS[task.kind]
  const is_note = task.kind === 'note'
  return (
    <li>
      <Sign size={16} stroke={1.6} aria-hidden />
      <div>
        <p className="lead-log-head">
          <b>{is_note ? label : task.title}</b>
          {!is_note && task.outcome && !task.title.includes(task.outcome) && <span> · {task.outcome}</span>}
          <span className="muted"> by {actorName(task.created_by)}</span>
        </p>
        {(task.body ?? (is_note ? task.title : null)) && <p className="lead-log-body">{task.body ?? task.title}</p>}
      </div>
      <RelativeTime at={task.done_at ?? task.created_at} />
    </li>
  )
}
