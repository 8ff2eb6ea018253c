import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { CrmReply } from './http.ts'
import { type CrmResult, failed, found } from './result.ts'

/**
 * What an answer says, in the shape that the caller needs; what else stands in it is ignored. An answer of another shape is
 * `unexpected`, and only the place is named, because a token may stand in it.
 */
export function take<T extends TSchema>(shape: T, answer: CrmResult<CrmReply>): CrmResult<Static<T>> {
  if (!answer.ok) return answer
  const { status, body } = answer.value
  if (Value.Check(shape, body)) return found(body)
  const [wrong] = Value.Errors(shape, body)
  const where = wrong?.instancePath ? `${wrong.instancePath} ${wrong.message}` : `all of it ${wrong?.message}`
  return failed('unexpected', `It answered ${status} with JSON that is not what it documents: ${where}.`, { http_status: status })
}

/** For what is answered with 204: anything else is no word that it was done. */
export function takeNothing(answer: CrmResult<CrmReply>): CrmResult<null> {
  if (!answer.ok) return answer
  const { status } = answer.value
  if (status === 204) return found(null)
  return failed('unexpected', `It answered ${status} where it documents 204.`, { http_status: status })
}
