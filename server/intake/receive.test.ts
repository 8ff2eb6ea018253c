import { beforeAll, expect, test } from 'vitest'
import type { IntakeWebhook, IntakeWebhookCreate } from '../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer, sally } from '../../test/people.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(fresh.secret_key), ...(payload ? { payload } : {}) })
const make = async (given: Partial<IntakeWebhookCreate> = {}) =>
  (await ask('POST', '/intake-webhooks', { name: 'Solar', lead_type: 'solar', ...given })).json<IntakeWebhook>()
const send = (to: IntakeWebhook, payload: object | string, headers: Record<string, string> = {}) =>
  fresh.app.inject({ method: 'POST', url: `/intake/${to.webhook_id}`, payload, headers })

test('a lead that was sent is a lead of a contact', async () => {
  const to = await make()
  const answer = await send(to, { first_name: 'Sally', last_name: 'Susa', email: sally.email, phone: '(202) 555-0101' })
  expect(answer.statusCode).toBe(201)
})
