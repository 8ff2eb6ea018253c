import type { Lead, LeadKind } from '../../../shared/leads.ts'
import type { Tone } from '../../ui/Pill.tsx'
import { nameOf } from '../contacts/names.ts'

/** How a lead is called: as the person whose it is. */
export const leadName = ({ contact }: Pick<Lead, 'contact'>) => nameOf(contact)

export const KINDS: Record<LeadKind, { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'accent' },
  won: { label: 'Won', tone: 'good' },
  lost: { label: 'Lost', tone: 'plain' },
}

export const PRIORITIES = ['Urgent', 'High', 'Normal', 'Low', 'Lowest'].map((label, index) => ({
  value: String(index + 1),
  label,
}))

export const priorityName = (priority: number) => PRIORITIES[priority - 1]?.label ?? String(priority)

/** Nobody has done anything with it yet. */
export function isNew({ kind, contact_attempts, status_changed_at, created_at }: Lead) {
  return kind === 'open' && contact_attempts === 0 && Date.parse(status_changed_at) - Date.parse(created_at) < 1000
}

export const isDue = ({ kind, follow_up_at }: Pick<Lead, 'kind' | 'follow_up_at'>, now = Date.now()) =>
  kind === 'open' && follow_up_at !== null && Date.parse(follow_up_at) <= now

/** Where it came from, in a few words. */
export function originOf({ source, campaign, webhook }: Pick<Lead, 'source' | 'campaign' | 'webhook'>) {
  return [source ?? webhook, campaign].filter(Boolean).join(' · ') || null
}
