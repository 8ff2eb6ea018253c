import { describe, expect, test } from 'vitest'
import type { MailingListMember } from '../../../shared/crm.ts'
import { track } from '../../../test/people.ts'
import { personOf, signingUp, until } from '../signing-up.fixture.ts'

const { ask, send, signUp, connect, linkOf, linked } = signingUp()

describe('mailing lists', () => {
  const makeList = async (name: string, rule: object = {}) =>
    (await ask<{ id: number }>('POST', '/crm/lists', { name, ...rule })).body.id
  const membersOf = async (id: number) =>
    (await ask<{ data: MailingListMember[] }>('GET', `/crm/lists/${id}/contacts`)).body.data.map(({ email }) => email)

  test('are joined by language and by what was told at sign-up, and the CRM is told with the sign-up', async () => {
    const { standin } = await connect()
    const english = await makeList('Newsletter', { languages: ['en'] })
    const hebrew = await makeList('עברית', { languages: ['he'] })
    const educators = await makeList('Educators', { languages: ['en'], property: 'educator' })
    await signUp('teacher@example.com', { educator: true })
    await signUp('reader@example.com', { educator: false })
    await signUp('moshe@example.com', { locale: 'he_IL' })
    for (const email of ['teacher', 'reader', 'moshe']) await linked(`${email}@example.com`)
    expect(await membersOf(english)).toEqual(['reader@example.com', 'teacher@example.com'])
    expect(await membersOf(hebrew)).toEqual(['moshe@example.com'])
    expect(await membersOf(educators)).toEqual(['teacher@example.com'])
    expect(personOf(standin, 'teacher@example.com')!.lists.sort()).toEqual(['Educators', 'Newsletter'])
    expect(personOf(standin, 'moshe@example.com')!.lists).toEqual(['עברית'])
  })

  test('are not joined by who denied marketing, and are when they changed their mind before they signed up', async () => {
    await connect()
    const id = await makeList('Newsletter')
    const says = (anonymousId: string, marketing: boolean) =>
      send(track('consent_changed', { anonymousId, properties: { purposes: { marketing } } }))
    const registers = (anonymousId: string) =>
      send(track('registration', { anonymousId, properties: { email: `${anonymousId}@example.com` } }))
    await says('denier', false)
    await says('changer', false)
    await says('changer', true)
    await registers('denier')
    await registers('changer')
    for (const email of ['denier', 'changer']) await linked(`${email}@example.com`)
    expect(await membersOf(id)).toEqual(['changer@example.com'])
  })

  test('that were joined are not told to a CRM once marketing was denied, and are when they are asked for again', async () => {
    const { standin, connection } = await connect({}, { active: false })
    const id = await makeList('Newsletter')
    const letters = await makeList('Letters', { languages: ['xx'] })
    const anonymousId = await signUp('waiting@example.com')
    await send(track('mailing_list_signup', { anonymousId, properties: { email: 'waiting@example.com', lists: ['Letters'] } }))
    for (const list of [id, letters]) await until(async () => (await membersOf(list)).includes('waiting@example.com'))
    await send(track('consent_changed', { anonymousId, properties: { purposes: { marketing: false } } }))
    await ask('PATCH', `/crm/connections/${connection.id}`, { active: true })
    await linked('waiting@example.com')
    expect(personOf(standin, 'waiting@example.com')!.lists).toEqual([])
    await ask('POST', `/crm/lists/${await makeList('Offers', { languages: ['xx'] })}/contacts`, { email: 'waiting@example.com' })
    await until(async () => personOf(standin, 'waiting@example.com')?.lists.includes('Offers'))
    expect(personOf(standin, 'waiting@example.com')!.lists).toEqual(['Offers'])
  })

  test('take an e-mail alone, by an event or by the API, of somebody who is not known here', async () => {
    const { standin } = await connect()
    const id = await makeList('Newsletter')
    const properties = { email: 'Only@Example.com', lists: ['newsletter', 'one that is none'] }
    await send(track('mailing_list_signup', { anonymousId: 'a reader', properties }))
    await until(async () => personOf(standin, 'only@example.com')?.lists.includes('Newsletter'))
    const joined = await ask<MailingListMember>('POST', `/crm/lists/${id}/contacts`, { email: 'by-api@example.com' })
    expect(joined).toMatchObject({ status: 201, body: { email: 'by-api@example.com', contact_id: null, source: 'api' } })
    await until(async () => personOf(standin, 'by-api@example.com')?.lists.includes('Newsletter'))
    expect(await membersOf(id)).toEqual(['by-api@example.com', 'only@example.com'])
    expect((await ask('POST', `/crm/lists/${id}/contacts`, { email: 'no address' })).status).toBe(422)
    expect(await linkOf('only@example.com')).toBeUndefined()
  })

  test('are not joined again by who left, nor by who was there before the list', async () => {
    await connect()
    const before = await signUp('before@example.com')
    await linked('before@example.com')
    const id = await makeList('Newsletter')
    const later = await signUp('later@example.com')
    await linked('later@example.com')
    expect(await membersOf(id)).toEqual(['later@example.com'])
    expect((await ask('DELETE', `/crm/lists/${id}/contacts/later@example.com`)).status).toBe(204)
    await send(track('came back', { anonymousId: later }), track('came back', { anonymousId: before }))
    await signUp('another@example.com')
    await linked('another@example.com')
    expect(await membersOf(id)).toEqual(['another@example.com'])
  })
})
