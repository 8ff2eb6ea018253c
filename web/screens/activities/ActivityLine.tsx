import type { Activity, TimelineEntry } from '../../../shared/events.ts'
import { Changes } from './Changes.tsx'
import { actionWords, actorName } from './words.ts'
import './activity-line.css'

type Props = Pick<TimelineEntry, 'before' | 'after'> & { action: string; actor: Activity['actor'] | null }

/** What changed, who changed it, and from what to what. */
export function ActivityLine({ action, actor, before, after }: Props) {
  const said = actor && (actor.kind !== 'event' || actor.name)
  return (
    <span className="activity-line">
      <span className="activity-line-words">
        <b>{actionWords(action)}</b>
        {said && ` by ${actorName(actor)}`}
      </span>
      <Changes before={before} after={after} said={action} />
    </span>
  )
}
