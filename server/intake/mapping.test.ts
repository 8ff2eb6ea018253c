import { beforeAll, describe, expect, test } from 'vitest'
import type { IntakeKeys, IntakeWebhook, Mapping, MappingTried } from '../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

const made = async (to: IntakeWebhook, payload: object) => {
  const answer = await desk.send(to, payload)
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return desk.lead(answer.json<Answered>().lead_id)
}

describe('the common spellings', () => {
  const full = {
    first_name: 'Sally',
    last_name: 'Susa',
    email: 'sally.susa@example.com',
    phone: '+12025550101',
    street: '1 Main Street',
    city: 'Reno',
    state: 'NV',
    zip_code: '89501',
  }

  test.each([
    ['first_name', { first_name: 'Sally', last_name: 'Susa', email: full.email, phone: '2025550101', street: full.street, city: 'Reno', state: 'NV', zip_code: '89501' }],
    ['firstName', { firstName: 'Sally', lastName: 'Susa', emailAddress: full.email, phoneNumber: '202-555-0101', streetAddress: full.street, city: 'Reno', state: 'nv', zipCode: '89501' }],
    ['First Name', { 'First Name': 'Sally', 'Last Name': 'Susa', 'E-Mail': full.email, 'Mobile Phone': '(202) 555 0101', 'Address Line 1': full.street, City: 'Reno', State: 'NV', 'Postal Code': '89501' }],
    ['FNAME', { FNAME: 'Sally', LNAME: 'Susa', EMAIL: full.email, TEL: '202.555.0101', ADDRESS: full.street, TOWN: 'Reno', PROVINCE: 'NV', POSTCODE: '89501' }],
    ['full name', { full_name: 'Sally Susa', email: full.email, cell: 12025550101, address: { street: full.street, city: 'Reno', state: 'NV', zip: '89501' } }],
    ['nested', { data: { contact: { name: 'Susa, Sally', email: full.email, phone: '+1 202 555 0101' }, address: { line1: full.street, city: 'Reno', region: 'NV', postal_code: 89501 } } }],
    ['pairs', { fields: [{ name: 'First-Name', value: 'Sally' }, { name: 'surname', value: 'Susa' }, { key: 'email', value: full.email }, { label: 'Phone number', answer: '2025550101' }, { name: 'address1', value: full.street }, { name: 'city', values: ['Reno'] }, { name: 'state', value: 'NV' }, { name: 'plz', value: '89501' }] }],
  ])('as in %s are understood', async (_name, payload) => {
    expect(await made(await desk.make(), payload)).toMatchObject(full)
  }) // biome-ignore format: one sender a line

  test('of the campaign, the consent and the browser have their fields', async () => {
    const lead = await made(await desk.make({ source: 'Bought' }), {
      ...somebody(),
      utm_source: 'google',
      utmMedium: 'cpc',
      'UTM Campaign': 'spring',
      utm: { term: 'roof', content: 'blue' },
      campaign_id: 7012345678901,
      campaign_name: 'Spring',
      lead_source: 'Website',
      sub_id: 'aff-7',
      landing_page_url: 'https://example.com/solar',
      referer: 'https://search.example/',
      gclid: 'Cj0abc',
      xxTrustedFormCertUrl: 'https://cert.trustedform.com/abc',
      universal_leadid: '11111111-2222-3333-4444-555555555555',
      tcpa_text: 'By clicking you agree to be called.',
      tcpa: 'Yes',
      ip_address: '203.0.113.7',
      'user-agent': 'Mozilla/5.0',
      Product: 'Rooftop',
      priority: 'High',
      lead_id: 'A-17',
      estimated_value: '$12,500.50',
    })
    expect(lead).toMatchObject({
      utm_source: 'google',
      utm_medium: 'cpc',
      utm_campaign: 'spring',
      utm_term: 'roof',
      utm_content: 'blue',
      campaign_id: '7012345678901',
      campaign: 'Spring',
      source: 'Website',
      subsource: 'aff-7',
      landing_page: 'https://example.com/solar',
      referrer: 'https://search.example/',
      trustedform_cert_url: 'https://cert.trustedform.com/abc',
      jornaya_lead_id: '11111111-2222-3333-4444-555555555555',
      tcpa_text: 'By clicking you agree to be called.',
      consent: true,
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0',
      product: 'Rooftop',
      priority: 2,
      external_id: 'A-17',
      revenue_potential: '12500.50',
      fields: { gclid: 'Cj0abc' },
    })
  })

  test('tell the id of Jornaya from the id of the sender', async () => {
    const to = await desk.make()
    const uuid = '0a1b2c3d-1111-2222-3333-444455556666'
    expect(await made(to, { ...somebody(), LeadiD: uuid })).toMatchObject({ jornaya_lead_id: uuid, external_id: null })
    expect(await made(to, { ...somebody(), lead_id: uuid })).toMatchObject({ jornaya_lead_id: null, external_id: uuid })
  })

  test('of the lead type fill its fields, by key or label, in the form that they have', async () => {
    const lead = await made(await desk.make({ lead_type: 'solar' }), {
      ...somebody(),
      homeowner: 'yes',
      'Age of the roof': '12 years',
      average_bill: '$180',
      'Roof type': 'tile',
      utility_company: 'Duke',
      Shade: 'Purple',
      credit_score: 'EXCELLENT (720+)',
    })
    expect(lead.fields).toEqual({
      homeowner: true,
      roof_age: 12,
      average_bill: 180,
      roof_type: 'Tile',
      utility_company: 'Duke',
      roof_shade: 'Purple',
      credit_score: 'Excellent (720+)',
    })
    expect((await desk.delivery(lead.delivery_id as number)).fields).toEqual({
      'fields.roof_shade': expect.stringContaining('is none of'),
    })
  })

  test('read days as they are written', async () => {
    const to = await desk.make()
    const birthOf = async (date_of_birth: string) => {
      const { contact_id } = await made(to, { ...somebody(), date_of_birth })
      return (await desk.contact(contact_id)).properties
    }
    for (const written of ['1980-03-31', '3/31/1980', '31.3.1980', '1980/03/31 00:00']) {
      expect(await birthOf(written)).toEqual({ date_of_birth: '1980-03-31' })
    }
    expect(await birthOf('31/31/1980')).toEqual({})
  })

  test('lose nothing: what fills no field is kept under its own name', async () => {
    const lead = await made(await desk.make(), {
      ...somebody(),
      favourite_colour: 'blue',
      answers: ['a', 'b'],
      nested: { deep: [{ x: 1 }, { x: 2 }] },
      'agent.email': 'agent@example.com',
      empty: '',
      nothing: null,
    })
    expect(lead.fields).toEqual({
      favourite_colour: 'blue',
      answers: ['a', 'b'],
      'nested.deep.0.x': 1,
      'nested.deep.1.x': 2,
      'agent.email': 'agent@example.com',
    })
    expect(lead.email).not.toBe('agent@example.com')
    expect(lead.payload).toMatchObject({ favourite_colour: 'blue', nothing: null })
  })

  test('take the best of several phones, and keep the others', async () => {
    const { email, phone } = somebody()
    const lead = await made(await desk.make(), { email, work_phone: '+13035559999', phone: 'n/a', mobile: phone })
    expect(lead).toMatchObject({ phone, fields: { work_phone: '+13035559999', phone: 'n/a' } })
  })

  test('read a phone with the country of the lead, and of the workspace without one', async () => {
    const tenant = await fresh.another('Berlin')
    const theirs = deskOf(fresh, tenant)
    await theirs.ask('PATCH', `/workspaces/${tenant.workspace_id}`, { country: 'DE' })
    const to = await theirs.make()
    const phoneOf = async (payload: object) =>
      (await theirs.lead((await theirs.send(to, payload)).json<Answered>().lead_id)).phone
    expect(await phoneOf({ phone: '030 901820' })).toBe('+4930901820')
    expect(await phoneOf({ phone: '020 7946 0958', country: 'United Kingdom' })).toBe('+442079460958')
    expect(await phoneOf({ phone: '+1 (202) 555-0101', country: 'DE' })).toBe('+12025550101')
  })
})

describe('rules of a webhook', () => {
  test('take a path, a constant, the first of several, a part, a join, and change it', async () => {
    const { email } = somebody()
    const mapping: Mapping = {
      email: { path: 'who.mail_1' },
      first_name: { path: 'who.label', split: { by: '|', part: 0 } },
      last_name: { path: 'who.label', split: { by: '|', part: -1 } },
      phone: { first_of: ['tel_a', 'tel_b'], e164: 'GB' },
      source: { const: 'Partner 7' },
      campaign: { join: ['x', 'y'], separator: ' / ' },
      product: { path: 'code', values: { P1: 'Rooftop', P2: 'Garage' } },
      subsource: { path: 'SUB', lower: true },
      roof_age: { path: 'dachalter' },
      'fields.installed': { path: 'built', date: 'DMY' },
      city: null,
    }
    const lead = await made(await desk.make({ mapping }), {
      who: { mail_1: email.toUpperCase(), label: 'Sally | x | Susa' },
      tel_a: '',
      tel_b: '020 7946 0958',
      x: 'Spring',
      y: 'North',
      code: 'p2',
      SUB: 'ABC',
      dachalter: '9',
      built: '31.12.2019',
      city: 'Reno',
      source: 'ignored',
      zip: '89501',
    })
    expect(lead).toMatchObject({
      email,
      first_name: 'Sally',
      last_name: 'Susa',
      phone: '+442079460958',
      source: 'Partner 7',
      campaign: 'Spring / North',
      product: 'Garage',
      subsource: 'abc',
      city: null,
      zip_code: '89501',
      fields: { roof_age: 9, installed: '2019-12-31', city: 'Reno', source: 'ignored' },
    })
  })

  test('are for the sender that has their keys: another one is understood by the usual names', async () => {
    const [theirs, other] = [somebody(), somebody()]
    const to = await desk.make({ mapping: { email: { path: 'kontakt_mail' }, roof_age: { first_of: ['dach', 'dachalter'] } } })
    expect(await made(to, { kontakt_mail: theirs.email, email: 'agent@example.com', dach: 9, roof_age: 30 })).toMatchObject({
      email: theirs.email,
      fields: { email: 'agent@example.com', roof_age: 9 },
    })
    expect(await made(to, { email: other.email, 'Age of the roof': '12 years' })).toMatchObject({
      email: other.email,
      fields: { roof_age: 12 },
    })
    // The sender that the rule was made for, who has nothing to say: somebody else's e-mail is none of theirs.
    const empty = await desk.send(to, { kontakt_mail: '', email: 'agent@example.com' })
    expect(empty.json()).toMatchObject({ outcome: 'failure', reason: 'nobody' })
    const keys = (await desk.ask('GET', `/intake-webhooks/${to.id}/keys`)).json<IntakeKeys>().data
    expect(keys.map(({ key, target, by }) => `${key} ${target} ${by}`).sort()).toEqual([
      'Age of the roof fields.roof_age spelling',
      'dach fields.roof_age rule',
      'email email spelling',
      'kontakt_mail email rule',
      'roof_age null null',
    ])
  })

  test('take a key from the field whose name it has, unless they take a part of it', async () => {
    const mapping: Mapping = {
      email: { path: 'customer_mail' },
      'fields.agent': { path: 'email' },
      'fields.salutation': { path: 'name', split: { by: ' ', part: 0 } },
    }
    const to = await desk.make({ mapping })
    const { phone } = somebody()
    const lead = await made(to, { email: 'agent@example.com', phone, name: 'Ms Susa' })
    expect(lead).toMatchObject({ email: null, last_name: 'Susa', fields: { agent: 'agent@example.com', salutation: 'Ms' } })
  })

  test('that name no source, or two, are refused when they are set', async () => {
    const answer = await desk.ask('POST', '/intake-webhooks', {
      name: 'Wrong',
      lead_type: 'solar',
      mapping: { email: { path: 'a', const: 'b' }, phone: { lower: true } },
    })
    expect([answer.statusCode, Object.keys(answer.json().error.fields)]).toEqual([422, ['mapping.email', 'mapping.phone']])
    const unknown = await desk.ask('POST', '/intake-webhooks', {
      name: 'Wrong',
      lead_type: 'solar',
      mapping: { email: { run: 'code' } },
    })
    expect(unknown.statusCode).toBe(422)
  })
})

test('what comes under the name of a field of your own fills it; what does not fit is kept and told', async () => {
  const field = (key: string, label: string, type: string) =>
    desk.ask('POST', '/custom-fields', { noun: 'lead', key, label, type })
  await field('cellar', 'Cellar size', 'number')
  await field('quote', 'Quote', 'money')
  await field('city', 'City of the roof', 'text')
  await field('roof_address', 'Address', 'text')
  const came = { ...somebody(), 'Cellar Size': '80 sqm', offer: '1,200.50 EUR', city: 'Reno', address: '1 Main St' }
  const to = await desk.make({ mapping: { quote: { path: 'offer' } } })
  const lead = await made(to, came)
  expect([lead.custom, lead.city]).toEqual([{ cellar: 80, quote: { amount: 1200.5, currency: 'EUR' } }, 'Reno'])
  expect(lead.fields).toMatchObject({ cellar: 80, quote: '1,200.50 EUR' })
  const other = await made(to, { ...came, ...somebody(), offer: 'call me' })
  expect([other.custom, other.fields]).toMatchObject([{ cellar: 80 }, { quote: 'call me' }])
  expect((await desk.ask('GET', `/leads/${other.id}`)).json().problems).toEqual({
    quote: 'must be an amount of at most two decimals, such as 1200.50 EUR',
  })
})

describe('capture', () => {
  test('keeps what comes, shows its keys with examples, and makes leads of all of it when it is mapped', async () => {
    const to = await desk.make({ capture: true })
    const people = [somebody(), somebody(), somebody()]
    for (const [k, { email, first_name }] of people.entries()) {
      const answer = await desk.send(to, { kontakt_mail: email, vorname: first_name, q1: `answer ${k}`, zip: '10115' })
      expect([answer.statusCode, answer.json().outcome]).toEqual([202, 'success'])
    }
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(0)
    expect((await desk.ask('GET', `/intake-webhooks/${to.id}`)).json()).toMatchObject({ waiting: 3 })

    const keys = (await desk.ask('GET', `/intake-webhooks/${to.id}/keys`)).json<IntakeKeys>()
    expect(keys.deliveries).toBe(3)
    expect(keys.data.map(({ key, seen, target, by }) => ({ key, seen, target, by }))).toEqual([
      { key: 'kontakt_mail', seen: 3, target: null, by: null },
      { key: 'q1', seen: 3, target: null, by: null },
      { key: 'vorname', seen: 3, target: null, by: null },
      { key: 'zip', seen: 3, target: 'zip_code', by: 'spelling' },
    ])
    expect(keys.data.find(one => one.key === 'q1')!.examples).toEqual(['answer 2', 'answer 1', 'answer 0'])
    expect(keys.targets.map(target => target.name)).toEqual(expect.arrayContaining(['email', 'first_name', 'fields.roof_age']))

    const mapping = { email: { path: 'kontakt_mail' }, first_name: { path: 'vorname' } }
    const tried = (await desk.ask('POST', `/intake-webhooks/${to.id}/mapping-trial`, { mapping })).json<MappingTried>()
    expect(tried.data.map(({ lead }) => lead.email)).toEqual(people.map(one => one.email).reverse())
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(0)

    await desk.change(to, { mapping, capture: false })
    expect((await desk.ask('POST', `/intake-webhooks/${to.id}/replay`)).json()).toEqual({
      deliveries: 3,
      next_after_id: null,
    })
    expect((await desk.leads({ webhook_id: to.id })).map(lead => [lead.email, lead.first_name])).toEqual(
      people.map(one => [one.email, one.first_name]),
    )
    const mapped = (await desk.ask('GET', `/intake-webhooks/${to.id}/keys`)).json<IntakeKeys>()
    expect(mapped.data.find(one => one.key === 'kontakt_mail')).toMatchObject({ target: 'email', by: 'rule' })
  })
})
