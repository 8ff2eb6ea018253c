import { expect, test } from 'vitest'
import { freshApp } from '../../test/app.ts'
import { bearer, sally } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'
import { auditBooks } from './books.fixture.ts'
import { makeLead } from './leads.fixture.ts'

test('a workspace that gets another currency is summed up in that one', async () => {
  const fresh = await freshApp()
  const headers = bearer(fresh.secret_key)
  const post = async (url: string, payload: object) =>
    (await fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload })).json()
  const worth = async () =>
    (await fresh.app.inject({ url: `/api/v1/contacts/${contact_id}`, headers })).json<{ lifetime_value: number }>().lifetime_value
  const { id: contact_id } = await post('/contacts', { email: sally.email })
  const lead_id = await makeLead(fresh, fresh, { contact_id, source: 'google' })
  await post('/conversions', { lead_id, value: 10, currency: 'USD' })
  await post('/conversions', { lead_id, value: 7, currency: 'EUR' })
  expect(await worth()).toBe(10)

  fresh.work()
  const owner = await signedIn(fresh)
  const url = `/api/v1/workspaces/${fresh.workspace_id}`
  const answer = await fresh.app.inject({ method: 'PATCH', url, headers: owner.headers, payload: { currency: 'EUR' } })
  expect(answer.statusCode, answer.body).toBe(200)
  await expect.poll(worth, { timeout: 20_000 }).toBe(7)
  await auditBooks(fresh.database, fresh.workspace_id)
})
