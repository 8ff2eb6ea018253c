import type { Money } from '../../shared/custom-fields.ts'
import { readNumber } from './values.ts'

const MOST = 999_999_999_999.99
/** Whose signs are understood anywhere; the one of the workspace's own currency comes first, as many have dollars. */
const SIGNED = ['USD', 'EUR', 'GBP', 'JPY', 'INR']
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/**
 * `{amount, currency}`, or as people write it: 1,200.50 EUR, €1200, 1200 (in the `usual` currency). undefined: it is none. 1.200,50 is
 * none either: what a thousand is to one is a little more than one to another.
 */
export function readMoney(value: unknown, usual: string | null): Money | undefined {
  const [written, said] = partsOf(value)
  const amount = readNumber(written)
  const currency = said === '' ? usual : currencyOf(said, usual)
  if (amount === undefined || currency === null || amount < 0 || amount > MOST || Math.round(amount * 100) / 100 !== amount)
    return undefined
  return { amount, currency }
}

function partsOf(value: unknown): [written: unknown, currency: string] {
  if (typeof value === 'number') return [value, '']
  if (typeof value === 'string' && !value.startsWith('{')) {
    const is_clear = !/\.\d{3}|,(?!\d{3}(\D|$))/.test(value)
    return [is_clear ? value.replace(/[^\d.,-]/g, ' ') : undefined, value.replace(/[\d.,\s-]/g, '').toUpperCase()]
  }
  const { amount, currency, ...more } = objectOf(value)
  const is_money = Object.keys(more).length === 0 && ['undefined', 'string'].includes(typeof currency)
  return is_money ? [amount, String(currency ?? '').toUpperCase()] : [undefined, '']
}

/** A cell of an exported file may have it as JSON. */
function objectOf(value: unknown): Record<string, unknown> {
  try {
    const read = typeof value === 'string' ? JSON.parse(value) : value
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {}
  } catch {
    return {}
  }
}

function currencyOf(said: string, usual: string | null): string | null {
  if (CURRENCIES.has(said)) return said
  return [...(usual === null ? [] : [usual]), ...SIGNED].find(currency => signOf(currency) === said) ?? null
}

function signOf(currency: string) {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0)
  return parts.find(({ type }) => type === 'currency')?.value.toUpperCase()
}
