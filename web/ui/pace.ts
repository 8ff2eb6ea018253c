import { duration } from './times.ts'

type Work = { done: number; total: number | null; state: string }

export function percentOf({ done, total, state }: Work) {
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
