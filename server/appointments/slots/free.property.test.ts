import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calendarOf, wallClock } from './calendar.fixture.ts'
import type { Calendar, Hours } from './calendar.ts'
import { freeSlots, type Wanted } from './free.ts'
import type { Span } from './span.ts'
import { whyNot } from './why-not.ts'
import { DAY, MINUTE } from './zone.ts'

// Around these days clocks are changed in each of these zones, or were not changed where people expect it.
const PLACES: [zone: string, day: string][] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/London', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Pacific/Chatham', '2026-04-05'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kiritimati', '2026-06-01'],
  ['Asia/Kathmandu', '2026-06-01'],
  ['Asia/Kolkata', '2026-06-01'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['Africa/Cairo', '2025-10-31'],
]

/** To five minutes, and to any minute now and then. */
const minute = (most: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: most / 5 }).map(k => k * 5),
    fc.integer({ min: 0, max: most }),
  )
const hoursOfDay = fc
  .uniqueArray(fc.oneof(minute(1440), fc.constantFrom(0, 60, 120, 180, 1380, 1440)), { minLength: 2, maxLength: 6 })
  .map(times => times.sort((a, b) => a - b))
  .map(times =>
    times.flatMap((opens, k) => (k % 2 === 0 && times[k + 1] !== undefined ? [{ opens, closes: times[k + 1]! }] : [])),
  )
const offset = fc.integer({ min: -3 * 1440, max: 3 * 1440 })
const spans = fc.array(fc.record({ at: offset, length: fc.integer({ min: 1, max: 600 }) }), { maxLength: 4 })

const scene = fc.record({
  place: fc.constantFrom(...PLACES),
  week: fc.array(hoursOfDay, { minLength: 7, maxLength: 7 }),
  dates: fc.array(fc.record({ day: fc.integer({ min: -3, max: 3 }), hours: fc.oneof(fc.constant<Hours[]>([]), hoursOfDay) }), {
    maxLength: 3,
  }),
  absences: spans,
  booked: spans,
  elsewhere: spans,
  busy: spans,
  starts: fc.array(offset, { maxLength: 6 }),
  daily_limit: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 3 })),
  person: fc.record({ before_minutes: fc.nat(60), after_minutes: fc.nat(60), notice_minutes: fc.nat(2000) }),
  type: fc.record({ before_minutes: fc.nat(60), after_minutes: fc.nat(60), notice_minutes: fc.nat(2000) }),
  duration_minutes: fc.oneof(fc.constantFrom(30, 60), fc.integer({ min: 1, max: 300 })),
  interval_minutes: fc.oneof(fc.constantFrom(30, 60), fc.integer({ min: 5, max: 200 })),
  since: fc.integer({ min: -1440, max: 720 }),
  length: fc.integer({ min: 1, max: 2 * 1440 }),
  now: fc.integer({ min: -3000, max: 500 }),
})
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never

test('what is offered is what somebody finds who looks at the clock in each minute', () => {
  fc.assert(
    fc.property(scene, given => {
      const { calendar, wanted } = build(given)
      const found = freeSlots([calendar], wanted).map(slot => Date.parse(slot.starts_at))
      expect(found).toEqual(slowly(calendar, wanted))
      for (const at of found) expect(whyNot(calendar, { ...wanted, at })).toBe(null)
    }),
    { numRuns: 150, seed: 20_261_121 },
  )
})

test('somebody who is asked for any minute is free exactly when nothing of it lies in what is taken', () => {
  fc.assert(
    fc.property(scene, fc.array(offset, { minLength: 20, maxLength: 20 }), (given, minutes) => {
      const { calendar, wanted, noon } = build(given)
      const look = lookAt(calendar, wanted)
      for (const at of minutes.map(each => noon + Math.round(each / 3) * MINUTE)) {
        expect([at, whyNot(calendar, { ...wanted, at }) === null]).toEqual([at, look.isFree(at)])
      }
    }),
    { numRuns: 100, seed: 20_261_121 },
  )
})

function build(given: Scene): { calendar: Calendar; wanted: Wanted; noon: number } {
  const [zone, day] = given.place
  const noon = Date.parse(`${day}T12:00:00Z`)
  const at = (minutes: number) => noon + minutes * MINUTE
  const spansOf = (list: { at: number; length: number }[]): Span[] =>
    list.map(each => ({ from: at(each.at), until: at(each.at + each.length) }))
  const { before_minutes, after_minutes, notice_minutes } = given.type
  return {
    noon,
    calendar: calendarOf(zone, {
      ...given.person,
      hours: given.week.flatMap((hours, k) => hours.map(each => ({ ...each, weekday: k + 1 }))),
      dates: new Map(given.dates.map(({ day, hours }) => [Math.floor(noon / DAY) + day, hours])),
      absences: spansOf(given.absences),
      booked: spansOf(given.booked),
      elsewhere: spansOf(given.elsewhere),
      busy: spansOf(given.busy),
      starts: given.starts.map(at),
      daily_limit: given.daily_limit,
    }),
    wanted: {
      from: at(given.since),
      until: at(given.since + given.length),
      duration_minutes: given.duration_minutes,
      interval_minutes: given.interval_minutes,
      before_minutes,
      after_minutes,
      notice_minutes,
      now: at(given.now),
    },
  }
}

/** The slow and obvious way: looks at the platform's clock in each minute, and asks of each whether it is one of working. */
function lookAt(calendar: Calendar, wanted: Wanted) {
  const seen = new Map<number, { date: string; row: number }>()
  function minuteAt(at: number) {
    const known = seen.get(at)
    if (known) return known
    const [date = '', time = ''] = wallClock(calendar.time_zone!, at).split(' ')
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    const shown = hour * 60 + minute
    const row = hoursOn(calendar, date).findIndex(({ opens, closes }) => opens <= shown && shown < closes)
    const looked = { date, row }
    seen.set(at, looked)
    return looked
  }
  const before = Math.max(calendar.before_minutes, wanted.before_minutes)
  const after = Math.max(calendar.after_minutes, wanted.after_minutes)
  const others = [...calendar.booked, ...calendar.elsewhere, ...calendar.busy]
  const within = (list: Span[], at: number) => list.some(({ from, until }) => from <= at && at < until)
  function isFree(at: number) {
    for (let k = 0; k < wanted.duration_minutes; k++) {
      const minute = at + k * MINUTE
      if (minuteAt(minute).row < 0 || within(calendar.absences, minute)) return false
    }
    for (let k = -before; k < wanted.duration_minutes + after; k++) if (within(others, at + k * MINUTE)) return false
    const { date } = minuteAt(at)
    const that_day = calendar.starts.filter(start => minuteAt(start).date === date).length
    if (calendar.daily_limit !== null && that_day >= calendar.daily_limit) return false
    return at >= wanted.now + Math.max(calendar.notice_minutes, wanted.notice_minutes) * MINUTE
  }
  return { minuteAt, isFree }
}

/** A slot begins when hours do, and every so many minutes after that for as long as the clock shows the same hours. */
function slowly(calendar: Calendar, wanted: Wanted): number[] {
  const { minuteAt, isFree } = lookAt(calendar, wanted)
  const found: number[] = []
  let begun: number | undefined
  for (let at = wanted.from - 2 * DAY; at < wanted.until; at += MINUTE) {
    const [here, last] = [minuteAt(at), minuteAt(at - MINUTE)]
    if (here.row < 0) begun = undefined
    else if (here.row !== last.row || here.date !== last.date) begun = at
    const is_turn = begun !== undefined && (at - begun) % (wanted.interval_minutes * MINUTE) === 0
    if (is_turn && at >= wanted.from && isFree(at)) found.push(at)
  }
  return found
}

function hoursOn({ dates, hours }: Calendar, date: string): Hours[] {
  const day = Date.parse(`${date}T00:00:00Z`) / DAY
  const weekday = new Date(date).getUTCDay() || 7
  return dates.get(day) ?? hours.filter(each => each.weekday === weekday)
}
