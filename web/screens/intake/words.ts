import type { IntakeDelivery, IntakeReason, IntakeWebhook } from '../../../shared/intake.ts'
import { count } from '../../ui/numbers.ts'
import type { Tone } from '../../ui/Pill.tsx'

export const STATES: Record<IntakeDelivery['state'], { label: string; tone: Tone }> = {
  received: { label: 'In progress', tone: 'plain' },
  fetching: { label: 'Being fetched', tone: 'plain' },
  accepted: { label: 'Lead', tone: 'good' },
  duplicate: { label: 'Duplicate', tone: 'plain' },
  refused: { label: 'Refused', tone: 'warm' },
  quarantined: { label: 'Quarantine', tone: 'bad' },
  captured: { label: 'Captured', tone: 'accent' },
  ignored: { label: 'Ignored', tone: 'plain' },
}

/** Why it is no lead, and what a person can do about it. */
const REASONS: Record<IntakeReason, [why: string, todo?: string]> = {
  duplicate: ['The same person came within the window of this webhook already.'],
  already_received: ['This lead came before and was accepted.'],
  cap_hour: ['The cap of that hour was reached.', 'Raise the cap in the settings of the webhook, then replay.'],
  cap_day: ['The cap of that day was reached.', 'Raise the cap in the settings of the webhook, then replay.'],
  cap_month: ['The cap of that month was reached.', 'Raise the cap in the settings of the webhook, then replay.'],
  filtered: ['A filter of the webhook leaves it out.'],
  inactive: ['The webhook took no leads at that time.', 'Turn it on, then replay.'],
  invalid_fields: ['Neither the e-mail nor the phone can be used.', 'Look at its mapping, or ask the sender to correct it.'],
  nobody: ['It carries neither an e-mail nor a phone.', 'If one stands there under another name, map it, then replay.'],
  unreadable: ['The body cannot be read in the format of this webhook.', 'Choose the right format in its settings, then replay.'],
  unstorable: ['The database could not store what it carries.'],
  not_fetched: ['The lead behind the id that came could not be fetched.', 'Look at the secrets of the webhook, then replay.'],
  invalid_time: ['It carries no time at which somebody can meet.', 'Look at its mapping, or ask the sender to correct it.'],
  unknown_meeting: ['It is about a meeting that never came.'],
}

type Told = Pick<IntakeDelivery, 'reason' | 'error'>

export const whyOf = ({ reason, error }: Told) => error ?? (known(reason) ? REASONS[reason][0] : reason)

export const todoOf = ({ reason }: Told) => (known(reason) ? REASONS[reason][1] : undefined)

function known(reason: string | null): reason is IntakeReason {
  return reason !== null && Object.hasOwn(REASONS, reason)
}

/** What can be looked at again; the server leaves the others as they are. */
export function isReplayable({ state, parts }: Pick<IntakeDelivery, 'state' | 'parts'>) {
  return !['received', 'fetching'].includes(state) && (state !== 'accepted' || parts > 1)
}

export function webhookState({ active, test_mode, capture }: IntakeWebhook): { label: string; tone: Tone; about: string } {
  if (!active) return { label: 'Off', tone: 'plain', about: 'Senders are told that it takes no leads. What they send is kept.' }
  if (capture) return { label: 'Captures', tone: 'accent', about: 'What comes is kept, and no leads are made of it yet.' }
  if (test_mode) return { label: 'Test mode', tone: 'warm', about: 'Leads are stored and flagged, not counted and not assigned.' }
  return { label: 'Active', tone: 'good', about: 'It takes leads.' }
}

/** The server counts up to a thousand. */
export const waitingWords = (waiting: number) => (waiting >= 1000 ? '1,000+' : String(waiting))

/** "any time", "within 12 hours", "within 30 days" */
export function windowWords(hours: number) {
  if (hours === 0) return 'The same person may come again at any time: each time is a lead.'
  const time = hours % 24 === 0 ? count(hours / 24, 'day') : count(hours, 'hour')
  return `The same person again with the same lead type within ${time} is a duplicate: it is kept, and makes no lead.`
}

export function size(bytes: number) {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`
}
