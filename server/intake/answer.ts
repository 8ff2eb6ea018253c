import { INTAKE_REASONS } from '../../shared/intake.ts'
import type { Part, PartState, Settled } from './delivery.ts'
import type { Format, Outcome, Raw, Reply } from './formats/format.ts'

/** A delivery is what its best part is: one lead that was made is more than nine that were not. */
const BEST: readonly PartState[] = ['fetching', 'accepted', 'captured', 'quarantined', 'refused', 'duplicate', 'ignored']

/** What became of a delivery, out of what became of its parts. */
export function settle(delivery_id: number, parts: Part[]): Settled {
  const best = BEST.map(state => parts.find(part => part.state === state)).find(part => part !== undefined) ?? parts[0]!
  const { state, reason, error, fields, lead_id, contact_id, appointment_id } = best
  return {
    state,
    reason,
    error,
    fields,
    lead_id,
    contact_id,
    appointment_id,
    results: parts,
    answered: outcomeOf(delivery_id, best),
  }
}

function outcomeOf(
  delivery_id: number,
  { state, reason, error, fields, lead_id, contact_id, contact_status, appointment_id }: Part,
): Outcome {
  const came_before = reason === 'already_received'
  const is_success = state !== 'duplicate' && state !== 'refused' && state !== 'quarantined'
  return {
    status: state === 'accepted' ? 201 : state === 'captured' || state === 'fetching' ? 202 : state === 'quarantined' ? 422 : 200,
    outcome: is_success || came_before ? 'success' : 'failure',
    reason: is_success ? null : reason,
    message: is_success ? null : (error ?? (reason && INTAKE_REASONS[reason])),
    fields,
    delivery_id,
    lead_id,
    contact_id,
    contact_status,
    appointment_id,
    redirect_url: null,
  }
}

/** It is stored; what becomes of it, nobody waited for. */
export function storedOutcome(delivery_id: number): Outcome {
  return {
    status: 202,
    outcome: 'success',
    reason: null,
    message: null,
    fields: null,
    delivery_id,
    lead_id: null,
    contact_id: null,
    contact_status: null,
    appointment_id: null,
    redirect_url: null,
  }
}

/** The answer in the form of the format, or in ours: LeadConduit's words, which sellers' systems read, and our form of errors. */
export function replyOf(format: Format, outcome: Outcome, raw: Raw): Reply {
  if (format.reply) return format.reply(outcome, raw)
  const { status, reason, message, fields, delivery_id, lead_id, contact_id, contact_status, appointment_id } = outcome
  const body = {
    outcome: outcome.outcome,
    ...(reason === null ? {} : { reason }),
    ...(contact_id === null ? {} : { contact_id }),
    ...(contact_status === null ? {} : { contact_status }),
    ...(lead_id === null ? {} : { lead_id }),
    ...(appointment_id === null ? {} : { appointment_id }),
    ...(delivery_id === null ? {} : { delivery_id }),
    ...(fields === null || status === 422 ? {} : { fields }),
  }
  if (status !== 422) return { status, body: message === null ? body : { ...body, message } }
  return { status, body: { ...body, error: { code: 'invalid_fields', message: message ?? '', ...(fields ? { fields } : {}) } } }
}
