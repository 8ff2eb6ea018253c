import { expect } from 'vitest'
import type { LeadCreate } from '../../shared/leads.ts'
import type { FreshApp, Tenant } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'

/** A lead of a contact, by the API. Its id. */
export async function makeLead(
  { app }: FreshApp,
  { secret_key }: Tenant,
  given: LeadCreate & { contact_id: number },
): Promise<number> {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/leads', headers: bearer(secret_key), payload: given })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json<{ id: number }>().id
}
