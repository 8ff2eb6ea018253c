import Type from 'typebox'
import { Value } from 'typebox/value'
import type { CrmReply } from '../../http.ts'
import type { CrmErrorKind } from '../../result.ts'

/** Where the status does not say it: in a 207 it is said of each record. */
const KINDS: Record<string, CrmErrorKind> = {
  CONFLICT: 'duplicate',
  MISSING_SCOPES: 'auth',
  OBJECT_NOT_FOUND: 'not_found',
  RATE_LIMITS: 'rate_limited',
  VALIDATION_ERROR: 'validation',
}
/** Somebody else writes to the record; the account moves to another data centre. */
const PASSING = [423, 477]

const Wrong = Type.Object({
  message: Type.String(),
  category: Type.Optional(Type.String()),
  policyName: Type.Optional(Type.String()),
})

type Said = { message?: string; code?: string; kind?: CrmErrorKind; existing_id?: string }

/** What HubSpot says went wrong. A contact that stands in the way is named in the sentence alone: "Existing ID: 3401". */
export function explain({ status, body }: CrmReply): Said {
  const passing: Said = PASSING.includes(status) ? { kind: 'server' } : {}
  if (!Value.Check(Wrong, body)) return passing
  const { message, category, policyName } = body
  const code = policyName ?? category
  const kind = KINDS[category ?? '']
  const existing_id = /Existing ID: (\d+)/.exec(message)?.[1]
  return { message, ...(code && { code }), ...(kind && { kind }), ...(existing_id && { existing_id }), ...passing }
}
