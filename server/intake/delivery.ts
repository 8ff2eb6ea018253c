import type { IntakeReason } from '../../shared/intake.ts'
import type { Outcome, Read } from './formats/format.ts'

/** A delivery that is stored and waits for being made into leads. */
export type Waiting = {
  workspace_id: number
  webhook_id: number
  id: number
  provider_id: string | null
  /** In ms. */
  received_at: number
  /** The name of the format that it was read as. */
  format: string
  /** It came to the address for meetings: without a time it is nothing. */
  is_meeting: boolean
  read: Read
}

export type PartState = 'accepted' | 'duplicate' | 'refused' | 'quarantined' | 'captured' | 'ignored' | 'fetching'

/** What became of one lead of a delivery. */
export type Part = {
  state: PartState
  reason: IntakeReason | null
  /** In words, where there is more to say than the reason. */
  error: string | null
  fields: Record<string, string> | null
  lead_id: number | null
  contact_id: number | null
  appointment_id: number | null
  contact_status: 'new' | 'existing' | null
  is_test: boolean
}

/** What became of a delivery: of its parts together, and what its sender is told. */
export type Settled = Omit<Part, 'contact_status' | 'is_test'> & {
  results: Part[]
  answered: Outcome
}

export function part(state: PartState, rest: Partial<Part> = {}): Part {
  return {
    state,
    reason: null,
    error: null,
    fields: null,
    lead_id: null,
    contact_id: null,
    appointment_id: null,
    contact_status: null,
    is_test: false,
    ...rest,
  }
}
