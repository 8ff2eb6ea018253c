import type { Lead, LeadStatusChange } from '../../../shared/leads.ts'
import type { Stage } from '../../../shared/pipelines.ts'
import { LostDialog } from './LostDialog.tsx'
import { WonDialog } from './WonDialog.tsx'

export type Closing = Pick<LeadStatusChange, 'lost_reason' | 'conversion'>

/** Whether somebody has to say more before a lead goes there: why it is lost, or what it brought. */
export function asksMore(lead: Lead, stage: Stage) {
  if (stage.kind === 'open' || stage.kind === lead.kind) return false
  return stage.kind === 'lost' || !lead.is_test
}

type Props = { asked: { lead: Lead; stage: Stage } | undefined; confirm: (closing: Closing) => void; onClose: () => void }

/** The question that belongs to the stage. */
export function ClosingDialog({ asked, confirm, onClose }: Props) {
  const { lead, stage } = asked ?? {}
  return (
    <>
      <LostDialog
        stage={stage?.kind === 'lost' ? stage : undefined}
        confirm={lost_reason => confirm({ lost_reason })}
        onClose={onClose}
      />
      <WonDialog
        lead={lead}
        stage={stage?.kind === 'won' ? stage : undefined}
        confirm={conversion => confirm(conversion ? { conversion } : {})}
        onClose={onClose}
      />
    </>
  )
}
