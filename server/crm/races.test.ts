import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CrmConnection, CrmLink, CrmRun } from '../../shared/crm.ts'
import type { Standin } from '../../test/crm/standin.ts'
import { putLinks } from './links.ts'
import { signingUp, until } from './signing-up.fixture.ts'
import { syncWeekly } from './sustainers/weekly.ts'
import { sweepCrm } from './sweep.ts'

// What changes about somebody while a CRM is told of them.

const { desk, call, signUp, connect, linked, hurry } = signingUp()

const linkOfContact = async (contact_id: number) =>
  (await call<{ links: CrmLink[] }>('GET', `/contacts/${contact_id}/crm`)).links[0]
const found = (email: string) =>
  until(async () => (await call<{ data: CrmLink[] }>('GET', `/crm/links?q=${encodeURIComponent(email)}`)).data[0])
const emailsOf = (standin: Standin) => standin.people().map(({ email }) => email)
const jobs = async () =>
  (await desk.fresh.database.system`select from jobs where queue = 'crm_tell' and finished_at is null`).count
/** What waits for its time, when it comes now. */
async function waiting() {
  await hurry()
  await sleep(100)
  return jobs()
}
/** Until nobody is told of anything any more, now or later: what waits for its time is due now. */
async function quiet() {
  while ((await jobs()) > 0) {
    await hurry()
    await sleep(50)
  }
}
/** It was noticed that the contact changed, while the CRM is told of what was before. */
const noticed = (contact_id: number, version: number) =>
  until(async () => {
    const [row] = await desk.fresh.database.system<
      { version: number }[]
    >`select version from crm_links where contact_id = ${contact_id}`
    return row!.version >= version
  })

test('an e-mail that is mended while the CRM refuses the one before is told, and the refusal is of the one before', async () => {
  const { standin } = await connect()
  standin.fault({ match: 'PATCH', delay_ms: 1000, status: 400, body: [{ errorCode: 'INVALID_EMAIL_ADDRESS', message: 'odd' }] })
  await signUp('odd@example.com')
  const { contact_id } = await found('odd@example.com')
  await until(async () => (await linkOfContact(contact_id))?.state === 'RequestAddToSalesforce')
  await call('PATCH', `/contacts/${contact_id}`, { email: 'mended@example.com' })
  await noticed(contact_id, 2)
  await quiet()
  expect(emailsOf(standin)).toEqual(['mended@example.com'])
  expect(await linkOfContact(contact_id)).toMatchObject({ state: 'WroteSalesforceAppUserUid', due: false, error: null })
})

test('an e-mail that changes while somebody is added is the one that the CRM has in the end', async () => {
  const { standin } = await connect()
  standin.fault({ match: 'PATCH', delay_ms: 1000 })
  await signUp('before@example.com')
  const { contact_id } = await found('before@example.com')
  await until(async () => (await linkOfContact(contact_id))?.state === 'RequestAddToSalesforce')
  await call('PATCH', `/contacts/${contact_id}`, { email: 'after@example.com' })
  await noticed(contact_id, 2)
  await quiet()
  expect(emailsOf(standin)).toEqual(['after@example.com'])
  expect(await linkOfContact(contact_id)).toMatchObject({ due: false, error: null })
})

test('who is merged into somebody that the CRM knows is not added as well, and is when the merge is undone', async () => {
  const { standin } = await connect()
  await signUp('known@example.com')
  const known = await linked('known@example.com')
  standin.fault({ match: 'PATCH', status: 500, body: 'Internal Server Error' })
  await signUp('twice@example.com')
  const twice = await found('twice@example.com')
  await until(async () => (await linkOfContact(twice.contact_id))?.error)
  const other = { other_id: twice.contact_id, force: true }
  const merge = await call<{ id: number }>('POST', `/contacts/${known.contact_id}/merge`, other)
  await noticed(twice.contact_id, 2)
  await quiet()
  expect(emailsOf(standin)).toEqual(['known@example.com'])
  await call('POST', `/contacts/merges/${merge.id}/undo`)
  await linked('twice@example.com')
  expect(emailsOf(standin).sort()).toEqual(['known@example.com', 'twice@example.com'])
})

test('of two whom the CRM knows and who are merged, it is told the e-mail of the person for one, and the other keeps their own', async () => {
  const { standin } = await connect()
  await signUp('winner@example.com')
  await signUp('loser@example.com')
  const [winner, loser] = [await linked('winner@example.com'), await linked('loser@example.com')]
  await call('POST', `/contacts/${winner.contact_id}/merge`, { other_id: loser.contact_id, force: true })
  await noticed(loser.contact_id, 2)
  await call('PATCH', `/contacts/${winner.contact_id}`, { email: 'both@example.com' })
  await noticed(winner.contact_id, 2)
  await quiet()
  expect(emailsOf(standin).sort()).toEqual(['both@example.com', 'loser@example.com'])
  const due = await desk.fresh.database.system`select from crm_links where due or error is not null`
  expect(due.count).toBe(0)
})

test('who changes often while a CRM is away is tried as long as anybody', async () => {
  const { standin } = await connect()
  standin.fault({ match: 'PATCH', status: 500, body: 'Internal Server Error', times: Number.POSITIVE_INFINITY })
  await signUp('busy@example.com')
  const { contact_id } = await found('busy@example.com')
  for (let k = 0; k < 8; k++) {
    await call('PATCH', `/contacts/${contact_id}`, { first_name: `Sarah ${k}` })
    await noticed(contact_id, k + 2)
    await until(async () => standin.met() > k + 1)
  }
  await until(async () => (await waiting()) === 1) // one job, whatever was asked for before
  standin.heal()
  await quiet()
  expect(await linkOfContact(contact_id)).toMatchObject({ state: 'WroteSalesforceAppUserUid' })
})

test('those from before are added to a CRM that is switched on afterwards', async () => {
  await signUp('earlier@example.com')
  await until(async () => (await desk.fresh.database.system`select from contacts where email = 'earlier@example.com'`).count)
  const { standin, connection } = await connect({}, { active: false })
  const { asked } = await call<{ asked: number }>('POST', `/crm/connections/${connection.id}/earlier`)
  expect(asked).toBeGreaterThan(0)
  await quiet()
  await call('PATCH', `/crm/connections/${connection.id}`, { active: true })
  await quiet()
  expect(emailsOf(standin)).toContain('earlier@example.com')
})

test('who left a list and joins it again is told of again', async () => {
  const { standin } = await connect()
  const { id } = await call<{ id: number }>('POST', '/crm/lists', { name: 'Newsletter' })
  const join = () => call('POST', `/crm/lists/${id}/contacts`, { email: 'reader@example.com' })
  const asked = () => standin.requests.filter(({ path }) => path.includes('/sobjects/')).length
  await join()
  await quiet()
  const once = asked()
  await join() // and was on it already
  await quiet()
  expect(asked()).toBe(once)
  await call('DELETE', `/crm/lists/${id}/contacts/reader@example.com`)
  await join()
  await quiet()
  expect(asked()).toBe(2 * once)
})

test('an id that two contacts are given at once is of the first, and the second is told so', async () => {
  const { connection } = await connect({}, { active: false })
  await signUp('one@example.com')
  await signUp('two@example.com')
  const one = await found('one@example.com')
  await found('two@example.com')
  let second: Promise<{ stored: number; refused: { message: string }[] }> | undefined
  await desk.fresh.database.system.begin(async sql => {
    const first = [{ contact_id: one.contact_id, external_id: 'NB-1' }]
    await putLinks(sql, desk.fresh.workspace_id, connection.id, first, { kind: 'system' })
    second = call('POST', `/crm/connections/${connection.id}/links`, {
      links: [{ email: 'two@example.com', external_id: 'NB-1' }],
    })
    await Promise.race([second.catch(() => {}), sleep(500)]) // it waits for our commit
  })
  const { stored, refused } = await second!
  expect(stored).toBe(0)
  expect(refused).toMatchObject([{ message: `This id is linked with contact ${one.contact_id}.` }])
})

test('what all jobs gave up is found again, and a run that nobody works on ends', async () => {
  const { system } = desk.fresh.database
  const { connection } = await connect({}, { active: false })
  await signUp('forgotten@example.com')
  await found('forgotten@example.com')
  await system`delete from jobs where queue = 'crm_tell'`
  await system`update crm_connections set active = true, updated_at = now() where id = ${connection.id}`
  const [run] = await system<{ id: number }[]>`
    insert into crm_runs (workspace_id, kind, connection_id, actor)
    values (${desk.fresh.workspace_id}, 'sustainers', ${connection.id}, '{"kind": "system"}')
    returning id`
  await sweepCrm(system)
  await linked('forgotten@example.com')
  expect(await call(`GET`, `/crm/runs/${run!.id}`)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('Resume it'),
  })
})

test('one connection that cannot be read holds up no other', async () => {
  const { system } = desk.fresh.database
  const nobody = await call<CrmConnection>('POST', '/crm/connections', { provider: 'none', syncs_sustainers: true })
  const { connection } = await connect({}, { syncs_sustainers: true })
  await syncWeekly(system)
  const { data } = await call<{ data: CrmRun[] }>('GET', '/crm/runs')
  const of = (id: number) => data.filter(run => run.connection_id === id).length
  expect([of(nobody.id), of(connection.id)]).toEqual([0, 1])
})

test('a token that was asked for with the old credentials is not kept after new ones were typed', async () => {
  const { standin, connection } = await connect()
  standin.fault({ match: 'POST /services/oauth2/token', delay_ms: 700 })
  const testing = call('POST', `/crm/connections/${connection.id}/tests`)
  await until(async () => (await leaseOf(connection)) !== null)
  await call('PATCH', `/crm/connections/${connection.id}`, { settings: { client_secret: 'of another app' } })
  await testing
  const [row] = await desk.fresh.database.system<
    { token: string | null }[]
  >`select token from crm_connections where id = ${connection.id}`
  expect(row).toEqual({ token: null })
  expect(await call('POST', `/crm/connections/${connection.id}/tests`)).toMatchObject({ ok: false, kind: 'auth' })
})

async function leaseOf({ id }: CrmConnection) {
  const [row] = await desk.fresh.database.system<{ renewing_until: Date | null }[]>`
    select renewing_until from crm_connections where id = ${id}`
  return row!.renewing_until
}
