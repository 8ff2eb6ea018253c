import { type CrmRun, FAILURE_STATES } from '../../../../shared/crm.ts'
import { duration } from '../../../ui/times.ts'

/** How many members a person has to look at. */
export function failuresOf({ counts }: Pick<CrmRun, 'counts'>) {
  return FAILURE_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
}

export function percentOf({ done, total, state }: Pick<CrmRun, 'done' | 'total' | 'state'>) {
  if (!total) return state === 'done' ? 100 : 0
  return (done / total) * 100
}

/** "42 a second", "3.5 a second", "12 a minute": where a second is too short, by the minute. */
export function paceWords(per_second: number) {
  if (per_second >= 10) return `${Math.round(per_second)} a second`
  if (per_second >= 1) return `${per_second.toFixed(1)} a second`
  return `${Math.max(1, Math.round(per_second * 60))} a minute`
}

export const leftWords = (seconds: number) => `${duration(seconds * 1000)} left`
