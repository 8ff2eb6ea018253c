import type { CustomField, FieldType } from '../../shared/custom-fields.ts'
import { isAddress } from '../mail/address.ts'
import { readMoney } from './money.ts'
import { readBoolean, readDay, readNumber } from './values.ts'

export type Custom = Record<string, unknown>
/** What is wrong with which field, as `custom.<key>`. */
export type Problems = Record<string, string>

/**
 * What somebody says about fields, as it is stored: numbers, yes or no and days in any of the ways in which people write them, options by
 * their key or their label. null: there is none. What cannot be understood is left out, with a sentence.
 */
export function readCustom(fields: readonly CustomField[], given: Custom): { custom: Custom; problems: Problems } {
  const custom: Custom = {}
  const problems: Problems = {}
  for (const [key, value] of Object.entries(given)) {
    const field = fields.find(one => one.key === key)
    const read = field && readValue(field, value)
    if (!field) problems[`custom.${key}`] = 'is no field'
    else if (field.archived_at !== null) problems[`custom.${key}`] = 'is archived'
    else if (read === undefined) problems[`custom.${key}`] = sentenceOf(field)
    else if (read === null && field.is_required) problems[`custom.${key}`] = 'is required'
    else custom[key] = read
  }
  return { custom, problems }
}

/** Of somebody or something new: what must be said and is not. */
export function missingIn(fields: readonly CustomField[], custom: Custom): Problems {
  const missing = fields.filter(({ key, is_required, archived_at }) => is_required && archived_at === null && !(key in custom))
  return Object.fromEntries(missing.map(({ key }) => [`custom.${key}`, 'is required']))
}

/** Of what came under the names of fields by itself: what does not fit and is kept only as it came. */
export function misfitsIn(fields: readonly CustomField[], came: Custom): Record<string, string> {
  const wrong = fields.filter(field => field.key in came && readValue(field, came[field.key] ?? null) === undefined)
  return Object.fromEntries(wrong.map(field => [field.key, sentenceOf(field)]))
}

/** undefined: it is none. null: there is nothing. */
export function readValue(field: CustomField, value: unknown): unknown {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return null
  return READ[field.type](typeof value === 'string' ? value.trim() : value, field)
}

const READ: Record<FieldType, (value: unknown, field: CustomField) => unknown> = {
  text: value => readText(value, 500),
  long_text: value => readText(value, 10_000),
  number: value => {
    const number = readNumber(value)
    return number !== undefined && Math.abs(number) <= 1e15 ? number : undefined
  },
  money: (value, { currency }) => readMoney(value, currency),
  boolean: readBoolean,
  date: value => readDay(value),
  datetime: readTime,
  select: readOption,
  multi_select: readOptions,
  url: value => {
    const text = readText(value, 500)
    return text !== undefined && /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? text : undefined
  },
  email: value => {
    const text = readText(value, 320)?.toLowerCase()
    return text !== undefined && isAddress(text) ? text : undefined
  },
  phone: value => {
    const text = readText(value, 50)
    return text !== undefined && /^\+?[\d\s()./-]{5,}$/.test(text) ? text : undefined
  },
}

function readText(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined
  const text = String(value).normalize('NFC').replaceAll('\0', '')
  return text.length <= most ? text : undefined
}

/** A day alone is its beginning in UTC. */
function readTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined
  const at = new Date(value)
  const year = at.getUTCFullYear()
  return year >= 1000 && year <= 9999 ? at.toISOString() : undefined
}

function readOption(value: unknown, { options }: CustomField): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).toLowerCase()
  return options.find(({ key, label }) => key === text || label.toLowerCase() === text)?.key
}

/** A list, or as a cell of a table has it: with semicolons or commas between. In the order of the options, each once. */
function readOptions(value: unknown, field: CustomField): string[] | null | undefined {
  const parts = typeof value === 'string' ? (readOption(value, field) ?? value.split(/[;,]/).map(part => part.trim())) : value
  const keys = [parts].flat().map(part => readOption(part, field))
  if (keys.includes(undefined)) return undefined
  const chosen = field.options.map(({ key }) => key).filter(key => keys.includes(key))
  return chosen.length === 0 ? null : chosen
}

function sentenceOf({ type, options }: CustomField): string {
  if (type === 'select' || type === 'multi_select')
    return `must be one of ${options.map(({ key }) => key).join(', ')}`.slice(0, 500)
  return {
    text: 'must be a text of at most 500 characters',
    long_text: 'must be a text of at most 10000 characters',
    number: 'must be a number',
    money: 'must be an amount of at most two decimals, such as 1200.50 EUR',
    boolean: 'must be true or false',
    date: 'must be a day such as 2026-03-31',
    datetime: 'must be a time such as 2026-03-31T09:30:00Z',
    url: 'must be an address such as https://example.com',
    email: 'must be an e-mail address such as sally@example.com',
    phone: 'must be a phone number such as +12025550101',
  }[type]
}
