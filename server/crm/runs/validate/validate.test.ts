import { readdir, readFile } from 'node:fs/promises'
import { join as path } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fallbackFile } from '../../fallback.ts'
import { walking } from '../walking.fixture.ts'

const { desk, move, join, load, begin, ended, run, resume, members, breakWrites, mendWrites, startWorking, links, logged, call } =
  walking()

const QUERY = 'GET /services/data/v60.0/query'

/** What a member went through. */
const stepsOf = (contact_id: number) => desk.steps.flatMap(([id, state]) => (id === contact_id ? [state] : []))

test('walks over all members in several batches, and links those whom the CRM knows', async () => {
  const there = await move()
  const ids = await join(there, 250)
  const external_ids = load(there, ids.slice(5))
  const done = await run(there)
  expect(done).toMatchObject({
    state: 'done',
    total: 250,
    done: 250,
    counts: { WroteSalesforceAppUserUid: 245, WroteNotFound: 5 },
    seconds_left: null,
    error: null,
  })
  const linked = await links(there.to)
  expect(linked.map(link => link.contact_id)).toEqual(ids.slice(5))
  expect(linked.map(link => link.external_id)).toEqual(external_ids)
  expect(new Set(linked.map(link => link.state))).toEqual(new Set(['WroteSalesforceAppUserUid']))
  expect(stepsOf(ids[5]!)).toEqual(['NotChecked', 'RequestedContact', 'OkResponse', 'WroteSalesforceAppUserUid'])
  expect(stepsOf(ids[0]!)).toEqual(['NotChecked', 'RequestedContact', 'NotFound', 'WroteNotFound'])
  const log = await logged(done.id)
  expect(log.map(({ contact_id, kind }) => [contact_id, kind])).toEqual(ids.slice(0, 5).map(id => [id, 'not_found']))
  expect(log[0]!.code).toMatch(/^NbProfileNotFoundInSalesforce-\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test('asks once for each of them: a request a member, and one to sign in', async () => {
  const there = await move()
  load(there, await join(there, 30))
  await run(there)
  expect(there.standin.requests.filter(({ path }) => path.includes('/query'))).toHaveLength(30)
  expect(there.standin.signIns()).toBe(1)
})

test('asks by e-mail where the CRM keeps no old ids, and says of those without one that it could not', async () => {
  const there = await move({ settings: { old_id_field: '' } })
  const [known] = (await join(there, 1)) as [number]
  const [nobody] = (await join(there, 1, { email: false })) as [number]
  const [external_id] = load(there, [known])
  const { id } = await run(there)
  expect(await members(id)).toMatchObject([
    { contact_id: known, state: 'WroteSalesforceAppUserUid', external_id },
    {
      contact_id: nobody,
      state: 'WroteUnexpectedResponse',
      message: 'The CRM keeps no old ids, and this contact has no e-mail to ask for them by.',
    },
  ])
})

test('asks by the id that is said to be theirs, and keeps what else the link says', async () => {
  const there = await move()
  const [known, gone] = (await join(there, 2)) as [number, number]
  const external_id = there.standin.put({ email: 'else@example.com' })
  await call('POST', `/crm/connections/${there.to}/links`, {
    links: [
      { contact_id: known, external_id },
      { contact_id: gone, external_id: there.standin.put({ is_deleted: true }) },
    ],
  })
  const { id } = await run(there)
  expect(await members(id)).toMatchObject([
    { contact_id: known, state: 'WroteSalesforceAppUserUid', external_id },
    { contact_id: gone, state: 'WroteNotFound' },
  ])
  expect(await links(there.to)).toMatchObject([{ contact_id: known, external_id }, { contact_id: gone }])
  expect(there.standin.requests.some(({ path }) => path.includes('/query'))).toBe(false)
})

test('gives nobody the id that somebody else has', async () => {
  // Over there, one record answers to the e-mails of two members.
  const there = await move({ settings: { old_id_field: '' } })
  const [first, second] = (await join(there, 2)) as [number, number]
  await desk.fresh.database.system`update contacts set email = 'same@example.com' where id = any(${[first, second]}::int[])`
  const external_id = there.standin.put({ email: 'same@example.com' })
  const { id } = await run(there)
  const message = `The CRM says that this is ${external_id}, who is contact ${first} here. Merge the two, or part them in the CRM.`
  const both = [
    { contact_id: first, state: 'WroteSalesforceAppUserUid', external_id },
    { contact_id: second, state: 'WroteUnexpectedResponse', message },
  ]
  expect(await members(id)).toMatchObject(both)
  // Nor where the other one has had it for long.
  expect(await resume(id)).toMatchObject({ counts: { WroteSalesforceAppUserUid: 1, WroteUnexpectedResponse: 1 } })
  expect(await members(id)).toMatchObject(both)
  expect(await links(there.to)).toMatchObject([{ contact_id: first, external_id }])
  const twice = { contact_id: second, kind: 'duplicate', message }
  expect(await logged(id)).toMatchObject([twice, twice])
})

test('of somebody who was merged meanwhile, links the contact that they are now', async () => {
  const there = await move()
  const [loser, winner, both] = (await join(there, 3)) as [number, number, number]
  await desk.fresh.database.system`delete from crm_links where connection_id = ${there.from} and contact_id = ${winner}`
  const [external_id] = load(there, [loser])
  await call('POST', `/contacts/${winner}/merge`, { other_id: loser })
  await call('POST', `/contacts/${winner}/merge`, { other_id: both })
  const { id } = await run(there)
  expect(await members(id)).toMatchObject([
    { contact_id: loser, state: 'WroteSalesforceAppUserUid', external_id },
    { contact_id: both, state: 'WroteNotFound' },
  ])
  expect(await links(there.to)).toMatchObject([{ contact_id: winner, external_id }])
  // From now on that one's link says who they all are.
  expect(await resume(id)).toMatchObject({ state: 'done', counts: { WroteSalesforceAppUserUid: 2 } })
  expect(await links(there.to)).toMatchObject([{ contact_id: winner, external_id }])
})

test('asks again at the end for those to whom the CRM gave no answer', async () => {
  const there = await move()
  const ids = await join(there, 40)
  load(there, ids)
  there.standin.fault({ match: QUERY, status: 503, times: 3 })
  there.standin.fault({ match: QUERY, status: 429, headers: { 'retry-after': '0' }, times: 2 })
  there.standin.fault({ match: QUERY, drop: 'before', times: 2 })
  there.standin.fault({ match: QUERY, delay_ms: 4_000 })
  there.standin.fault({ match: QUERY, drop: 'mid_body', times: 2 })
  expect(await run(there)).toMatchObject({ state: 'done', done: 40, counts: { WroteSalesforceAppUserUid: 40 } })
  expect(there.standin.requests.filter(({ status }) => status === 503)).toHaveLength(3)
})

test('signs in once more when the token ran out, and asks nobody in vain', async () => {
  const there = await move()
  load(there, await join(there, 20))
  there.standin.fault({ match: QUERY, skip: 7, expire_tokens: true })
  expect(await run(there)).toMatchObject({ state: 'done', counts: { WroteSalesforceAppUserUid: 20 } })
  expect(there.standin.signIns()).toBe(2)
})

test('stops where the CRM lets nobody in, and marks only those whom it was at', async () => {
  const there = await move()
  load(there, await join(there, 150))
  there.standin.fault({ match: 'POST /services/oauth2/token', status: 400, body: { error: 'invalid_client' }, times: 1000 })
  const { id, ...stopped } = await run(there)
  expect(stopped).toMatchObject({ state: 'failed', counts: { ScriptFailureLogged: 100, NotChecked: 50 } })
  expect(stopped.error).toMatch(/^Salesforce does not let us in. Mend the connection, then resume the run: .*invalid_client/)
  expect(await logged(id)).toMatchObject([{ contact_id: null, kind: 'auth' }])
  there.standin.heal()
  expect(await resume(id)).toMatchObject({ state: 'done', error: null, counts: { WroteSalesforceAppUserUid: 150 } })
})

test('stops where the CRM answers nobody any more, and can be resumed', async () => {
  const there = await move()
  load(there, await join(there, 230))
  there.standin.fault({ match: 'GET', skip: 120, status: 503, times: 10_000 })
  const { id, ...stopped } = await run(there)
  expect(stopped).toMatchObject({
    state: 'failed',
    done: 100,
    counts: { WroteSalesforceAppUserUid: 100, ScriptFailureLogged: 100, NotChecked: 30 },
  })
  expect(stopped.error).toMatch(/^Salesforce answers nobody. Resume the run when this is over: It answered 503/)
  expect(await logged(id)).toMatchObject([{ contact_id: null, kind: 'server' }])
  there.standin.heal()
  expect(await resume(id)).toMatchObject({ state: 'done', counts: { WroteSalesforceAppUserUid: 230 } })
})

test('does not stop at those over whom the CRM stumbles, however many they are', async () => {
  const there = await move()
  load(there, await join(there, 30))
  there.standin.fault({ match: QUERY, status: 503, times: 10_000 })
  expect(await run(there)).toMatchObject({ state: 'done', counts: { WroteUnexpectedResponse: 30 } })
})

test('stops where it lets us in and shows us nobody', async () => {
  const there = await move()
  load(there, await join(there, 120))
  const body = [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }]
  there.standin.fault({ match: QUERY, status: 403, body, times: 10_000 })
  const stopped = await run(there)
  expect(stopped).toMatchObject({ state: 'failed', counts: { ScriptFailureLogged: 100, NotChecked: 20 } })
  expect(stopped.error).toMatch(/^Salesforce does not let us in\./)
})

test('ends, and does not wait, where a limit lasts long', async () => {
  const there = await move()
  load(there, await join(there, 3))
  // As in earnest: the fixture's pauses hold for limits too.
  await desk.runs.stop()
  startWorking({ pauses: undefined })
  onTestFinished(async () => {
    await desk.runs.stop()
    startWorking()
  })
  there.standin.fault({ match: QUERY, status: 429, headers: { 'retry-after': '3600' }, times: 100 })
  const stopped = await run(there)
  expect(stopped.error).toMatch(/^The limit of Salesforce is reached. Resume the run in 60 minutes: It answered 429/)
})

test('keeps aside the one whom the database does not take, and writes its neighbours', async () => {
  const there = await move()
  const ids = await join(there, 120)
  const external_ids = load(there, ids)
  await breakWrites(ids[37]!, '^Wrote')
  await breakWrites(ids[80]!, '^(Wrote|Db)')
  const { id, counts } = await run(there)
  expect(counts).toEqual({ WroteSalesforceAppUserUid: 118, DbWriteOkErrorLogged: 1, RequestedContact: 1 })
  const kept = (await readFile(fallbackFile(folder()), 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const mine = kept.filter(line => line.run_id === id)
  expect(mine).toHaveLength(2)
  expect(mine[0]).toEqual({
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    at: expect.stringMatching(/Z$/),
    workspace_id: desk.fresh.workspace_id,
    connection_id: there.to,
    provider: 'salesforce',
    contact_id: ids[37],
    run_id: id,
    operation: 'validate',
    error: { kind: 'unexpected', message: 'It could not be written down here: the disk of this member is broken' },
    state: 'DbWriteOkErrorLogged',
    external_id: external_ids[37],
  })
  await mendWrites()
  expect(await resume(id)).toMatchObject({ counts: { WroteSalesforceAppUserUid: 120 } })
  expect(await readdir(folder())).toContain('fallback.jsonl')
})

function folder() {
  return path(desk.fresh.context.config.home, 'crm')
}

test('of a CRM that was deleted, says so', async () => {
  const there = await move()
  await join(there, 1)
  there.standin.fault({ match: QUERY, delay_ms: 300 })
  const id = await begin(there)
  await desk.fresh.database.system`delete from crm_connections where id = ${there.to}`
  await expect(ended(id)).rejects.toThrow(/404/)
})
