import Type from 'typebox'
import { Value } from 'typebox/value'
import type { CrmReply } from '../../http.ts'
import type { CrmErrorKind } from '../../result.ts'

/** Where the status alone says something else. */
const KINDS: Record<string, CrmErrorKind> = {
  REQUEST_LIMIT_EXCEEDED: 'rate_limited', // 403
  INVALID_SESSION_ID: 'auth',
  DUPLICATES_DETECTED: 'duplicate', // 400, of a duplicate rule
  DUPLICATE_VALUE: 'duplicate', // 400, of a unique field
  UNABLE_TO_LOCK_ROW: 'server', // 400: somebody else writes to the same record just now
}

const Refusal = Type.Object({ error: Type.String(), error_description: Type.Optional(Type.String()) })
const Errors = Type.Array(Type.Object({ errorCode: Type.String(), message: Type.String() }), { minItems: 1 })
const Several = Type.Array(Type.String(), { minItems: 1 })
const Match = Type.Object({ record: Type.Object({ Id: Type.String(), attributes: Type.Object({ type: Type.String() }) }) })
const Matches = Type.Object({ matchResults: Type.Array(Type.Object({ matchRecords: Type.Array(Match) })) })

type Said = { message?: string; code?: string; kind?: CrmErrorKind; existing_id?: string }

/** What Salesforce says went wrong. `existing_id` is of the one record of that object that stands in the way; of several, none is. */
export function explain({ status, body }: CrmReply, object: string): Said {
  if (status === 300 && Value.Check(Several, body)) {
    return { message: `several records have this id: ${body.map(url => url.split('/').pop()).join(', ')}` }
  }
  if (Value.Check(Refusal, body)) return { kind: 'auth', code: body.error, message: body.error_description ?? '' }
  if (!Value.Check(Errors, body)) return {}
  const [{ errorCode: code, message }] = body as [{ errorCode: string; message: string }]
  const kind = KINDS[code]
  const existing_id = existingId(body[0], object)
  return { code, message, ...(kind && { kind }), ...(existing_id && { existing_id }) }
}

function existingId(said: unknown, object: string): string | undefined {
  // Salesforce itself misspelt it for years.
  const { duplicateResult, duplicateResut, message } = said as Record<string, unknown>
  const matches = duplicateResult ?? duplicateResut
  if (!Value.Check(Matches, matches)) return /with id: (\w{15,18})\b/.exec(String(message))?.[1]
  const records = matches.matchResults.flatMap(({ matchRecords }) => matchRecords.map(({ record }) => record))
  const ids = new Set(records.filter(({ attributes }) => attributes.type === object).map(({ Id }) => Id))
  return ids.size === 1 ? [...ids][0] : undefined
}
