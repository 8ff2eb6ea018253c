/**
 * Everything that can be answered to a client besides success: code, status, and a sentence that a person can act on.
 * The names are published (docs/api/errors.md); a code is never reused for another meaning.
 */
export const ERRORS = {
  invalid_request: [400, 'The request is not what this address expects. See `fields` for what to change.'],
  unreadable_body: [400, 'The body is not valid JSON. Send UTF-8 JSON, plain or gzip.'],
  invalid_event: [400, 'The event is not one that can be stored. See `fields.event` for the reason.'],
  invalid_cursor: [400, 'The cursor is not one that this list gave out. Start again without `cursor`.'],
  unknown_key: [401, 'The key is not known, or it was revoked. Copy it again from Set-up, Keys.'],
  expired_key: [401, 'The key has run out. Use the one that replaces it, or ask for a new one.'],
  unknown_provider: [401, 'The provider is not known here, or its key is wrong. Ask for a new key whom you send leads to.'],
  wrong_signature: [401, 'The signature does not fit the body. Compare the secret here with the one over there.'],
  not_signed_in: [401, 'Sign in first, or send a secret key as `Authorization: Bearer sk_...`.'],
  wrong_password: [401, 'The e-mail or the password is wrong.'],
  wrong_code: [401, 'The code is wrong, or it was used already. Wait for the next one.'],
  sign_in_link_used: [401, 'This sign-in link was used already or is too old. Restart the server for a new one.'],
  csrf: [403, 'The request did not come from this site. Reload the page and try again.'],
  forbidden: [403, 'Your role or key may not do this. Ask an owner of the workspace.'],
  totp_required: [403, 'This workspace asks everybody for a second step at the sign-in. Set yours up first, in Your account.'],
  missing_scope: [403, 'The key has not the scope for this. Make a key with the scope named in `fields`.'],
  address_not_allowed: [403, 'The key is not taken from this address. Ask who made it to allow the address.'],
  not_found: [404, 'There is nothing at this address in this workspace.'],
  method_not_allowed: [405, 'This address exists, but not for this method.'],
  request_timeout: [408, 'The request did not arrive in time. Send it again.'],
  conflict: [409, 'Somebody changed this in the meantime. Load it again and repeat your change.'],
  already_exists: [409, 'There is one with this value already.'],
  idempotency_mismatch: [409, 'This Idempotency-Key was used for another request. Use a new one.'],
  idempotency_running: [409, 'The first request with this Idempotency-Key is still running. Ask again in a moment.'],
  two_identified: [
    409,
    'Both people are identified by an id of their own. Send `force: true` if you are sure that they are one.',
  ],
  already_merged: [
    409,
    'One of the contacts is part of another one already. Undo that merge first, or merge with the other one.',
  ],
  in_use: [409, 'Something still uses this. The message says what; change that first.'],
  last_owner: [409, 'A workspace has at least one owner. Make somebody else an owner first.'],
  slot_taken: [409, 'Somebody was faster: the time is taken. Choose one of `slots`, which are free now.'],
  appointment_ended: [409, 'The appointment has ended: it was completed, cancelled or missed. Book a new one.'],
  already_undone: [409, 'This was undone already.'],
  endpoint_paused: [409, 'The endpoint is paused. Activate it first, then replay.'],
  endpoint_deleted: [409, 'The endpoint was deleted. Its log can be read, but nothing is sent there any more.'],
  too_large: [413, 'The body is too large: 32 KB an event, 500 KB a batch, 1 MB a lead, 5 MB an import.'],
  unsupported_media_type: [415, 'This content type is not understood here. Send application/json.'],
  no_such_range: [416, 'The file has no such bytes. Ask for it without Range.'],
  invalid_fields: [422, 'Some fields are wrong. See `fields` for each.'],
  took_too_long: [
    422,
    'This reads more than can be counted in time. Choose a shorter period or window, rarer events, or fewer steps.',
  ],
  too_many_requests: [429, 'Too many requests. Wait for the seconds in Retry-After.'],
  internal: [500, 'Something broke on our side; it was logged with this request id.'],
  unavailable: [503, 'The database is away. Nothing was stored; send it again after the seconds in Retry-After.'],
  overloaded: [503, 'More arrives than can be stored. Nothing was stored; send it again after the seconds in Retry-After.'],
} as const satisfies Record<string, readonly [number, string]>

export type ErrorCode = keyof typeof ERRORS

/** A refusal on its way to the client. Throw it with `refuse(...)`; the error handler writes `{error: {code, message, fields?}}`. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly fields: Record<string, string> | undefined
  readonly retry_after: number | undefined
  /** What is free instead of a time that is taken. */
  readonly slots: FreeSlot[] | undefined

  constructor(code: ErrorCode, message: string, { fields, retry_after, slots }: Details = {}) {
    super(message)
    this.code = code
    this.status = ERRORS[code][0]
    this.fields = fields
    this.retry_after = retry_after
    this.slots = slots
  }
}

type FreeSlot = { starts_at: string; ends_at: string; user_ids?: number[] }
type Details = {
  fields?: Record<string, string> | undefined
  retry_after?: number | undefined
  slots?: FreeSlot[] | undefined
}

export function refuse(code: ErrorCode, { message, ...details }: Details & { message?: string } = {}) {
  return new Refusal(code, message ?? ERRORS[code][1], details)
}
