import type { JourneyStep, Rate } from '../../../../shared/journeys.ts'
import type { Tone } from '../../../ui/Pill.tsx'
import { lasted, percent } from '../words.ts'

export const STEPS: Record<JourneyStep, string> = {
  registered: 'Registered',
  viewed: 'Viewed',
  watched_25: 'Watched 25%',
  watched_50: 'Watched 50%',
  watched_75: 'Watched 75%',
  offer_viewed: 'Offer viewed',
  converted: 'Converted',
}

export const RATES: Record<Rate['name'], { label: string; about: string }> = {
  registration_to_view: { label: 'Registration to view', about: 'of those who registered came to watch' },
  view_to_25: { label: 'View to 25%', about: 'of those who came to watch saw a quarter' },
  hot_to_conversion: { label: '75% to conversion', about: 'of those who saw three quarters converted' },
  registration_to_conversion: { label: 'Registration to conversion', about: 'of those who registered converted' },
}

export const WITHIN = {
  hour: 'Within an hour',
  day: 'Within a day',
  week: 'Within a week',
  month: 'Within 30 days',
  later: 'Later',
} as const

export const MEASURES = [
  { value: 'registrations', label: 'Registrations' },
  { value: 'views', label: 'Views' },
  { value: 'conversions', label: 'Conversions' },
  { value: 'revenue', label: 'Revenue' },
] as const

/** "60% to 80%", "at least 40%" */
export function aimWords({ from, to }: Rate['target']) {
  return to === null ? `at least ${percent(from)}` : `${percent(from)} to ${percent(to)}`
}

/** How a rate stands to its aim, in words that do not need a colour. */
export function verdict(value: number | null, { from, to }: Rate['target']): { words: string; tone: Tone } {
  if (value === null) return { words: 'Too early to tell', tone: 'plain' }
  if (value < from) return { words: 'Below the aim', tone: 'warm' }
  if (to === null) return { words: 'Aim reached', tone: 'good' }
  return value > to ? { words: 'Above the aim', tone: 'good' } : { words: 'Within the aim', tone: 'good' }
}

/** "4 min 20 s", "45 s"; longer times as elsewhere. */
export function watchedFor(seconds: number | null) {
  if (seconds === null || seconds >= 3600) return lasted(seconds)
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`
}
