import type { LeadField } from '../../shared/lead-types.ts'

export type Fields = Record<string, unknown>
export type ReadFields = { fields: Fields; problems: Record<string, string> }

/**
 * The fields of a lead as its type understands them: '12 years' is 12, 'yes' is true, '3/31/2026' a day, a choice has the spelling of
 * its option. Softly: what cannot be understood is kept as it came, with a sentence about it, and so is what the type does not know.
 */
export function readFields(type: readonly LeadField[], given: Fields): ReadFields {
  const fields: Fields = { ...given }
  const problems: Record<string, string> = {}
  for (const field of type) {
    const value = Object.hasOwn(given, field.key) ? given[field.key] : undefined
    if (value === undefined || value === null || value === '') continue
    const read = READ[field.type](value, field)
    if (read === undefined) problems[field.key] = sentenceOf(field)
    else fields[field.key] = read
  }
  return { fields, problems }
}

const READ: Record<LeadField['type'], (value: unknown, field: LeadField) => unknown> = {
  text: value => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined),
  number: readNumber,
  boolean: readBoolean,
  date: readDay,
  choice: readChoice,
}

/** Digits with what people write around them: $1,200.50, 12 years. Two numbers (100-200) are none. */
function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.length > 100) return undefined
  const [written, ...more] = value.match(/-?\d[\d,]*(\.\d+)?/g) ?? []
  if (written === undefined || more.length > 0) return undefined
  const number = Number(written.replaceAll(',', ''))
  return Number.isSafeInteger(Math.trunc(number)) ? number : undefined
}

function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = String(value).trim().toLowerCase()
  if (['true', 'yes', 'y', '1', 'on', 'own', 'owner', 'checked'].includes(word)) return true
  if (['false', 'no', 'n', '0', 'off', 'rent', 'renter', 'unchecked'].includes(word)) return false
  return undefined
}

/** 2026-03-31 with or without a time, and 3/31/2026 as it is written in the country of most lead sources. */
function readDay(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const iso = value.trim().match(/^(\d{4})-(\d\d?)-(\d\d?)(?:[T ].*)?$/)
  const american = value.trim().match(/^(\d\d?)\/(\d\d?)\/(\d{4})$/)
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : american ? [american[3], american[1], american[2]] : []
  if (!year || !month || !day) return undefined
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function readChoice(value: unknown, { options = [] }: LeadField): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return options.find(option => bare(option) === bare(String(value)))
}

/** `single_family`, `Single-Family` and `Single family` are the same. */
function bare(text: string) {
  return text
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
}

function sentenceOf({ type, options = [] }: LeadField) {
  if (type === 'choice') return `is none of ${options.join(', ')}`
  return { text: 'is no text', number: 'is no number', boolean: 'is neither yes nor no', date: 'is no day such as 2026-03-31' }[
    type
  ]
}
