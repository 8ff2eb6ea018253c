import { describe, expect, test } from 'vitest'
import type { ContactCrm } from '../../shared/crm.ts'
import { track } from '../../test/people.ts'
import { personOf, signingUp, until } from './signing-up.fixture.ts'

const { ask, send, signUp, connect, linked } = signingUp()

describe('marks', () => {
  const mark = (id: number, mark: string) => ask<ContactCrm>('PUT', `/contacts/${id}/crm-mark`, { mark, note: 'sells pills' })

  test('spam is for review by default', async () => {
    const { standin } = await connect()
    await signUp('pills@example.com')
    const { contact_id } = await linked('pills@example.com')
    expect((await mark(contact_id, 'spam')).body.mark).toMatchObject({ mark: 'spam', note: 'sells pills' })
    await until(async () => personOf(standin, 'pills@example.com')!.in_review)
    expect(personOf(standin, 'pills@example.com')).toMatchObject({ is_deleted: false })
    expect((await ask<ContactCrm>('DELETE', `/contacts/${contact_id}/crm-mark`)).body.mark).toBeNull()
  })

  test('by policy it is deleted there, and is not added again', async () => {
    const { standin } = await connect({}, { spam_policy: 'delete' })
    const visitor = await signUp('junk@example.com')
    const { contact_id } = await linked('junk@example.com')
    await mark(contact_id, 'spam')
    await until(async () => personOf(standin, 'junk@example.com')!.is_deleted)
    await linked('junk@example.com')
    await send(track('came back', { anonymousId: visitor }))
    await signUp('after@example.com')
    await linked('after@example.com')
    expect(
      standin
        .people()
        .filter(({ is_deleted }) => !is_deleted)
        .map(({ email }) => email),
    ).toEqual(['after@example.com'])
  })
})
