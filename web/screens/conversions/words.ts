import type { Conversion, ConversionSource, ConversionStatus } from '../../../shared/conversions.ts'
import { money } from '../../ui/numbers.ts'
import type { Tone } from '../../ui/Pill.tsx'

const TYPES: Record<string, string> = {
  sale: 'Sale',
  appointment: 'Appointment',
  qualified: 'Qualified',
  proposal: 'Proposal',
  contract: 'Contract',
}

export const READY_TYPES = Object.keys(TYPES)

/** A type of one's own by its own name: "trial_started" is "Trial started". */
export function typeName(type: string) {
  if (Object.hasOwn(TYPES, type)) return TYPES[type]!
  const words = type.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const STATUSES: Record<ConversionStatus, { label: string; tone: Tone; about: string }> = {
  active: { label: 'Counts', tone: 'good', about: 'It counts in every total.' },
  refunded: { label: 'Refunded', tone: 'warm', about: 'All of its value went back. It still happened.' },
  void: { label: 'Void', tone: 'plain', about: 'Entered by mistake. It counts nowhere.' },
}

export const SOURCES: Record<ConversionSource, string> = {
  api: 'API or by hand',
  event: 'Event',
  lead: 'Lead that was won',
  appointment: 'Appointment',
  import: 'Import',
}

/** What is left of its value after refunds. */
export const leftOf = ({ value, refunded }: Conversion) => Math.round((value - refunded) * 100) / 100

export function worth({ value, currency }: Conversion) {
  return value === 0 ? undefined : money(value, currency)
}
