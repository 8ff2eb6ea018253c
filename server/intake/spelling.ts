import type { LeadField } from '../../shared/lead-types.ts'
import type { Field } from './formats/format.ts'
import { TARGETS, type Target } from './targets.ts'

/** A field that a key fills, and how good its spelling is (0 is the best). */
export type Spelled = { target: string; rank: number }

/** Objects in which senders put a person or a lead. Their name says nothing: `contact.email` is the e-mail. */
const CONTAINERS = new Set(
  ('lead contact person customer user client consumer prospect applicant subscriber data attributes body payload fields form answers ' +
    'properties traits record values params address address0 location personal details info hidden contactinfo contactdetails tracking ' +
    'utm1 query custom customfields formdata fielddata usercolumndata responses')
    .split(' '),
) // biome-ignore format: words

const BY_SPELLING = new Map<string, { target: Target; rank: number }>()
for (const target of TARGETS) {
  for (const [rank, spelling] of target.spellings.entries()) {
    if (BY_SPELLING.has(spelling)) throw new Error(`${spelling} is written twice in server/intake/targets.ts`)
    BY_SPELLING.set(spelling, { target, rank })
  }
}

/** The field that a key fills by its spelling, or undefined. The value decides where one word has two meanings. */
export function spelledAs(key: string, value: Field, type_fields: readonly LeadField[]): Spelled | undefined {
  const word = bare(withoutContainers(key))
  const own = type_fields.find(field => word !== '' && (word === bare(field.key) || word === bare(field.label)))
  if (own) return { target: `fields.${own.key}`, rank: word === bare(own.key) ? 0 : 1 }
  const found = BY_SPELLING.get(word)
  return found && { target: meantBy(key, value, found.target.name), rank: found.rank }
}

/** Whether it says a field that every lead has. */
export function isSpelling(key: string): boolean {
  return BY_SPELLING.has(bare(key))
}

/** Spaces, dashes, dots, underscores and case make no difference. */
export function bare(key: string): string {
  const known = bares.get(key)
  if (known !== undefined) return known
  const word = key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  if (bares.size >= MOST_REMEMBERED) bares.clear()
  bares.set(key, word)
  return word
}

// Senders spell the same few dozen keys over and over.
const bares = new Map<string, string>()
const MOST_REMEMBERED = 10_000

function withoutContainers(key: string) {
  if (!key.includes('.')) return key
  const parts = key.split('.')
  while (parts.length > 1 && (CONTAINERS.has(bare(parts[0]!)) || /^\d+$/.test(parts[0]!))) parts.shift()
  return parts.join('.')
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function meantBy(key: string, value: Field, name: string): string {
  // A consent is a yes, or the text that was agreed to.
  if (name === 'consent' && isSentence(value)) return 'consent_text'
  if (name === 'tcpa_text' && !isSentence(value)) return 'consent'
  // Jornaya's own spelling of its id; `lead_id` and `leadId` are the sender's.
  if (name === 'external_id' && /(^|\.)(LeadiD|leadid|LEADID)$/.test(key) && typeof value === 'string' && UUID.test(value)) {
    return 'jornaya_lead_id'
  }
  return name
}

function isSentence(value: Field) {
  return typeof value === 'string' && value.trim().length > 12
}
