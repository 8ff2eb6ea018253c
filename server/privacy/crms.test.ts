import { expect, test } from 'vitest'
import type { Erasure } from '../../shared/privacy.ts'
import { personOf, signingUp, until } from '../crm/signing-up.fixture.ts'

const { ask, signUp, connect, linked } = signingUp()

test('a CRM is told before somebody is erased, and by its policy deletes them', async () => {
  const { standin } = await connect({}, { spam_policy: 'delete' })
  await signUp('leaves@example.com')
  const { contact_id } = await linked('leaves@example.com')
  await signUp('stays@example.com')
  await linked('stays@example.com')
  const { body } = await ask<Erasure>('POST', '/privacy/erasures', { contact_id })
  const read = async () => (await ask<Erasure>('GET', `/privacy/erasures/${body.id}`)).body
  await until(async () => (await read()).state !== 'running')
  expect(await read()).toMatchObject({ state: 'done', warning: null, error: null })
  expect(personOf(standin, 'leaves@example.com')).toMatchObject({ is_deleted: true })
  expect(personOf(standin, 'stays@example.com')).toMatchObject({ is_deleted: false })
})
