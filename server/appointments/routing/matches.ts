import type { RoutingMatches } from '../../../shared/routing.ts'
import { bare } from '../../leads/choose.ts'
import { bareLanguages, bareZip } from './bare.ts'
import { clockIn } from './clock.ts'
import type { Inputs } from './inputs.ts'

/** Whether every condition that is given holds. `lists`: the uploaded lists that have the area of the appointment. */
export function matches(wanted: RoutingMatches, inputs: Inputs, lists: ReadonlySet<number>): boolean {
  const { score_from, score_to, valid_from, valid_until, hours, area_lists, zips, zip_prefixes, languages } = wanted
  const { score, day } = inputs
  return (
    isOneOf(wanted.types, inputs.type) &&
    isOneOf(wanted.products, inputs.product) &&
    isOneOf(wanted.sources, inputs.source) &&
    isOneOf(wanted.states, inputs.state) &&
    isOneOf(wanted.countries, inputs.country) &&
    (zips === undefined || has(inputs.zip_code, zip => zips.some(one => bareZip(one) === bareZip(zip)))) &&
    (zip_prefixes === undefined ||
      has(inputs.zip_code, zip => zip_prefixes.some(one => bareZip(zip).startsWith(bareZip(one))))) &&
    (languages === undefined ||
      has(inputs.language, language => languages.some(one => bareLanguages(language).includes(bareLanguages(one).at(-1)!)))) &&
    (area_lists === undefined || area_lists.some(id => lists.has(id))) &&
    (score_from === undefined || (score !== null && score >= score_from)) &&
    (score_to === undefined || (score !== null && score <= score_to)) &&
    (valid_from === undefined || day >= valid_from) &&
    (valid_until === undefined || day <= valid_until) &&
    (hours === undefined || isWithin(hours, inputs.scheduled_at))
  )
}

function isOneOf(list: string[] | undefined, value: string | null): boolean {
  return list === undefined || has(value, known => list.some(one => bare(one) === bare(known)))
}

function has(value: string | null, holds: (known: string) => boolean): boolean {
  return value !== null && value.trim() !== '' && holds(value)
}

/** From ten in the evening until six: the night belongs to the day on which it begins. */
function isWithin({ time_zone, weekdays, from, until }: NonNullable<RoutingMatches['hours']>, at: number): boolean {
  const { weekday, minute } = clockIn(time_zone, at)
  const [begin, end] = [minutesOf(from ?? '00:00'), minutesOf(until ?? '24:00')]
  const isDay = (day: number) => weekdays === undefined || weekdays.includes(day)
  if (begin < end) return minute >= begin && minute < end && isDay(weekday)
  return (minute >= begin && isDay(weekday)) || (minute < end && isDay(weekday === 1 ? 7 : weekday - 1))
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number)
  return hours! * 60 + minutes!
}
