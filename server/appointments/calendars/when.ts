/**
 * From when to when, on the clocks of a zone (IANA), as a person reads it: "Tuesday, December 1, 2026, 10:00 – 11:00 AM EST (America/New
 * York)". A zone that this server does not know is written as UTC.
 */
export function inWords(from: Date, until: Date, time_zone: string): string {
  const zone = known(time_zone)
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  const place = zone === 'UTC' ? '' : ` (${zone.replaceAll('_', ' ')})`
  return `${usualSpaces(format.formatRange(from, until))}${place}`
}

/** For a subject: "Tue, Dec 1, 10:00 AM". */
export function inShort(at: Date, time_zone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: known(time_zone),
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  })
  return usualSpaces(format.format(at))
}

function known(time_zone: string): string {
  try {
    Intl.DateTimeFormat('en-US', { timeZone: time_zone })
    return time_zone
  } catch {
    return 'UTC'
  }
}

/** Narrow and thin ones are squares in some mail programs. */
function usualSpaces(text: string) {
  return text.replace(/\s/gu, ' ')
}
