import type { Contact } from '../../../shared/contacts.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StageByHand } from './StageByHand.tsx'
import { STAGES } from './stages.tsx'
import './stage-line.css'

/** The way from lead to converted, with the time of each step; where somebody set the stage, steps that were made may be ahead of it. */
export function StageLine({ contact }: { contact: Contact }) {
  const reached = STAGES.findIndex(({ value }) => value === contact.stage)
  return (
    <>
      <ol className="stage-line" aria-label="Stages" data-done={contact.stage === 'converted' || undefined}>
        {STAGES.map(({ value, label, at }, index) => (
          <li key={value} data-on={index <= reached || undefined} aria-current={index === reached ? 'step' : undefined}>
            <span className="stage-line-label">{label}</span>
            <span className="stage-line-time">
              <RelativeTime
                at={contact[at] ?? (index === 0 ? contact.created_at : null)}
                empty={index > reached ? 'not yet' : value === contact.stage_by_hand?.stage ? 'by hand' : 'skipped'}
              />
            </span>
          </li>
        ))}
      </ol>
      <StageByHand contact={contact} />
    </>
  )
}
