import type { StaffMember } from '../../../../shared/staff.ts'

type Hours = StaffMember['hours']

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** "Mon to Fri 09:00–17:00, Sat 10:00–12:00"; days in a row with the same hours are said together. */
export function hoursWords(hours: Hours): string {
  const days = WEEKDAYS.map((name, at) => ({ name: name.slice(0, 3), said: saidOf(hours, at + 1) }))
  const runs: { from: string; to: string; said: string; length: number }[] = []
  for (const { name, said } of days) {
    const last = runs.at(-1)
    if (last && last.said === said) {
      last.to = name
      last.length++
    } else runs.push({ from: name, to: name, said, length: 1 })
  }
  return runs
    .filter(({ said }) => said)
    .map(({ from, to, said, length }) => `${length === 1 ? from : length === 2 ? `${from}, ${to}` : `${from} to ${to}`} ${said}`)
    .join('; ')
}

function saidOf(hours: Hours, weekday: number) {
  return hoursOf(hours, weekday)
    .map(({ opens, closes }) => `${opens}–${closes}`)
    .join(', ')
}

export function hoursOf(hours: Hours, weekday: number) {
  return hours.filter(one => one.weekday === weekday).sort((one, other) => one.opens.localeCompare(other.opens))
}

/** For who has none yet: what most people work. */
export const USUAL_HOURS: Hours = [1, 2, 3, 4, 5].map(weekday => ({ weekday, opens: '09:00', closes: '17:00' }))
