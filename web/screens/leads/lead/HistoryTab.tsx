import { useInfiniteQuery } from '@tanstack/react-query'
import type { LeadEvent, LeadShown } from '../../../../shared/leads.ts'
import { leadEvents } from '../../../api/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { InfiniteEnd } from '../../../ui/InfiniteEnd.tsx'
import { useList } from '../../../ui/list.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { ActivityLine } from '../../activities/ActivityLine.tsx'
import { useStages } from '../useStages.ts'
import { priorityName } from '../words.ts'

/** Every change of the lead and its tasks, the newest first. */
export function HistoryTab({ lead }: { lead: LeadShown }) {
  const list = useList(useInfiniteQuery(leadEvents(useWorkspaceId(), lead.id)))
  const inWords = useWords(lead)
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The history could not be loaded" />
  if (list.pending) return <SkeletonLines lines={8} padding="16px var(--edge)" />
  return (
    <>
      <ol className="lead-history" aria-label="History">
        {list.rows.map(event => (
          <li key={event.id}>
            <ActivityLine action={event.action} actor={event.actor} before={inWords(event.before)} after={inWords(event.after)} />
            <RelativeTime at={event.at} />
          </li>
        ))}
      </ol>
      <InfiniteEnd list={list} end="This is where it began" />
    </>
  )
}

const FOR_PROGRAMS = new Set(['reason', 'rule_id', 'pipeline_id', 'task_id', 'kind', 'done_at', 'body', 'contact_id', 'lead_id'])

/** Priorities and keys of stages as people call them; what is only for programs is left out. */
function useWords({ pipeline_id }: LeadShown) {
  const stages = useStages(pipeline_id)
  return (facts: LeadEvent['before']) => {
    if (!facts) return null
    const said = Object.fromEntries(Object.entries(facts).filter(([name]) => !FOR_PROGRAMS.has(name)))
    if (typeof said.priority === 'number') said.priority = priorityName(said.priority)
    if (typeof said.status === 'string') said.status = stages.find(({ key }) => key === said.status)?.name ?? said.status
    return said
  }
}
