import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Forwarding, ForwardingRule, ForwardingRuleCreate, LeadForward } from '../../../shared/forwarding.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'

type Received = { path: string; body: { event: string; contact: Record<string, unknown>; data: Record<string, unknown> } }

let fresh: FreshApp
let partner: Server
let base = ''
let webhook_id = ''
const received: Received[] = []

beforeAll(async () => {
  partner = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => (text += chunk))
    request.on('end', () => {
      received.push({ path: request.url!, body: JSON.parse(text) })
      response.end('ok')
    })
  })
  await new Promise<void>(resolve => partner.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  fresh.work()
  webhook_id = (await ask('POST', '/intake-webhooks', { name: 'Solar', lead_type: 'solar' })).json().webhook_id
})
afterAll(() => {
  partner.close()
})

function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) {
  return fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(fresh.secret_key), ...(payload ? { payload } : {}) })
}

async function endpoint(path: string, events = ['forwarding.lead']): Promise<number> {
  const answer = await ask('POST', '/endpoints', { url: `${base}${path}`, events })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json<{ id: number }>().id
}

async function rule(given: Partial<ForwardingRuleCreate> & { endpoint_ids: number[] }): Promise<ForwardingRule> {
  const answer = await ask('POST', '/forwarding-rules', { name: 'Rule', ...given })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}

let people = 0
async function lead(fields: object = {}): Promise<number> {
  const payload = { email: `forwarded${++people}@example.com`, first_name: 'Sally', internal: 'kept', ...fields }
  const answer = await fresh.app.inject({ method: 'POST', url: `/intake/${webhook_id}`, payload })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json<{ lead_id: number }>().lead_id
}

async function arrived(path: string, lead_id: number): Promise<Received> {
  return until(() => received.find(one => one.path === path && one.body.data.lead_id === lead_id))
}

async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let k = 0; k < 300; k++) {
    const found = await find()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('it did not come to that')
}

/** Waits until everything that was made so far is told. */
async function settled() {
  await until(async () => {
    const [row] = await fresh.database.system<{ open: number }[]>`
      select (select count(*) from activities where not told)::int + (select count(*) from deliveries where state = 'queued')::int as open`
    return row!.open === 0 ? true : undefined
  })
}

async function clear() {
  for (const { id } of (await ask('GET', '/forwarding')).json<Forwarding>().rules) await ask('DELETE', `/forwarding-rules/${id}`)
}

test('a lead goes to the partners of every rule that matches, to each once, with what the person said', async () => {
  await clear()
  const [texas, all] = [await endpoint('/texas'), await endpoint('/all')]
  const first = await rule({ name: 'Texas', endpoint_ids: [texas, all], matches: { states: ['tx'], products: ['Solar'] } })
  await rule({ name: 'Everything', endpoint_ids: [all] })
  const there = await lead({
    state: 'TX',
    product: 'solar',
    phone: '+12025550171',
    trustedform_cert_url: 'https://cert.trustedform.com/a',
  })
  const elsewhere = await lead({ state: 'CA', product: 'solar' })
  const { body } = await arrived('/texas', there)
  expect(body.event).toBe('forwarding.lead')
  expect(body.data).toMatchObject({
    lead_type: 'solar',
    state: 'TX',
    phone: '+12025550171',
    trustedform_cert_url: 'https://cert.trustedform.com/a',
    fields: { internal: 'kept' },
    rule: { id: first.id, name: 'Texas' },
  })
  for (const ours of ['assigned_to', 'score', 'priority', 'revenue_potential', 'payload'])
    expect(body.data).not.toHaveProperty(ours)
  await arrived('/all', elsewhere)
  await settled()
  expect(received.filter(one => one.path === '/all' && one.body.data.lead_id === there).length).toBe(1)
  expect(received.filter(one => one.path === '/texas').length).toBe(1)
})

test('says what became of it: on the lead, in its history and in the figures of the rule', async () => {
  await clear()
  const id = await endpoint('/figures')
  const made = await rule({ name: 'Figures', endpoint_ids: [id] })
  const lead_id = await lead()
  await arrived('/figures', lead_id)
  await settled()
  const { data } = (await ask('GET', `/leads/${lead_id}/forwards`)).json<{ data: LeadForward[] }>()
  expect(data).toMatchObject([{ rule_id: made.id, rule: 'Figures', endpoint_id: id, state: 'delivered' }])
  const { rules, active } = (await ask('GET', '/forwarding')).json<Forwarding>()
  expect(active).toBe(true)
  expect(rules).toMatchObject([
    { id: made.id, figures: { leads: 1, delivered: 1, waiting: 0, failed: 0, last_at: expect.any(String) } },
  ])
  const history = (await ask('GET', `/leads/${lead_id}/events`)).json<{ data: { action: string; actor: object }[] }>().data
  expect(history.find(one => one.action === 'lead.forwarded')).toMatchObject({ actor: { kind: 'rule', name: 'Figures' } })
})

test('a rule that stops keeps the lead from later ones, and the order can be changed', async () => {
  await clear()
  const [one, two] = [await endpoint('/one'), await endpoint('/two')]
  const early = await rule({ name: 'Early', endpoint_ids: [one], stop: true })
  const late = await rule({ name: 'Late', endpoint_ids: [two] })
  const first = await lead()
  await arrived('/one', first)
  await settled()
  expect(received.some(({ path }) => path === '/two')).toBe(false)
  const moved = await ask('PATCH', `/forwarding-rules/${late.id}`, { position: 1 })
  expect(moved.json()).toMatchObject({ position: 1 })
  expect((await ask('GET', `/forwarding-rules/${early.id}`)).json()).toMatchObject({ position: 2 })
  const second = await lead()
  await arrived('/two', second)
  await arrived('/one', second)
})

test('nothing goes on while the switch is off, the rule sleeps, or the lead is a test', async () => {
  await clear()
  const id = await endpoint('/silent')
  const { id: rule_id } = await rule({ endpoint_ids: [id] })
  await ask('PATCH', '/forwarding', { active: false })
  await lead()
  await settled()
  await ask('PATCH', '/forwarding', { active: true })
  await ask('PATCH', `/forwarding-rules/${rule_id}`, { active: false })
  await lead()
  await settled()
  await ask('PATCH', `/forwarding-rules/${rule_id}`, { active: true })
  const test_hook = (await ask('POST', '/intake-webhooks', { name: 'Trial', lead_type: 'solar', test_mode: true })).json()
    .webhook_id
  await fresh.app.inject({ method: 'POST', url: `/intake/${test_hook}`, payload: { email: 'trial@example.com' } })
  await settled()
  expect(received.filter(({ path }) => path === '/silent')).toEqual([])
})

test('is sent to nobody who only subscribes', async () => {
  await clear()
  await endpoint('/subscriber', ['*'])
  await rule({ endpoint_ids: [await endpoint('/partner')] })
  const lead_id = await lead()
  await arrived('/partner', lead_id)
  await settled()
  const heard = received.filter(({ path }) => path === '/subscriber').map(({ body }) => body.event)
  expect(heard).toContain('lead.created')
  expect(heard).toContain('lead.forwarded')
  expect(heard).not.toContain('forwarding.lead')
})

test('a person sends a lead on by hand, once', async () => {
  await clear()
  const id = await endpoint('/hand')
  const lead_id = await lead()
  const answer = await ask('POST', `/leads/${lead_id}/forwards`, { endpoint_id: id })
  expect(answer.json()).toMatchObject({ data: [{ rule_id: null, endpoint_id: id }] })
  await arrived('/hand', lead_id)
  const again = await ask('POST', `/leads/${lead_id}/forwards`, { endpoint_id: id })
  expect([again.statusCode, again.json().error.message]).toEqual([409, expect.stringMatching(/Replay delivery \d+/)])
})

test('a rule names endpoints that are there', async () => {
  const wrong = await ask('POST', '/forwarding-rules', { name: 'Nowhere', endpoint_ids: [999_999] })
  expect([wrong.statusCode, wrong.json().error.fields]).toEqual([422, { endpoint_ids: 'must name endpoints of this workspace' }])
})

test('a file of leads is sent on to nobody', async () => {
  await clear()
  await rule({ endpoint_ids: [await endpoint('/of-files')] })
  const payload = { external_id: 'f-1', email: 'of-a-file@example.com' }
  const { id } = (await ask('POST', '/imports?of=leads', payload)).json()
  await ask('POST', `/imports/${id}/run`)
  await until(async () => ((await ask('GET', `/imports/${id}`)).json().state === 'done' ? true : undefined))
  await arrived('/of-files', await lead())
  await settled()
  const [row] = await fresh.database.system`
    select count(*)::int as all from lead_forwards f join leads l on l.workspace_id = f.workspace_id and l.id = f.lead_id where l.external_id = 'f-1'`
  const [made] = await fresh.database.system`select count(*)::int as all from leads where external_id = 'f-1'`
  expect([made!.all, row!.all]).toEqual([1, 0])
})
