import type { IncomingHttpHeaders } from 'node:http'
import { storable } from '../database/storable.ts'

/** What a plain HTML form says. */
export type Form = {
  properties: Record<string, string>
  /** Of the tracker: a hidden field that it fills in, or its cookie where page and server share a site. */
  distinct_id: string | null
  /** Where the browser goes next, if that is allowed. */
  redirect: string | null
  page_url: string | null
  referrer: string | null
  /** A field that nobody sees was filled in. */
  is_trap: boolean
}

const TRAPS = ['_gotcha', '_honeypot', 'honeypot']
const CONTROLS = new Set([...TRAPS, 'redirect', 'distinct_id', 'page_url', 'referrer', 'ref'])
/** What must never be kept, whoever put it into a form. */
const SECRET = /passw|^cc-|card.?number|cvc|cvv|iban/i
const MOST_FIELDS = 100
const LONGEST = 2000

/** Of a field that is there twice (check boxes), all that was chosen. Never throws. */
export function readForm(given: URLSearchParams, { referer, cookie }: IncomingHttpHeaders): Form {
  const one = (name: string) => text(given.get(name))
  const names = [...new Set(given.keys())].filter(name => name.trim() !== '' && !CONTROLS.has(name) && !SECRET.test(name))
  const properties: Record<string, string> = {}
  for (const name of names.slice(0, MOST_FIELDS)) {
    const value = text(given.getAll(name).filter(Boolean).join(', '))
    const key = text(name)?.slice(0, 200)
    if (value !== null && key !== undefined) properties[key] = value
  }
  const referral_code = one('referral_code') ?? one('ref')
  if (referral_code !== null) properties.referral_code = referral_code
  return {
    properties,
    distinct_id: (one('distinct_id') ?? cookieOf(cookie))?.slice(0, 500) ?? null,
    redirect: one('redirect'),
    page_url: one('page_url') ?? text(referer ?? null),
    referrer: one('referrer'),
    is_trap: TRAPS.some(name => one(name) !== null),
  }
}

function text(value: string | null): string | null {
  const clean = (storable(value ?? '') as string).trim().slice(0, LONGEST)
  return clean === '' ? null : clean.toWellFormed()
}

function cookieOf(cookie: string | undefined): string | null {
  return text(/(?:^|;\s*)tl_id=([^;]+)/.exec(cookie ?? '')?.[1] ?? null)
}
