import type { Appointment } from '../../../../shared/appointments.ts'
import { useUserName } from '../../leads/useUsers.ts'
import { useHue } from './colours.ts'

const MOST = 6

type Props = { appointments: Appointment[]; only: number | undefined; choose: (user_id: number | undefined) => void }

/** The colours of those who have something here; a click leaves only theirs. */
export function People({ appointments, only, choose }: Props) {
  const nameOfUser = useUserName()
  const hueOf = useHue()
  const ids = [...new Set(appointments.map(({ assigned_to }) => assigned_to))].filter(id => id !== null)
  if (ids.length < 2 && !only) return null
  return (
    <ul className="calendar-people" aria-label="People">
      {ids
        .toSorted((one, other) => one - other)
        .slice(0, MOST)
        .map(id => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={only === id}
              style={{ '--hue': hueOf(id) } as React.CSSProperties}
              onClick={() => choose(only === id ? undefined : id)}
            >
              {nameOfUser(id)}
            </button>
          </li>
        ))}
      {ids.length > MOST && <li className="muted">and {ids.length - MOST} more</li>}
    </ul>
  )
}
