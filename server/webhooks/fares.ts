import type { Made } from './settle.ts'
import { keyOf, type Place } from './turns.ts'

/** What a number of results say of one endpoint. Times are ISO 8601. */
export type Fare = Place & {
  token: string | null
  attempts: number
  successes: number
  given_up: number
  /** Of the last success. */
  success_at: string | null
  error: string | null
  error_at: string | null
  /** Of the first delivery that was given up after the last success. */
  failing_since: string | null
}

/**
 * Sums results up by endpoint. A test that fails is not held against the endpoint; one that succeeds speaks for it. What was withheld from it is
 * no attempt of its.
 */
export function faresOf(made: readonly Made[]): Fare[] {
  const fares = new Map<string, Fare>()
  const ended = made.map(result => ({ result, end: Date.parse(result.attempt.at) + result.attempt.ms }))
  for (const { result, end } of ended.sort((a, b) => a.end - b.end)) {
    const fare = fares.get(keyOf(result)) ?? blank(result)
    fares.set(keyOf(result), fare)
    add(fare, result, new Date(end).toISOString())
  }
  return [...fares.values()]
}

function add(fare: Fare, { attempt, state, token }: Made, at: string) {
  if (attempt.verdict === 'withheld') return
  fare.attempts++
  if (attempt.ok) {
    fare.successes++
    fare.success_at = at
    fare.failing_since = null
    return
  }
  fare.error = attempt.error
  fare.error_at = at
  if (state !== 'failed' || token === null) return
  fare.given_up++
  fare.failing_since ??= at
}

function blank({ workspace_id, endpoint_id, token }: Made): Fare {
  const nothing = { success_at: null, error: null, error_at: null, failing_since: null }
  return { workspace_id, endpoint_id, token, attempts: 0, successes: 0, given_up: 0, ...nothing }
}
