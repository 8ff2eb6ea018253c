import type { IntakeDeliveryShown, IntakeWebhook, IntakeWebhookCreate } from '../../shared/intake.ts'
import type { FreshApp, Tenant } from '../../test/app.ts'
import { heard } from '../../test/heard.ts'
import { bearer } from '../../test/people.ts'

/** A lead as the tests look at it: the row itself. */
export type LeadRow = {
  id: number
  contact_id: number
  source: string | null
  email: string | null
  phone: string | null
  first_name: string | null
  last_name: string | null
  is_test: boolean
  fields: Record<string, unknown>
  [column: string]: unknown
}

/** Somebody who works at a lead desk: makes webhooks, sends to them, and looks at what came of it. */
export function deskOf(fresh: FreshApp, tenant: Tenant = fresh) {
  const { system } = fresh.database
  const { workspace_id } = tenant
  /** After a change this process has heard of it, as a sender some milliseconds later would find it. */
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
    const headers = bearer(tenant.secret_key)
    const answer = await fresh.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload ? { payload } : {}) })
    if (method !== 'GET') await heard(fresh.database)
    return answer
  }
  const make = async (given: Partial<IntakeWebhookCreate> = {}) => {
    const answer = await ask('POST', '/intake-webhooks', { name: 'Solar', lead_type: 'solar', ...given })
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json<IntakeWebhook>()
  }
  const change = async (to: IntakeWebhook, given: object) => {
    const answer = await ask('PATCH', `/intake-webhooks/${to.id}`, given)
    if (answer.statusCode !== 200) throw new Error(answer.body)
    return answer.json<IntakeWebhook>()
  }
  const send = (to: Pick<IntakeWebhook, 'webhook_id'>, payload: object | string, headers: Record<string, string> = {}) =>
    fresh.app.inject({ method: 'POST', url: `/intake/${to.webhook_id}`, payload, headers })
  const leads = (where: { webhook_id?: number; id?: number } = {}) => system<LeadRow[]>`
    select *
      from leads
     where workspace_id = ${workspace_id} and webhook_id = coalesce(${where.webhook_id ?? null}::int, webhook_id)
       and id = coalesce(${where.id ?? null}::bigint, id)
     order by delivery_id, id`
  const lead = async (id: number) => (await leads({ id }))[0]!
  const delivery = async (id: number) => (await ask('GET', `/intake-deliveries/${id}`)).json<IntakeDeliveryShown>()
  const contact = async (id: number) => (await ask('GET', `/contacts/${id}`)).json<Record<string, unknown>>()
  return { ask, make, change, send, leads, lead, delivery, contact, workspace_id }
}

export type Answered = {
  outcome: 'success' | 'failure'
  reason?: string
  contact_id: number
  contact_status: 'new' | 'existing'
  lead_id: number
  delivery_id: number
  error?: { code: string; message: string; fields?: Record<string, string> }
}

let people = 0
/** Somebody nobody has heard of. Their phone is one that could be. */
export function somebody() {
  people++
  return {
    first_name: `First${people}`,
    last_name: `Last${people}`,
    email: `person${people}@example.com`,
    phone: `+1303555${String(1000 + people).padStart(4, '0')}`,
  }
}
