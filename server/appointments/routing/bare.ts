import { bare } from '../../leads/choose.ts'

/** As conditions and what they are held against are compared: `94110-1234` and ` 94110` are the same, and so are `SW1A 1AA` and `sw1a1aa`. */
export function bareZip(text: string): string {
  const tight = bare(text).replace(/\s+/g, '')
  return /^\d{5}-?\d{4}$/.test(tight) ? tight.slice(0, 5) : tight
}

/** `de-at` is also `de`. */
export function bareLanguages(text: string): string[] {
  const parts = bare(text).replaceAll('_', '-').split('-')
  return parts.map((_, k) => parts.slice(0, k + 1).join('-'))
}

/** What an uploaded list and a rule have as its values. */
export function bareAs(kind: 'zip' | 'zip_prefix' | 'state' | 'country', text: string): string {
  return kind === 'zip' || kind === 'zip_prefix' ? bareZip(text) : bare(text)
}

/** All beginnings of a ZIP code, the whole one among them. None is longer than what a rule can say. */
export function beginnings(zip: string): string[] {
  return Array.from({ length: Math.min(zip.length, LONGEST) }, (_, k) => zip.slice(0, k + 1))
}

/** Of a beginning, in characters. */
export const LONGEST = 20
