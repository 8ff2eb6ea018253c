import { isIP } from 'node:net'
import { normalizeEmail, normalizePhone } from '../contacts/normalize.ts'
import { readBoolean, readDay } from '../fields/values.ts'
import type { Field } from './formats/format.ts'
import { type Kind, LONGEST } from './targets.ts'

/** With both, it is kept although it is not what it should be. */
export type Converted = { value: string | number | boolean; wrong?: string } | { wrong: string }

/** One value in the form that its field has, or a sentence about what is wrong with it. undefined: there is nothing. */
export function convert(kind: Kind, given: Field, countries: readonly string[]): Converted | undefined {
  if (Array.isArray(given) && (kind === 'email' || kind === 'phone')) return firstOf(kind, given, countries)
  if (typeof given === 'boolean') return kind === 'boolean' ? { value: given } : undefined
  const text = textOf(given)
  if (text === undefined) return undefined
  return READERS[kind](text, countries)
}

/** As text, or undefined for what is empty. Lists are written one after the other. */
export function textOf(given: Field): string | undefined {
  if (given === null) return undefined
  const text = Array.isArray(given)
    ? given.filter(Boolean).join(', ')
    : typeof given === 'object'
      ? JSON.stringify(given)
      : String(given)
  return text.trim() === '' ? undefined : text.trim()
}

function firstOf(kind: Kind, list: unknown[], countries: readonly string[]): Converted | undefined {
  const all = list.flatMap(item => convert(kind, item as Field, countries) ?? [])
  return all.find(one => !('wrong' in one)) ?? all[0]
}

const READERS: Record<Kind, (text: string, countries: readonly string[]) => Converted> = {
  email: text => valued(normalizeEmail(text.replace(/^mailto:/i, '')), 'must be an e-mail address such as sally@example.com'),
  phone: (text, countries) => {
    const bare = text.replace(/^(tel|p):/i, '')
    const phone = countries.map(country => normalizePhone(bare, country)).find(one => one !== undefined)
    return valued(phone, 'must be a phone number such as +12025550101')
  },
  text: text => ({ value: text.slice(0, LONGEST.text) }),
  id: text => ({ value: text.slice(0, LONGEST.id) }),
  key: text => ({ value: text.slice(0, LONGEST.key) }),
  age: text => valued(numberIn(text, 0, 150, true), 'must be a whole number of years'),
  money: text => valued(moneyIn(text), 'must be an amount such as 5000 or 5000.50'),
  priority: text => valued(PRIORITIES[text.toLowerCase()] ?? numberIn(text, 1, 5, true), 'must be a whole number from 1 (the most urgent) to 5'),
  boolean: text => valued(readBoolean(text), 'must be yes or no'),
  ip: text => {
    const first = text.split(',')[0]!.trim()
    return valued(isIP(first) === 0 || first.includes('%') ? undefined : first, 'must be an address such as 203.0.113.7')
  },
  country: text => ({ value: /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : (COUNTRIES[text.toLowerCase()] ?? text.slice(0, LONGEST.key)) }),
  state: text => ({ value: /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text.slice(0, LONGEST.key) }),
  date: text => valued(readDay(text), 'must be a day such as 1980-12-31'),
} // biome-ignore format: a table

function valued(value: string | number | boolean | undefined, sentence: string): Converted {
  return value === undefined ? { wrong: sentence } : { value }
}

function numberIn(text: string, least: number, most: number, whole: boolean): number | undefined {
  if (!/^[+-]?\d+([.,]\d+)?$/.test(text)) return undefined
  const number = Number(text.replace(',', '.'))
  return number >= least && number <= most && (!whole || Number.isInteger(number)) ? number : undefined
}

/** '$5,000.50', '5.000,50 EUR', '5000'. With at most two decimals, as the column has. */
function moneyIn(text: string): number | undefined {
  const bare = text.replace(/[^\d.,-]/g, '')
  const cents = /[.,](\d{1,2})$/.exec(bare)?.[1]
  const whole = (cents === undefined ? bare : bare.slice(0, -cents.length - 1)).replace(/[.,]/g, '')
  return /^\d{1,13}$/.test(whole) ? Number(`${whole}.${cents ?? 0}`) : undefined
}

const PRIORITIES: Record<string, number> = {
  urgent: 1,
  highest: 1,
  hot: 1,
  high: 2,
  medium: 3,
  normal: 3,
  warm: 3,
  low: 4,
  cold: 4,
  lowest: 5,
}
const COUNTRIES: Record<string, string> = {
  usa: 'US', 'united states': 'US', 'united states of america': 'US', canada: 'CA', mexico: 'MX', 'united kingdom': 'GB',
  'great britain': 'GB', england: 'GB', germany: 'DE', deutschland: 'DE', austria: 'AT', switzerland: 'CH', france: 'FR',
  spain: 'ES', italy: 'IT', netherlands: 'NL', belgium: 'BE', ireland: 'IE', portugal: 'PT', poland: 'PL', sweden: 'SE',
  norway: 'NO', denmark: 'DK', finland: 'FI', australia: 'AU', 'new zealand': 'NZ', india: 'IN', taiwan: 'TW', japan: 'JP',
  brazil: 'BR',
} // biome-ignore format: a table
