import { MOST_PURPOSES } from '../../shared/consents.ts'

/** What an event `consent_changed` says. */
export type SaidByEvent = { purposes: Record<string, boolean>; text_version: string | null }

/** Yes and no alone count; what is anything else was not said. */
export function readConsent({ purposes, text_version }: Record<string, unknown>): SaidByEvent {
  const given = typeof purposes === 'object' && purposes !== null ? Object.entries(purposes) : []
  const answers = given.filter((one): one is [string, boolean] => typeof one[1] === 'boolean')
  return {
    purposes: Object.fromEntries(answers.slice(0, MOST_PURPOSES)),
    text_version: typeof text_version === 'string' && text_version !== '' ? text_version.slice(0, 100) : null,
  }
}
