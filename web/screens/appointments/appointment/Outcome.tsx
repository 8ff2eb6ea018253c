import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { Facts } from '../../../ui/Facts.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { ahead } from '../../../ui/times.ts'
import { isWaiting, outcomeName } from '../words.ts'

/** What came of it and what comes next; why there is nothing to say, when it was cancelled. */
export function Outcome({ appointment }: { appointment: AppointmentShown }) {
  const { status, outcome, next_step, next_step_at, cancel_reason, ended_at } = appointment
  if (isWaiting(appointment))
    return (
      <Section title="Outcome">
        <p className="appointment-quiet">
          It is over, and nobody wrote down what came of it. Complete it, or say that nobody came: then it leaves the list of
          those without an outcome.
        </p>
      </Section>
    )
  if (ended_at === null && !next_step) return null
  return (
    <Section title={ended_at === null ? 'Next step' : 'Outcome'}>
      <Facts
        facts={[
          ['Came of it', status === 'no_show' ? 'nobody came' : status === 'completed' ? outcome && outcomeName(outcome) : null],
          ['Cancelled', status === 'cancelled' ? (cancel_reason ?? 'without a reason') : null],
          ['Ended', ended_at && <RelativeTime key="ended" at={ended_at} />],
          ['Next step', next_step],
          ['By when', next_step_at && <Due key="due" at={next_step_at} />],
        ]}
      />
    </Section>
  )
}

function Due({ at }: { at: string }) {
  const due = Date.parse(at) <= Date.now()
  return (
    <span className="number" data-due={due || undefined}>
      {due ? <RelativeTime at={at} /> : ahead(at)}
    </span>
  )
}
