import { expect, test } from 'vitest'
import type { CrmConnection } from '../../../shared/crm.ts'
import { signingUp } from '../signing-up.fixture.ts'

const { ask, signUp, connect, linkOf, linked } = signingUp()

test('two CRMs at once are both told, and one that is switched off hears everything when it is switched on', async () => {
  const one = await connect()
  const two = await connect({}, { name: 'The new one', active: false })
  await signUp('both@example.com')
  await linked('both@example.com', one.connection)
  expect(await linkOf('both@example.com', two.connection)).toMatchObject({ external_id: null, due: true })
  await ask('PATCH', `/crm/connections/${two.connection.id}`, { active: true })
  await linked('both@example.com', two.connection)
  expect([one, two].map(({ standin }) => standin.people().length)).toEqual([1, 1])
})

test('secrets are shown to nobody, and stay when they are not given again', async () => {
  const { connection, standin } = await connect()
  expect(connection.secrets).toEqual(['client_secret'])
  expect(JSON.stringify(connection)).not.toContain(standin.settings.client_secret)
  const { body } = await ask<CrmConnection>('PATCH', `/crm/connections/${connection.id}`, {
    name: 'Ours',
    settings: { version: '61.0' },
  })
  expect(body).toMatchObject({ name: 'Ours', secrets: ['client_secret'], is_complete: true })
  const unknown = await ask<{ error: { fields: object } }>('PATCH', `/crm/connections/${connection.id}`, {
    settings: { colour: 'red' },
  })
  expect(unknown.body.error.fields).toEqual({ 'settings.colour': 'is not a setting of Salesforce' })
  expect((await ask('POST', `/crm/connections/${connection.id}/tests`)).body).toMatchObject({ ok: true })
})
