import { Select } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import '@mantine/dates/styles.css'
import { keepPreviousData, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BookingSlots } from '../../../shared/booking.ts'
import { dayAfter } from '../../ui/days.ts'
import { clockIn, offsetOf, placeOfZone, startOfDay, wallOf } from '../../ui/zones.ts'

type Asked = { since: string | undefined; until: string; time_zone: string }

type Props = {
  slots: (asked: Asked) => UseQueryOptions<BookingSlots, Error, BookingSlots, never>
  horizon_days: number
  zone: string
  onZone: (zone: string) => void
  /** What is kept for whoever looks: free for them, though for nobody else. */
  own?: string | undefined
  /** What is chosen: its day is shown first. */
  at: string | undefined
  onPick: (at: string) => void
  busy: boolean
}

const ZONES = Intl.supportedValuesOf('timeZone')

/** A day and a time of it, in the zone of whoever looks: days without a free time cannot be chosen. */
export function PickTime({ slots, horizon_days, zone, onZone, own, at, onPick, busy }: Props) {
  const today = wallOf(Date.now(), zone).date
  const [day, setDay] = useState<string | null>(at === undefined ? null : wallOf(at, zone).date)
  const [month, setMonth] = useState(`${(day ?? today).slice(0, 7)}-01`)
  const is_now = month < today
  const until = nextMonth(month)
  const asked = useQuery({
    ...slots({
      since: is_now ? undefined : startOfDay(month, zone),
      until: startOfDay(until, zone),
      time_zone: zone,
    }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
  })
  const free = asked.data ? withOwn(asked.data.data, own, zone, { since: month, until }) : []
  const days = new Set(free.map(({ date }) => date))
  // What is next is what most people want.
  const shown = day !== null && days.has(day) ? day : (free[0]?.date ?? null)
  const times = free.filter(({ date }) => date === shown)
  return (
    <div className="pick-time" aria-busy={asked.isFetching}>
      <DatePicker
        value={shown}
        onChange={setDay}
        date={month}
        onDateChange={setMonth}
        minDate={today}
        maxDate={dayAfter(today, horizon_days)}
        excludeDate={date => !days.has(date)}
        maxLevel="month"
        hideOutsideDates
        weekendDays={[]}
        size="md"
        getDayProps={date => ({ 'aria-label': dayWords(date, days.has(date)) })}
        ariaLabels={{ nextMonth: 'Next month', previousMonth: 'Previous month' }}
      />
      <div className="pick-times">
        <h2 aria-live="polite">{shown ? dayWords(shown, true) : 'Choose a day'}</h2>
        {!asked.data && !asked.error && <p className="muted">Looking for free times…</p>}
        {asked.error && (
          <p role="alert" className="booking-refused">
            {asked.error.message}
          </p>
        )}
        {asked.data && free.length === 0 && (
          <p className="muted">
            Nothing is free in this month.{' '}
            <button type="button" className="text-link" onClick={() => setMonth(until)}>
              Look at the next one
            </button>
          </p>
        )}
        <ul>
          {times.map(({ starts_at }) => (
            <li key={starts_at}>
              <button
                type="button"
                className="pick-slot"
                aria-pressed={at === starts_at}
                disabled={busy}
                onClick={() => onPick(starts_at)}
              >
                {clockIn(starts_at, zone)}
              </button>
            </li>
          ))}
        </ul>
        <Select
          className="pick-zone"
          label="Times are shown for"
          searchable
          allowDeselect={false}
          data={ZONES.includes(zone) ? ZONES : [zone, ...ZONES]}
          value={zone}
          onChange={value => value && onZone(value)}
        />
        <p className="muted pick-offset">
          {placeOfZone(zone)}, {offsetOf(times[0]?.starts_at ?? Date.now(), zone)}
        </p>
      </div>
    </div>
  )
}

type Free = Pick<BookingSlots['data'][number], 'starts_at' | 'date'>

function withOwn(free: Free[], own: string | undefined, zone: string, month: { since: string; until: string }): Free[] {
  if (own === undefined || free.some(({ starts_at }) => Date.parse(starts_at) === Date.parse(own))) return free
  const { date } = wallOf(own, zone)
  if (date < month.since || date >= month.until) return free
  return [...free, { starts_at: own, date }].sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))
}

function nextMonth(month: string) {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`
}

/** The date alone says it: it is a day and no moment, so it is read as UTC. */
function dayWords(date: string, is_free: boolean) {
  const words = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.parse(date),
  )
  return is_free ? words : `${words}, nothing free`
}
