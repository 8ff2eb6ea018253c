import { type CrmError, isPassing } from './result.ts'

/** Seconds before a failure that passes by itself is tried again; after these a person has to look. */
export const DELAYS = [10, 60, 300, 1800, 7200, 21_600]

/** A failure that was logged, and in how many seconds it is tried again; null when only a person can help. */
export type Failure = { error: CrmError; again_in: number | null }

/** `failures`: how many that pass by themselves came before, one after the other. A limit is none: it is waited for however often. */
export function failureOf(error: CrmError, failures: number): Failure {
  const said = (error.retry_after_ms ?? 0) / 1000
  if (error.kind === 'rate_limited') return { error, again_in: said || pauseOf(error) }
  const delay = DELAYS[failures]
  return { error, again_in: isPassing(error) && delay !== undefined ? Math.max(delay * (1 + Math.random() / 10), said) : null }
}

/** What a row remembers of it: the words, whether it is still to be told, and how many failures now stand one after the other. */
export function remembered({ error, again_in }: Failure, failures: number) {
  const is_over = again_in === null
  return {
    error: error.message.slice(0, 2000),
    due: !is_over || error.kind === 'auth', // new credentials tell again whom the old ones could not
    failures: is_over ? 0 : failures + (error.kind === 'rate_limited' ? 0 : 1),
  }
}

/** A limit without a time: the shortest windows of CRMs are seconds; one of a day (Salesforce says 403) is asked about every five minutes. */
function pauseOf({ http_status }: CrmError) {
  return http_status === 403 ? 300 : 10
}
