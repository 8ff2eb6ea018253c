import { CONSENT_EVENT } from '../../shared/consents.ts'
import { type Progress, progressOf } from '../lifecycle/progress.ts'
import { readTouch, type Touch } from './touch.ts'
import { readTraits } from './traits.ts'

/** What an event says about its visitor. */
export type Meaning = { touch: Touch | null; progress: Progress | null; traits: Record<string, unknown> | null }

/** Events that tell who somebody is: the contact is made of what they carry. */
const TELLING = new Set(['identify', 'registration', 'form_submitted'])

/** Events whose properties describe a person or a group, and not where a visit came from. */
const NO_TOUCH = new Set(['identify', 'group', 'alias', CONSENT_EVENT])

/**
 * Read from what is stored of an event and from nothing else, so that `throughline rebuild` reads the same years later. JSON in
 * the database keeps no order of keys; nothing here may depend on one.
 */
export function meaningOf(
  event: string,
  properties: Record<string, unknown>,
  context: Record<string, unknown>,
  occurred_at: number,
): Meaning {
  return {
    touch: readTouch(occurred_at, context, NO_TOUCH.has(event) ? {} : properties),
    progress: progressOf(event, properties),
    traits: isTelling(event) ? readTraits({ ...bag(context.traits), ...properties }, event === 'identify') : null,
  }
}

export function isTelling(event: string): boolean {
  return TELLING.has(event)
}

function bag(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
