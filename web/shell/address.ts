type Reader<T> = (value: unknown) => T | undefined

/** What may stand in an address, and how it is read; anything else there is as if it were not there. */
export function asked<T extends Record<string, unknown>>(readers: { [K in keyof T]: Reader<T[K]> }) {
  return (search: Record<string, unknown>): { [K in keyof T]?: T[K] | undefined } => {
    const read = Object.entries(readers).map(([name, reader]) => [name, (reader as Reader<unknown>)(search[name])])
    // With undefined for what cannot be read: the router would fill in what stands in the address.
    return Object.fromEntries(read)
  }
}

export function text(value: unknown) {
  const given = typeof value === 'number' ? String(value) : value
  return typeof given === 'string' && given ? given : undefined
}

/** JSON, which the router has read already. */
export function jsonText(value: unknown) {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : text(value)
}

export function flag(value: unknown) {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  return undefined
}

export function oneOf<const T extends string>(...choices: T[]): Reader<T> {
  return value => choices.find(choice => choice === value)
}

export function whole(value: unknown) {
  const number = Number(text(value) ?? Number.NaN)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

/** The same, where 0 means something too. */
export function wholeOrZero(value: unknown) {
  return value === 0 || value === '0' ? 0 : whole(value)
}

/** Somebody, 0 for nobody, or whoever looks. */
export function whoever(value: unknown) {
  return value === 'me' ? ('me' as const) : wholeOrZero(value)
}

/** A time as the API takes it, with its zone. */
export function time(value: unknown) {
  return typeof value === 'string' && /T.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
}

/** A day as the API takes it: 2026-01-31. */
export function day(value: unknown) {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
}

/** A time zone that the browser knows: Europe/Berlin. */
export function zone(value: unknown) {
  const named = text(value)
  try {
    if (named) new Intl.DateTimeFormat('en', { timeZone: named })
    return named
  } catch {
    return undefined // RangeError
  }
}
