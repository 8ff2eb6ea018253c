import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { Section } from '../../../ui/Section.tsx'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { useZone } from '../useTypes.ts'

const STATES = {
  waiting: { label: 'Planned', tone: 'accent' },
  sent: { label: 'Sent', tone: 'good' },
  skipped: { label: 'Left out', tone: 'plain' },
} as const

/** What will be sent, or was, before it begins. */
export function Reminders({ appointment: { reminders } }: { appointment: AppointmentShown }) {
  const zone = useZone()
  if (!reminders.length) return null
  return (
    <Section title="Reminders">
      <ul className="appointment-reminders">
        {reminders.map(({ recipient, before_minutes, due_at, state, reason }) => (
          <li key={`${recipient} ${before_minutes}`}>
            <span>
              {shortDayIn(due_at, zone)}, {clockIn(due_at, zone)}
              <span className="muted"> to {recipient === 'customer' ? 'the customer' : 'who has it'}</span>
            </span>
            <Pill tone={STATES[state].tone} title={reason ?? undefined}>
              {STATES[state].label}
            </Pill>
            {state === 'skipped' && reason && <span className="muted">{reason}</span>}
          </li>
        ))}
      </ul>
    </Section>
  )
}
