import type { MEMBER_STATES } from '../../../../shared/crm.ts'
import type { CrmResult } from '../../result.ts'

export type MemberState = (typeof MEMBER_STATES)[number]

/** What the CRM answered, in the words of seed 003. */
export type Answered = 'OkResponse' | 'NotFound' | 'UnexpectedResponse'

export function answeredBy(result: CrmResult<unknown>): Answered {
  if (result.ok) return 'OkResponse'
  return result.error.kind === 'not_found' ? 'NotFound' : 'UnexpectedResponse'
}

/** Where an answer leads when the database takes it. */
export const WRITTEN = {
  OkResponse: 'WroteSalesforceAppUserUid',
  NotFound: 'WroteNotFound',
  UnexpectedResponse: 'WroteUnexpectedResponse',
} as const satisfies Record<Answered, MemberState>

/** And where when it does not. */
export const ASIDE = {
  OkResponse: 'DbWriteOkErrorLogged',
  NotFound: 'DbWriteNotFoundErrorLogged',
  UnexpectedResponse: 'DbWriteUnexpectedResFailure',
} as const satisfies Record<Answered, MemberState>
