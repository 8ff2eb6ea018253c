import type { LeadShown } from '../../../../shared/leads.ts'
import { duration } from '../../../ui/times.ts'
import { useStages } from '../useStages.ts'
import '../../contacts/stage-line.css'

/** The way through the pipeline, with how long the lead was in each stage; the present one counts on. */
export function StageLine({ lead }: { lead: LeadShown }) {
  const stages = useStages(lead.pipeline_id)
  const shown = stages.filter(
    ({ key, kind }) => kind === 'open' || key === lead.status || (lead.kind === 'open' && kind === 'won'),
  )
  const reached = shown.findIndex(({ key }) => key === lead.status)
  return (
    <ol
      className="stage-line lead-stages"
      aria-label="Stages"
      data-done={lead.kind === 'won' || undefined}
      data-lost={lead.kind === 'lost' || undefined}
      style={{ gridTemplateColumns: `repeat(${shown.length}, minmax(76px, 1fr))` }}
    >
      {shown.map(({ key, name }, index) => (
        <li key={key} data-on={index <= reached || undefined} aria-current={index === reached ? 'step' : undefined}>
          <span className="stage-line-label cut">{name}</span>
          <span className="stage-line-time cut">{said(lead, key, index, reached)}</span>
        </li>
      ))}
    </ol>
  )
}

function said(lead: LeadShown, status: string, index: number, reached: number) {
  const stays = lead.stays.filter(stay => stay.status === status)
  const is_end = status === lead.status && lead.kind !== 'open'
  if (is_end) return lead.lost_reason ?? 'closed'
  if (!stays.length) return index < reached ? 'skipped' : '–'
  const seconds = stays.reduce((sum, stay) => sum + stay.seconds, 0)
  return `${status === lead.status ? 'for ' : ''}${lasting(seconds)}`
}

/** "12 min", "5 h 20 min", "3 days" */
export function lasting(seconds: number) {
  const days = Math.floor(seconds / 86_400)
  if (days >= 2) return `${days} days`
  return days === 1 ? '1 day' : duration(seconds * 1000)
}
