import { JOURNEY_STEPS, type JourneyPeopleQuery, TIMES_TO_CONVERSION, WATCH_SEGMENTS } from '../../../../shared/journeys.ts'
import { SEGMENTS } from '../../contacts/stages.tsx'
import { STEPS, WITHIN } from './words.ts'

/** What is asked for to see the people behind a bar, and how they are called. */
export type Behind = {
  title: string
  search: Pick<JourneyPeopleQuery, 'step' | 'dropped' | 'within' | 'segment' | 'percent_from' | 'percent_to'>
}

/** Of an address: `step:viewed`, `dropped:offer_viewed`, `segment:hot`, `within:day`, `percent:10-19`; undefined for anything else. */
export function behindOf(people: string | undefined): Behind | undefined {
  const [kind, value = ''] = (people ?? '').split(':')
  const step = JOURNEY_STEPS.find(one => one === value)
  if (kind === 'step' && step) return { title: STEPS[step], search: { step } }
  if (kind === 'dropped' && step) {
    const before = JOURNEY_STEPS[JOURNEY_STEPS.indexOf(step) - 1]
    return before && { title: `${STEPS[before]}, but not: ${STEPS[step].toLowerCase()}`, search: { step, dropped: true } }
  }
  const segment = WATCH_SEGMENTS.find(one => one === value)
  if (kind === 'segment' && segment) return { title: SEGMENTS[segment].label, search: { segment } }
  const within = TIMES_TO_CONVERSION.find(one => one === value)
  if (kind === 'within' && within) return { title: `Converted: ${WITHIN[within].toLowerCase()}`, search: { within } }
  const [, from, to] = /^(\d{1,3})-(\d{1,3})$/.exec(value) ?? []
  if (kind === 'percent' && from && to && Number(to) <= 100) {
    return {
      title: `Watched ${percentSpan(Number(from), Number(to))}`,
      search: { percent_from: Number(from), percent_to: Number(to) },
    }
  }
  return undefined
}

/** "nothing", "10 to 19%", "all of it" */
export function percentSpan(from: number, to: number) {
  if (to === 0) return 'nothing'
  if (from === 100) return 'all of it'
  return from === to ? `${from}%` : `${from} to ${to}%`
}
