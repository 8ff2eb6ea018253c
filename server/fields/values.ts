/** Numbers, answers and days as people write them. undefined: it is none. */

/** Digits with what stands around them: $1,200.50, 12 years. Two numbers (100-200) are none. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.length > 100) return undefined
  const [written, ...more] = value.match(/-?\d[\d,]*(\.\d+)?/g) ?? []
  if (written === undefined || more.length > 0) return undefined
  const number = Number(written.replaceAll(',', ''))
  return Number.isSafeInteger(Math.trunc(number)) ? number : undefined
}

const YES = new Set(
  'yes y true t 1 on x ok own owner checked accepted agree agreed opt-in optin opted_in ja si sí oui'.split(' '),
)
const NO = new Set('no n false f 0 off none rent renter unchecked declined opt-out optout opted_out nein non'.split(' '))

export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = String(value).trim().toLowerCase()
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}

/** Where year, month and day stand. */
const ORDERS = { YMD: [0, 1, 2], DMY: [2, 1, 0], MDY: [2, 0, 1] } as const
export type DayOrder = keyof typeof ORDERS

/**
 * A day as YYYY-MM-DD, with or without a time behind it. What begins with a year is read so in any order. Without an order 3/31/2026 is
 * what it is in the country of most lead sources, and 31.12.2026 what it is wherever days are written with points.
 */
export function readDay(value: unknown, order?: DayOrder): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, ...parts] = /^(\d{1,4})([-./ ])(\d{1,2})[-./ ](\d{1,4})(?:[T ].*)?$/.exec(value.trim()) ?? []
  const [first, between, second, third] = parts
  if (first === undefined || second === undefined || third === undefined) return undefined
  const usual = between === '/' ? 'MDY' : between === '.' ? 'DMY' : 'YMD'
  const numbers = [first, second, third].map(Number)
  const [year, month, day] = ORDERS[first.length === 4 ? 'YMD' : (order ?? usual)].map(k => numbers[k]) as [
    number,
    number,
    number,
  ]
  const date = new Date(Date.UTC(year, month - 1, day))
  const is_day = year >= 1000 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return is_day ? date.toISOString().slice(0, 10) : undefined
}
