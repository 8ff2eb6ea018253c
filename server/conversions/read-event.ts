import { MOST_VALUE } from '../../shared/conversions.ts'

/** What an event that is a conversion says about it. */
export type SaidByEvent = {
  type: 'sale' | 'appointment'
  /** Decimal text: it never is a float on its way to a sum. */
  value: string
  /** null: it names none, so it is the workspace's. */
  currency: string | null
  order_id: string | null
  booking_id: string | null
  /** The funnel and page that it names, and what could not be understood, as it was given. */
  data: Record<string, unknown>
}

const TYPES: Record<string, SaidByEvent['type']> = { purchase_completed: 'sale', call_booked: 'appointment' }

export function isConversion(event: string): boolean {
  return Object.hasOwn(TYPES, event)
}

/**
 * Anybody may send events, with a key that stands in the page: what is no amount is worth nothing, and nothing here throws.
 * A currency that is none is XXX, which is ISO 4217's for that and never the workspace's: better missing from a sum than wrong in it.
 */
export function readEvent(event: string, properties: Record<string, unknown>): SaidByEvent {
  const data: Record<string, unknown> = {}
  const [name, given] = amountGiven(properties) ?? ['amount', null]
  const value = given === null ? '0' : amountOf(given)
  if (value === null) data[name] = given
  const currency = currencyOf(properties.currency)
  if (currency === 'XXX') data.currency = properties.currency
  for (const place of ['funnel_id', 'page_id']) {
    const id = idOf(properties[place])
    if (id !== null) data[place] = id
  }
  return {
    type: TYPES[event]!,
    value: value ?? '0',
    currency,
    order_id: idOf(properties.order_id),
    booking_id: idOf(properties.booking_id),
    data,
  }
}

/** Shops call it by several names; the first that says something counts. */
const AMOUNTS = ['amount', 'revenue', 'total', 'value'] as const

function amountGiven(properties: Record<string, unknown>): [string, unknown] | undefined {
  const name = AMOUNTS.find(name => ![undefined, null, ''].includes(properties[name] as string))
  return name && [name, properties[name]]
}

/** In units of the currency; null for what is none. A number that a shop computed in floats is rounded to the cent. */
function amountOf(given: unknown): string | null {
  const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : ''
  return /^\d{1,15}(\.\d{1,40})?$/.test(text) && Number(text) <= MOST_VALUE ? text : null
}

function currencyOf(given: unknown): string | null {
  if (given === undefined || given === null || given === '') return null
  const code = typeof given === 'string' ? given.trim().toUpperCase() : ''
  return /^[A-Z]{3}$/.test(code) ? code : 'XXX'
}

const LONGEST_ID = 200

/** Text or number. One that is too long for an index is none. */
function idOf(given: unknown): string | null {
  const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : ''
  return text !== '' && text.length <= LONGEST_ID ? text : null
}
