import type { Egress } from '../egress/egress.ts'
import type { Ready } from './ready.ts'
import { waitAfter } from './retry.ts'
import { type AttemptMade, notSent, send } from './send.ts'
import type { Made } from './settle.ts'
import { NO_SECRET, type Target } from './target.ts'
import type { Place } from './turns.ts'

/** One attempt at a delivery. Never throws. */
export async function attemptOf(egress: Egress, target: Target, ready: Ready, signal: AbortSignal): Promise<AttemptMade> {
  const { url, headers, field_map, version, problem } = target
  const { message_id, payload } = ready
  const now = Date.now()
  const keys = target.keys.filter(({ until }) => until > now).map(({ key }) => key)
  if (problem !== null) return notSent(problem)
  if (keys.length === 0) return notSent(NO_SECRET)
  if (payload === null) return notSent('Nothing was sent: the body of this message is not stored any more.')
  try {
    return await send(egress, { url, headers, keys, message_id, payload, field_map, version }, signal)
  } catch (error) {
    return notSent(`Nothing was sent: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What becomes of the delivery. `was_stopped`: the server went before the receiver could answer, so it is the next one's to try. */
export function resultOf(
  turn: Place & { target: Target },
  token: string,
  ready: Ready,
  attempt: AttemptMade,
  was_stopped: boolean,
): Made {
  const { workspace_id, endpoint_id, target } = turn
  const { verdict, retry_after } = attempt
  const may_wait = verdict === 'failed' && !was_stopped
  const run_in_ms = may_wait ? waitAfter(target.delays, ready.attempt + 1, retry_after) : null
  const will_retry = was_stopped || run_in_ms !== null
  return {
    workspace_id,
    endpoint_id,
    delivery_id: ready.id,
    token,
    number: ready.attempts + 1,
    attempt,
    state: verdict === 'delivered' ? 'delivered' : will_retry ? 'queued' : verdict === 'withheld' ? 'cancelled' : 'failed',
    run_in_ms,
    counts: !was_stopped,
  }
}
