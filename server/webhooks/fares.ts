import type { Made } from './settle.ts'
import { keyOf, type Place } from './turns.ts'

/** What a number of results say of one endpoint, with times in milliseconds of the clock. */
export type Fare = Place & {
  token: string | null
  attempts: number
  successes: number
  given_up: number
  /** Of the last success. */
  success_ms: number | null
  error: string | null
  error_ms: number | null
  /** Of the first attempt that failed after the last success. */
  failing_ms: number | null
}

/**
 * Sums results up by endpoint. A test that fails is not held against the endpoint; one that succeeds speaks for it. What was withheld from it is
 * no attempt of its.
 */
export function faresOf(made: readonly Made[]): Fare[] {
  const fares = new Map<string, Fare>()
  const ended = made.map(result => ({ result, end: result.attempt.at + result.attempt.ms }))
  for (const { result, end } of ended.sort((a, b) => a.end - b.end)) {
    const key = keyOf(result)
    const fare = fares.get(key) ?? blank(result)
    fares.set(key, fare)
    add(fare, result, end)
  }
  return [...fares.values()]
}

function add(fare: Fare, { attempt, state, token, counts }: Made, at: number) {
  if (attempt.verdict === 'withheld') return
  if (attempt.ok || token !== null) fare.attempts++
  if (attempt.ok) {
    fare.successes++
    fare.success_ms = at
    fare.failing_ms = null
    return
  }
  fare.error = attempt.error
  fare.error_ms = at
  if (token === null || !counts) return
  fare.failing_ms ??= at
  if (state === 'failed') fare.given_up++
}

function blank({ workspace_id, endpoint_id, token }: Made): Fare {
  const nothing = { success_ms: null, error: null, error_ms: null, failing_ms: null }
  return { workspace_id, endpoint_id, token, attempts: 0, successes: 0, given_up: 0, ...nothing }
}
