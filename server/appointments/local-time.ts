import { Temporal } from 'temporal-polyfill'

/** An instant (ISO 8601, UTC), or why a clock on the wall never shows this. */
export type Moment = { at: string } | { wrong: string }

export function isTimeZone(text: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(text)
    return !/^[+-]/.test(text) // an offset is no zone: it says nothing of next summer
  } catch {
    return false
  }
}

/**
 * When a clock in this zone (IANA) shows this (2026-12-01T10:00). In the hour that is left out in spring there is no such moment; of
 * the two in autumn it is the first.
 */
export function momentOf(local: string, time_zone: string): Moment {
  let plain: Temporal.PlainDateTime
  try {
    plain = Temporal.PlainDateTime.from(local, { overflow: 'reject' })
  } catch {
    return { wrong: 'is no time: write 2026-12-01T10:00' }
  }
  const moment = plain.toZonedDateTime(time_zone, { disambiguation: 'earlier' })
  if (!moment.toPlainDateTime().equals(plain))
    return { wrong: `does not exist in ${time_zone}: clocks are put forward at that time` }
  return { at: moment.toInstant().toString() }
}
