const day_format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const year_format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

const DAY_MS = 86_400_000

/** "12 Mar" of "2026-03-12": a day of the API, written without a zone. */
export const dayName = (day: string) => day_format.format(Date.parse(day))

/** "12 Mar 2026" */
export const dayWithYear = (day: string) => year_format.format(Date.parse(day))

/** So many days later, or earlier: "2026-03-12" and -1 is "2026-03-11". */
export const dayAfter = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/** The present day, in UTC or in another zone. */
export function today(now = Date.now(), time_zone = 'UTC') {
  // Swedes write days as the API does.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: time_zone }).format(now)
}
