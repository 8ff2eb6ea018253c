/** What can go wrong, by what is to be done about it. Nothing that a CRM answers is thrown: it is one of these values. */
export type CrmErrorKind =
  | 'auth'
  | 'rate_limited'
  | 'timeout'
  | 'network'
  | 'not_found'
  | 'duplicate'
  | 'validation'
  | 'server'
  | 'unexpected'

export type CrmError = {
  kind: CrmErrorKind
  /** A sentence for the person who reads the log; what the CRM said stands in it, without secrets. */
  message: string
  http_status?: number
  /** The CRM's own: DUPLICATES_DETECTED. */
  code?: string
  /** When the CRM said so: not before this many milliseconds. */
  retry_after_ms?: number
  /** Of the record that stands in the way. */
  existing_id?: string
  /** By which the CRM's support finds the request. */
  request_id?: string
}

export type CrmResult<T> = { ok: true; value: T } | { ok: false; error: CrmError }

export function found<T>(value: T): CrmResult<T> {
  return { ok: true, value }
}

export function failed(
  kind: CrmErrorKind,
  message: string,
  more: Omit<CrmError, 'kind' | 'message'> = {},
): { ok: false; error: CrmError } {
  return { ok: false, error: { kind, message, ...more } }
}

/** Whether it may not be this record over which the CRM stumbles: then it answers, or lets in, nobody. */
export function mayBeOfAll(error: CrmError): boolean {
  return error.kind === 'auth' || isPassing(error)
}

/** Whether the same request may succeed later without anybody doing something. */
export function isPassing({ kind }: CrmError): boolean {
  return kind === 'rate_limited' || kind === 'timeout' || kind === 'network' || kind === 'server'
}
