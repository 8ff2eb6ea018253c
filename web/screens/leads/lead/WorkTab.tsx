import { useInfiniteQuery } from '@tanstack/react-query'
import type { LeadShown } from '../../../../shared/leads.ts'
import { tasks } from '../../../api/tasks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useList } from '../../../ui/list.ts'
import { Section } from '../../../ui/Section.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { useMayChange } from '../useUsers.ts'
import { LogEntry } from './LogEntry.tsx'
import { QuickAdd } from './QuickAdd.tsx'
import { ShowMore } from './ShowMore.tsx'
import { TodoLine } from './TodoLine.tsx'

/** What is to do, what was done, and the field to write down both. */
export function WorkTab({ lead }: { lead: LeadShown }) {
  const workspace_id = useWorkspaceId()
  const may_change = useMayChange()(lead)
  const todo = useList(useInfiniteQuery(tasks(workspace_id, { lead_id: lead.id, state: 'open' })))
  const log = useList(useInfiniteQuery(tasks(workspace_id, { lead_id: lead.id, state: 'done' })))
  const error = todo.error ?? log.error
  if (error) return <Failure error={error} retry={todo.error ? todo.retry : log.retry} title="The tasks could not be loaded" />
  return (
    <div className="lead-work">
      {may_change && <QuickAdd lead={lead} />}
      {todo.rows.length > 0 && (
        <Section title="To do">
          <ul className="lead-todos">
            {todo.rows.map(task => (
              <TodoLine key={task.id} task={task} may_change={may_change} />
            ))}
          </ul>
          <ShowMore list={todo} />
        </Section>
      )}
      <Section title="Log">
        {log.pending ? (
          <SkeletonLines lines={4} />
        ) : log.rows.length ? (
          <ol className="lead-log">
            {log.rows.map(task => (
              <LogEntry key={task.id} task={task} />
            ))}
          </ol>
        ) : (
          <p className="muted lead-quiet">
            Nothing was written down yet. Calls, e-mails and meetings count as attempts to reach the person; notes do not.
          </p>
        )}
        <ShowMore list={log} />
      </Section>
    </div>
  )
}
