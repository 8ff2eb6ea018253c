import type { LeadField } from '../../shared/lead-types.ts'
import { readBoolean, readDay, readNumber } from '../fields/values.ts'

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
  date: value => readDay(value),
  choice: readChoice,
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
