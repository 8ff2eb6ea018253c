import type { AppointmentsQuery } from '../../../../shared/appointments.ts'
import type { ListTab } from '../Filters.tsx'

/** The same question for so long, so that the answer is asked for once. */
const MINUTES_5 = 300_000

/** What each list asks for, of what has ended by now or has not. */
export function listOf(tab: ListTab, now = Date.now()): AppointmentsQuery {
  const present = new Date(Math.floor(now / MINUTES_5) * MINUTES_5).toISOString()
  if (tab === 'next') return { open: true, since: present, sort: 'scheduled_at' }
  if (tab === 'unassigned') return { open: true, assigned_to: 0, sort: 'scheduled_at' }
  if (tab === 'waiting') return { open: true, until: present, sort: '-scheduled_at' }
  return { sort: '-scheduled_at' }
}
