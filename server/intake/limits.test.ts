import { beforeAll, describe, expect, test } from 'vitest'
import type { IntakeWebhook, ProviderCreated, ProviderUsage } from '../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

/** What counts by the hour, the day and the month of the database's clock: if the hour turns meanwhile, it is asked once more. */
const inOneHour = (sentence: string, ask: () => Promise<void>) =>
  test(sentence, async () => {
    const hour = () => Math.floor(Date.now() / 3_600_000)
    const before = hour()
    await ask().catch(error => (hour() === before ? Promise.reject(error) : ask()))
  })

const lead = async (payload: object, to: IntakeWebhook, headers = {}) => (await desk.send(to, payload, headers)).json<Answered>()
const many = (count: number) => Array.from({ length: count }, somebody)
const reasons = (answers: Answered[]) => {
  const counts: Record<string, number> = {}
  for (const { reason = 'made' } of answers) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

describe('caps', () => {
  inOneHour('of 50 a day let exactly 50 of 200 at once through', async () => {
    const to = await desk.make({ cap_day: 50 })
    const answers = await Promise.all(many(200).map(person => lead(person, to)))
    expect(reasons(answers)).toEqual({ made: 50, cap_day: 150 })
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(50)
    const refused = answers.find(answer => answer.reason === 'cap_day')!
    expect(refused.outcome).toBe('failure')
    expect(await desk.delivery(refused.delivery_id)).toMatchObject({ state: 'refused', reason: 'cap_day' })
  })

  inOneHour('hold in the middle of one request with many leads', async () => {
    const to = await desk.make({ cap_hour: 3 })
    const { delivery_id } = await lead(many(7), to)
    const shown = await desk.delivery(delivery_id)
    expect(shown.results!.map(part => part.reason ?? part.state)).toEqual([
      ...Array(3).fill('accepted'),
      ...Array(4).fill('cap_hour'),
    ])
  })

  inOneHour('of hour, day and month each hold, and the smallest is the first', async () => {
    const to = await desk.make({ cap_hour: 9, cap_day: 2, cap_month: 5 })
    for (const person of many(3)) await lead(person, to)
    await desk.change(to, { cap_day: null })
    expect(reasons(await Promise.all(many(6).map(person => lead(person, to))))).toEqual({ made: 3, cap_month: 3 })
  })

  inOneHour('that are set later count what came before', async () => {
    const to = await desk.make()
    for (const person of many(2)) await lead(person, to)
    await desk.change(to, { cap_day: 3 })
    expect(reasons([await lead(somebody(), to), await lead(somebody(), to)])).toEqual({ made: 1, cap_day: 1 })
  })

  inOneHour('do not count what was refused, and a raised one lets its replay through', async () => {
    const to = await desk.make({ cap_day: 1 })
    await lead(somebody(), to)
    const { delivery_id } = await lead(somebody(), to)
    await desk.change(to, { cap_day: 2 })
    const replayed = (await desk.ask('POST', `/intake-deliveries/${delivery_id}/replay`)).json()
    expect(replayed).toMatchObject({ state: 'accepted', tries: 2 })
    expect(reasons([await lead(somebody(), to)])).toEqual({ cap_day: 1 })
  })
})

describe('the same person again', () => {
  test('within the hours of the webhook is a duplicate, and changes nothing', async () => {
    const to = await desk.make({ dedupe_hours: 24 })
    const person = somebody()
    const first = await lead(person, to)
    const again = await lead({ ...person, first_name: 'Other', email: person.email.toUpperCase() }, to)
    expect(again).toMatchObject({ outcome: 'failure', reason: 'duplicate', contact_id: first.contact_id })
    expect(again.lead_id).toBeUndefined()
    expect(await desk.contact(first.contact_id)).toMatchObject({ first_name: person.first_name })
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
  })

  test('ten times at once is one lead', async () => {
    const to = await desk.make({ dedupe_hours: 1 })
    const person = somebody()
    expect(reasons(await Promise.all(Array.from({ length: 10 }, () => lead(person, to))))).toEqual({ made: 1, duplicate: 9 })
  })

  test('is none after the hours are over', async () => {
    const to = await desk.make({ dedupe_hours: 2 })
    const person = somebody()
    const { lead_id } = await lead(person, to)
    await fresh.database.system`
      update leads set created_at = now() - interval '121 minutes' where workspace_id = ${desk.workspace_id} and id = ${lead_id}`
    expect(reasons([await lead(person, to), await lead(person, to)])).toEqual({ made: 1, duplicate: 1 })
  })

  test('is one across webhooks of the same lead type, and none of another type', async () => {
    const [one, same, other] = [
      await desk.make({ dedupe_hours: 1 }),
      await desk.make({ dedupe_hours: 1 }),
      await desk.make({ dedupe_hours: 1, lead_type: 'hvac' }),
    ]
    const person = somebody()
    expect(reasons([await lead(person, one), await lead(person, same), await lead(person, other)])).toEqual({
      made: 2,
      duplicate: 1,
    })
  })

  test('is one at the same webhook only where people are apart', async () => {
    const settings = { dedupe_hours: 1, dedupe_scope: 'source' as const }
    const [one, other] = [await desk.make(settings), await desk.make(settings)]
    const person = somebody()
    expect(reasons([await lead(person, one), await lead(person, other), await lead(person, one)])).toEqual({
      made: 2,
      duplicate: 1,
    })
  })

  test('brings back who was archived since, and says nothing else of them', async () => {
    const to = await desk.make({ dedupe_hours: 1 })
    const person = somebody()
    const { lead_id, contact_id } = await lead(person, to)
    await desk.ask('POST', `/leads/${lead_id}/status`, { status: 'lost', lost_reason: 'far away' })
    await desk.ask('POST', `/contacts/${contact_id}/archive`)
    expect((await desk.contact(contact_id)).archived_at).not.toBeNull()
    expect(await lead({ ...person, first_name: 'Other' }, to)).toMatchObject({ reason: 'duplicate', contact_id })
    expect(await desk.contact(contact_id)).toMatchObject({ archived_at: null, first_name: person.first_name })
    const { data } = (await desk.ask('GET', `/activities?contact_id=${contact_id}`)).json<{ data: { action: string }[] }>()
    expect(data.slice(0, 2).map(({ action }) => action)).toEqual(['contact.restored', 'contact.archived'])
  })

  test('is one when the contact of the first was merged since', async () => {
    const to = await desk.make({ dedupe_hours: 1 })
    const [person, winner] = [somebody(), somebody()]
    const { contact_id } = await lead(person, to)
    const kept = (await desk.ask('POST', '/contacts', { email: winner.email })).json<{ id: number }>()
    await desk.ask('POST', `/contacts/${kept.id}/merge`, { other_id: contact_id })
    expect(await lead({ email: winner.email }, to)).toMatchObject({ reason: 'duplicate', contact_id: kept.id })
  })
})

describe('filters', () => {
  test('leave out what does not meet all of them, and say so', async () => {
    const to = await desk.make({
      filters: [
        { field: 'state', test: 'in', value: ['CA', 'nv'] },
        { field: 'fields.average_bill', test: 'at_least', value: 100 },
        { field: 'phone', test: 'exists' },
        { field: 'fields.roof_shade', test: 'is_not', value: 'a lot' },
      ],
    })
    const good = { state: 'ca', average_bill: '$1,250', roof_shade: 'None' }
    const answers = await Promise.all(
      [{}, { state: 'TX' }, { average_bill: 99 }, { phone: '' }, { roof_shade: 'A lot' }].map(bad =>
        lead({ ...somebody(), ...good, ...bad }, to),
      ),
    )
    expect(answers.map(answer => answer.reason ?? 'made')).toEqual(['made', 'filtered', 'filtered', 'filtered', 'filtered'])
    expect((await desk.delivery(answers[1]!.delivery_id)).fields).toEqual({ state: 'is left out by a filter' })
  })

  test('compare answers and amounts as people write them', async () => {
    const to = await desk.make({
      filters: [
        { field: 'fields.homeowner', test: 'is', value: 'Yes' },
        { field: 'roof_age', test: 'at_most', value: '20 years' },
        { field: 'consent', test: 'not_in', value: ['no'] },
      ],
    })
    const reasonOf = async (said: object) => (await lead({ ...somebody(), ...said }, to)).reason ?? 'made'
    expect(await reasonOf({ homeowner: 'true', roof_age: '12 years', consent: 'on' })).toBe('made')
    expect(await reasonOf({ homeowner: 'own', roof_age: 20 })).toBe('made')
    expect(await reasonOf({ homeowner: 'rent', roof_age: 12 })).toBe('filtered')
    expect(await reasonOf({ homeowner: true, roof_age: 21 })).toBe('filtered')
    expect(await reasonOf({ homeowner: true, roof_age: 12, consent: 'off' })).toBe('filtered')
  })

  test('that cannot be are refused when they are set', async () => {
    const answer = await desk.ask('POST', '/intake-webhooks', {
      name: 'Wrong',
      lead_type: 'solar',
      filters: [
        { field: 'state', test: 'in', value: 'CA' },
        { field: 'age', test: 'at_least', value: 'old' },
        { field: 'city', test: 'is' },
      ],
    })
    expect([answer.statusCode, Object.keys(answer.json().error.fields)]).toEqual([422, ['filters.0', 'filters.1', 'filters.2']])
  })
})

describe('test leads', () => {
  inOneHour('are stored and flagged, and left out of caps, duplicates and usage', async () => {
    const to = await desk.make({ test_mode: true, cap_day: 1, dedupe_hours: 24 })
    const person = somebody()
    const answers = [await lead(person, to), await lead(person, to), await lead(person, to)]
    expect(reasons(answers)).toEqual({ made: 3 })
    expect((await desk.leads({ webhook_id: to.id })).map(row => row.is_test)).toEqual([true, true, true])
    expect((await desk.ask('GET', `/intake-webhooks/${to.id}`)).json()).toMatchObject({ received_today: 0, accepted_today: 0 })
    await desk.change(to, { test_mode: false })
    expect(reasons([await lead(person, to), await lead(person, to)])).toEqual({ made: 1, duplicate: 1 })
    const days = await fresh.database.system`
      select leads from lead_days where workspace_id = ${desk.workspace_id} and dimension = 'webhook' and value = ${String(to.id)}`
    expect([...days]).toEqual([{ leads: 1 }])
  })
})

describe('a provider', () => {
  const make = async (given: object = {}) =>
    (await desk.ask('POST', '/providers', { provider_name: 'Acme Leads, Inc.', ...given })).json<ProviderCreated>()
  const as = ({ provider_id, api_key }: ProviderCreated) => ({
    lead_source_provider_id: provider_id,
    authorization: `Bearer ${api_key}`,
  })
  const usage = async (provider_id: string) => (await desk.ask('GET', `/providers/${provider_id}/usage`)).json<ProviderUsage>()
  /** What is known of a provider is kept in memory; each process hears a moment later that it was changed. */
  const becomes = (to: Parameters<typeof desk.send>[0], acme: ProviderCreated) =>
    expect.poll(async () => (await desk.send(to, somebody(), as(acme))).statusCode)

  test('is known by its id and its key, in any of the usual headers', async () => {
    const to = await desk.make({ require_provider: true })
    const acme = await make()
    expect(acme).toMatchObject({ provider_id: 'acme-leads-inc', key_prefix: acme.api_key.slice(0, 10), active: true })
    const { provider_id, api_key } = acme
    const ways = [
      as(acme),
      { Lead_Source_Provider_Id: provider_id, 'x-api-key': api_key },
      { 'lead-source-provider-id': provider_id, authorization: `bearer ${api_key}` },
    ]
    for (const headers of ways) {
      const { lead_id } = await lead(somebody(), to, headers)
      expect(await desk.lead(lead_id)).toMatchObject({ provider_id })
    }
    const wrong = [
      {},
      { lead_source_provider_id: provider_id },
      { ...as(acme), authorization: 'Bearer pk_wrong' },
      { ...as(acme), lead_source_provider_id: 'nobody' },
    ]
    const answers = await Promise.all(wrong.map(headers => desk.send(to, somebody(), headers as Record<string, string>)))
    expect(answers.map(answer => [answer.statusCode, answer.json().error.code])).toEqual(Array(4).fill([401, 'unknown_provider']))
    expect((await usage(provider_id)).total).toEqual({ received: 3, accepted: 3, duplicates: 0, refused: 0, limited: 0 })
    const listed = (await desk.ask('GET', '/providers')).body
    expect(listed).not.toContain(api_key)
  })

  test('of another workspace is nobody here, with the same id', async () => {
    const theirs = deskOf(fresh, await fresh.another())
    const acme = await make({ provider_id: 'shared-name' })
    const other = (
      await theirs.ask('POST', '/providers', { provider_id: 'shared-name', provider_name: 'Theirs' })
    ).json<ProviderCreated>()
    const to = await desk.make()
    expect((await desk.send(to, somebody(), as(other))).statusCode).toBe(401)
    expect((await desk.send(to, somebody(), as(acme))).statusCode).toBe(201)
  })

  test('that is switched off, or may not send there, is told so', async () => {
    const [to, other] = [await desk.make(), await desk.make()]
    const acme = await make({ allowed_webhooks: [to.id] })
    expect((await desk.send(to, somebody(), as(acme))).statusCode).toBe(201)
    expect((await desk.send(other, somebody(), as(acme))).statusCode).toBe(403)
    await desk.ask('PATCH', `/providers/${acme.provider_id}`, { active: false })
    await becomes(to, acme).toBe(403)
    const off = await desk.send(to, somebody(), as(acme))
    expect([off.statusCode, off.json().error.code]).toEqual([403, 'forbidden'])
  })

  test('gets a new key, and the one before ends', async () => {
    const to = await desk.make()
    const acme = await make()
    expect((await desk.send(to, somebody(), as(acme))).statusCode).toBe(201)
    const rotated = (await desk.ask('POST', `/providers/${acme.provider_id}/key`)).json<ProviderCreated>()
    await becomes(to, acme).toBe(401)
    expect((await desk.send(to, somebody(), as(rotated))).statusCode).toBe(201)
    await desk.ask('DELETE', `/providers/${acme.provider_id}`)
    await becomes(to, rotated).toBe(401)
  })

  inOneHour('over its rate is told when to come back: of a hundred at once exactly as many pass', async () => {
    const to = await desk.make()
    const acme = await make({ rate_limit: 30 })
    const answers = await Promise.all(many(100).map(person => desk.send(to, person, as(acme))))
    const limited = answers.filter(answer => answer.statusCode === 429)
    expect(limited).toHaveLength(70)
    expect(answers.filter(answer => answer.statusCode === 201)).toHaveLength(30)
    const seconds = Number(limited[0]!.headers['retry-after'])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(3600)
    expect((await usage(acme.provider_id)).data).toMatchObject([{ webhook_id: to.id, received: 30, accepted: 30, limited: 70 }])
    await desk.ask('PATCH', `/providers/${acme.provider_id}`, { rate_limit: 31 })
    await becomes(to, acme).toBe(201)
    expect((await desk.send(to, somebody(), as(acme))).statusCode).toBe(429)
  })

  inOneHour('has a log of what became of its leads, by webhook', async () => {
    const acme = await make()
    const to = await desk.make({ dedupe_hours: 1, cap_day: 2 })
    const person = somebody()
    for (const one of [person, person, somebody(), somebody(), { first_name: 'Nobody' }]) await desk.send(to, one, as(acme))
    const { data, total } = await usage(acme.provider_id)
    expect(data).toMatchObject([{ webhook: 'Solar', received: 5, accepted: 2, duplicates: 1, refused: 2 }])
    expect(total.received).toBe(5)
  })
})
