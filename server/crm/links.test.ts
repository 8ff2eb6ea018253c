import { expect, test } from 'vitest'
import { signingUp, until } from './signing-up.fixture.ts'

const { ask, signUp, connect, linkOf, linked } = signingUp()

test('ids from elsewhere are stored in one request; what is wrong is said of each', async () => {
  const { connection } = await connect({}, { active: false })
  await signUp('member@old.example')
  await until(() => linkOf('member@old.example'))
  const links = [
    { email: 'member@old.example', external_id: 'NB-1' },
    { email: 'member@old.example', external_id: 'NB-2' },
    { email: 'stranger@old.example', external_id: 'NB-3' },
    { contact_id: 999_999_999, external_id: 'NB-1' },
  ]
  const { body } = await ask<{ stored: number; refused: { index: number }[] }>(
    'POST',
    `/crm/connections/${connection.id}/links`,
    { links },
  )
  expect(body.stored).toBe(1)
  expect(body.refused.map(({ index }) => index)).toEqual([1, 2, 3])
  expect(await linkOf('NB-1')).toMatchObject({ email: 'member@old.example', due: false })
  expect((await ask('DELETE', `/crm/connections/${connection.id}`)).body).toMatchObject({ error: { code: 'in_use' } })
  expect((await ask('DELETE', `/crm/connections/${connection.id}?drop_links=true`)).status).toBe(204)
})

test('an id that is let go is gone here, the CRM is told nothing, and they are not added again by themselves', async () => {
  const { standin, connection } = await connect()
  await signUp('let-go@example.com')
  const { contact_id } = await linked('let-go@example.com')
  const asked = standin.people().length
  expect((await ask('DELETE', `/crm/connections/${connection.id}/links/${contact_id}`)).status).toBe(204)
  expect((await ask('DELETE', `/crm/connections/${connection.id}/links/${contact_id}`)).status).toBe(404)
  expect(await linkOf('let-go@example.com')).toBeUndefined()
  await ask('PATCH', `/contacts/${contact_id}`, { email: 'gone@example.com' })
  await signUp('after-that@example.com')
  await linked('after-that@example.com')
  expect(await linkOf('gone@example.com')).toBeUndefined()
  expect(standin.people().length).toBe(asked + 1)
  const links = [{ email: 'gone@example.com', external_id: 'given-by-hand' }]
  await ask('POST', `/crm/connections/${connection.id}/links`, { links })
  expect(await linkOf('gone@example.com')).toMatchObject({ external_id: 'given-by-hand' })
})
