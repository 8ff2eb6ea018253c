import type { Lead } from '../../../shared/leads.ts'
import { LevelBars } from '../../ui/LevelBars.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { absolute, ahead } from '../../ui/times.ts'
import { useUserName } from './useUsers.ts'
import { isDue, KINDS, priorityName } from './words.ts'
import './lead-parts.css'

export function Status({ lead: { kind, status_name, lost_reason } }: { lead: Lead }) {
  return (
    <Pill tone={KINDS[kind].tone} title={lost_reason ?? undefined}>
      {status_name}
    </Pill>
  )
}

export function Priority({ priority, named }: { priority: number; named?: boolean }) {
  const name = priorityName(priority)
  return (
    <span className="lead-priority" title={`Priority: ${name}`}>
      <LevelBars levels={4} level={5 - priority} top={priority === 1} />
      <span className={named ? undefined : 'unseen'}>{name}</span>
    </span>
  )
}

export function Assignee({ user_id, empty = 'nobody' }: { user_id: number | null; empty?: string }) {
  const nameOfUser = useUserName()
  if (user_id === null) return <span className="muted">{empty}</span>
  return <>{nameOfUser(user_id)}</>
}

/** When somebody is to be called again. */
export function FollowUp({ lead, empty = '–' }: { lead: Lead; empty?: string }) {
  const { follow_up_at } = lead
  if (!follow_up_at) return <span className="muted">{empty}</span>
  const due = isDue(lead)
  return (
    <span className="number" data-due={due || undefined} title={absolute(follow_up_at)}>
      {due ? <RelativeTime at={follow_up_at} /> : ahead(follow_up_at)}
    </span>
  )
}
