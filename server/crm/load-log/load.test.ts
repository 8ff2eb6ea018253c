import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CrmConnection, CrmLink, CrmLogEntry, CrmRun } from '../../../shared/crm.ts'
import type { Standin } from '../../../test/crm/standin.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { logFile } from '../connectors/log/entry.ts'
import type { AppUser, CrmConnectionManager } from '../manager.ts'
import { openConnections } from '../open.ts'
import { startRun } from '../runs/start.ts'
import { syncing } from '../sustainers/syncing.fixture.ts'
import { startTelling } from '../tell.ts'

const { desk, call, connect, disconnect, ended } = syncing()

/** A log that is written, and Salesforce, into which it is loaded. */
async function moving() {
  const { standin, id: to } = await connect()
  const { id: from } = await call<CrmConnection>('POST', '/crm/connections', { provider: 'log' })
  const { database, context, workspace_id } = desk.fresh
  const means = { sql: database.system, config: context.config, egress: desk.egress }
  const log = (await openConnections(means).get(workspace_id, from))!.manager
  const file = logFile(join(context.config.home, 'crm'), { workspace_id, connection_id: from })
  const dispose = async () => {
    await disconnect(to, standin)
    await database.system`delete from crm_connections where id = ${from}`
  }
  return { standin, to, log, file, [Symbol.asyncDispose]: dispose }
}

let people = 400_000

/** Somebody who is known here, and has signed up as the log has it. */
async function signUp(log: CrmConnectionManager, user: Partial<AppUser> = {}) {
  const contact_id = ++people
  const email = user.email ?? `${contact_id}@example.com`
  const { database, workspace_id } = desk.fresh
  await database.system`insert into contacts (workspace_id, id, email) values (${workspace_id}, ${contact_id}, ${email})`
  const said = { first_name: 'Sarah', last_name: 'Johnson', language: 'en', lists: [], properties: {} }
  await log.addUser({ ...said, ...user, contact_id, email })
  return { contact_id, email, logged: `log-${contact_id}` }
}

/** They change it here, and the log is told of it. */
async function changeEmail(
  log: CrmConnectionManager,
  { contact_id, logged }: { contact_id: number; logged: string },
  email: string,
) {
  await setEmail(contact_id, email)
  await log.changeUserEmail(logged, email)
}

async function setEmail(contact_id: number, email: string) {
  await desk.fresh.database.system`update contacts set email = ${email} where id = ${contact_id}`
}

const mark = (contact_id: number, mark: 'spam' | 'review') =>
  desk.fresh.database.system`
    insert into crm_marks (workspace_id, contact_id, mark, actor) values (${desk.fresh.workspace_id}, ${contact_id}, ${mark}, '{}')`

async function begin(to: number, file: string): Promise<number> {
  const { database, workspace_id } = desk.fresh
  const wish = { kind: 'load_log', connection_id: to, settings: { file } } as const
  return (await inWorkspace(database, workspace_id, sql => startRun(sql, workspace_id, wish, { kind: 'system' }))).id
}

const load = async (to: number, file: string) => ended(await begin(to, file))
/** But for signing in. */
const asked = ({ requests }: Standin) => requests.filter(({ path }) => !path.includes('oauth2')).length
const known = (standin: Standin) =>
  standin
    .people()
    .map(({ our_id, email, lists, in_review, is_deleted }) => ({ our_id, email, lists: lists.sort(), in_review, is_deleted }))
const failures = async (to: number) => (await call<{ data: CrmLogEntry[] }>('GET', `/crm/log?connection_id=${to}`)).data
const links = async (to: number) => (await call<{ data: CrmLink[] }>('GET', `/crm/links?connection_id=${to}&limit=200`)).data

test('everything that was written arrives, in its order, and once however often it is loaded', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  const sarah = await signUp(log, { email: 'sarah@example.com', lists: ['Newsletter'], properties: { is_educator: true } })
  const dan = await signUp(log, { email: 'dan@example.com', first_name: 'דן' })
  await log.addEmailToMailingLists('reader@example.com', ['Newsletter', 'Educators'], { first_name: 'Re', last_name: null })
  await changeEmail(log, sarah, 'sarah@new.example')
  // Her old address is somebody else's now, which only the order makes possible.
  const other = await signUp(log, { email: 'sarah@example.com' })
  await changeEmail(log, sarah, 'sarah@newest.example')
  await log.addEmailToMailingLists('dan@example.com', ['Educators'])
  await mark(dan.contact_id, 'spam')
  await log.markAsSpam(dan.logged, 'review')
  await mark(other.contact_id, 'review')
  await log.markForReview(other.logged)

  const run = await load(to, file)
  expect(run).toMatchObject({ state: 'done', total: 9, done: 9, error: null })
  expect(run.counts).toEqual({ added: 3, email_changed: 2, subscribed: 2, marked: 2 })
  const everybody = [
    { our_id: String(sarah.contact_id), email: 'sarah@newest.example', lists: [], in_review: false, is_deleted: false },
    { our_id: String(dan.contact_id), email: 'dan@example.com', lists: ['Educators'], in_review: true, is_deleted: false },
    { our_id: String(other.contact_id), email: 'sarah@example.com', lists: ['Newsletter'], in_review: true, is_deleted: false },
    { our_id: null, email: 'reader@example.com', lists: ['Educators', 'Newsletter'], in_review: false, is_deleted: false },
  ]
  expect(known(standin)).toEqual(everybody)
  const people = standin.people()
  expect(await links(to)).toMatchObject(
    [sarah, dan, other].map(({ contact_id }, k) => ({
      contact_id,
      external_id: people[k]!.id,
      state: 'WroteSalesforceAppUserUid',
    })),
  )

  const before = asked(standin)
  const again = await load(to, file)
  expect(again).toMatchObject({ state: 'done', done: 9, counts: { nothing_new: 9 } })
  expect(asked(standin)).toBe(before)
  expect(known(standin)).toEqual(everybody)
  expect(await failures(to)).toEqual([])
})

test('goes on at its line after it was stopped, and nobody is there twice', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  for (let k = 0; k < 30; k++) {
    const one = await signUp(log)
    await changeEmail(log, one, `new-${one.email}`)
  }
  standin.fault({ match: 'PATCH', skip: 20, delay_ms: 200, times: 5 })
  const run_id = await begin(to, file)
  await expect.poll(async () => (await call<CrmRun>('GET', `/crm/runs/${run_id}`)).done).toBeGreaterThanOrEqual(20)
  await call('POST', `/crm/runs/${run_id}/stop`)
  const { done } = await ended(run_id)
  expect(done).toBeLessThan(60)
  await call('POST', `/crm/runs/${run_id}/resume`)
  expect(await ended(run_id)).toMatchObject({ state: 'done', total: 60, done: 60 })
  expect(standin.people().map(({ email }) => email)).toEqual(standin.people().map(({ our_id }) => `new-${our_id}@example.com`))
  expect(standin.people()).toHaveLength(30)
  // One line may have been under way.
  expect(standin.requests.filter(({ method }) => method === 'PATCH').length).toBeLessThanOrEqual(61)
})

test('what a CRM does not take stands in the log, and the next line follows', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  const [first, refused, last] = [await signUp(log), await signUp(log), await signUp(log)]
  await changeEmail(log, refused, 'refused@new.example')
  await log.markForReview('of-another-crm')
  await appendFile(file, 'not JSON\n')
  const late = await signUp(log)
  standin.fault({
    match: `PATCH /services/data/v60.0/sobjects/App_User__c/Throughline_Id__c/${refused.contact_id}`,
    status: 400,
    body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Not this one.' }],
  })
  const run = await load(to, file)
  expect(run).toMatchObject({ state: 'done', done: 7, counts: { added: 3, failed: 4 } })
  const logged = await failures(to)
  expect(logged.map(({ operation, kind, contact_id, run_id }) => [operation, kind, contact_id, run_id])).toEqual([
    ['load_log', 'validation', null, run.id],
    ['load_log', 'not_found', null, run.id],
    ['load_log', 'not_found', refused.contact_id, run.id],
    ['load_log', 'validation', refused.contact_id, run.id],
  ])
  expect(logged.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^a line, at byte \d+: This is no JSON: not JSON$/),
    expect.stringMatching(/^mark_for_review of .*: It is about nobody whom this log added\.$/),
    expect.stringMatching(/^change_email of .*: Contact \d+ has no id in Salesforce\.$/),
    expect.stringMatching(/^add_user of 20.*Z, at byte \d+: It answered 400: FIELD_CUSTOM_VALIDATION_EXCEPTION Not this one\.$/),
  ])
  expect(logged[3]!.code).toMatch(/^LoadLogSalesforceWriteError-/)
  expect((await links(to)).map(({ contact_id, state }) => [contact_id, state])).toEqual([
    [first.contact_id, 'WroteSalesforceAppUserUid'],
    [refused.contact_id, 'WroteSalesforceErrorToDb'],
    [last.contact_id, 'WroteSalesforceAppUserUid'],
    [late.contact_id, 'WroteSalesforceAppUserUid'],
  ])
  // Loaded again, it has another chance, and so has what followed from it.
  expect(await load(to, file)).toMatchObject({ counts: { added: 1, email_changed: 1, nothing_new: 3, failed: 2 } })
})

test('ends where the CRM says nothing any more, or lets nobody in, and goes on there', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  for (let k = 0; k < 4; k++) await signUp(log)
  standin.fault({ match: 'PATCH', status: 503, body: 'Down for maintenance', skip: 2, times: 100 })
  standin.fault({ match: 'GET', status: 503, body: 'Down for maintenance', times: 100 })
  const run = await load(to, file)
  expect(run).toMatchObject({ state: 'failed', done: 2, counts: { added: 2 } })
  expect(run.error).toMatch(/^It stopped before byte \d+: It answered 503/)
  expect(await failures(to)).toEqual([])
  standin.heal()
  // What passes by itself is waited for. What concerns one record alone does not end it.
  standin.fault({ match: 'PATCH', drop: 'after_commit' })
  standin.fault({ match: 'PATCH', skip: 1, status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'No.' }] })
  await call('POST', `/crm/runs/${run.id}/resume`)
  expect(await ended(run.id)).toMatchObject({ state: 'done', done: 4, counts: { added: 3, failed: 1 } })
  expect(standin.people()).toHaveLength(3)
  expect(await failures(to)).toMatchObject([{ kind: 'auth', operation: 'load_log' }])
})

test('is about the people that there are now', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  const { database, workspace_id } = desk.fresh
  const [gone, stays, goes, good, quiet] = [
    await signUp(log),
    await signUp(log),
    await signUp(log),
    await signUp(log),
    await signUp(log, { lists: ['Educators'] }),
  ]
  await log.changeUserEmail(goes.logged, 'goes@new.example')
  await log.markAsSpam(good.logged, 'delete')
  await log.addEmailToMailingLists(quiet.email, ['Newsletter', 'Educators'])
  // Deleted, merged, no spam after all, and on a list no more.
  await database.system`delete from contacts where id = ${gone.contact_id}`
  await call('POST', `/contacts/${stays.contact_id}/merge`, { other_id: goes.contact_id })
  const list = await call<{ id: number }>('POST', '/crm/lists', { name: 'Educators' })
  await database.system`
    insert into mailing_list_members (workspace_id, list_id, email, source, left_at)
    values (${workspace_id}, ${list.id}, ${quiet.email}, 'sign_up', now())`

  const run = await load(to, file)
  expect(run.counts).toEqual({ added: 3, subscribed: 1, nothing_new: 3, failed: 1 })
  expect(known(standin).map(({ our_id, email, lists, is_deleted }) => [our_id, email, lists, is_deleted])).toEqual([
    [String(stays.contact_id), stays.email, [], false],
    [String(good.contact_id), good.email, [], false],
    [String(quiet.contact_id), quiet.email, ['Newsletter'], false],
  ])
  expect(await failures(to)).toMatchObject([
    { contact_id: gone.contact_id, kind: 'not_found', message: expect.stringContaining('was deleted here') },
  ])
})

test('what came after the log, and stands in no line, is told as ever', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  const [sarah, dan] = [await signUp(log), await signUp(log)]
  await changeEmail(log, sarah, 'sarah@between.example')
  await setEmail(sarah.contact_id, 'sarah@now.example')
  await mark(dan.contact_id, 'review')
  const run = await load(to, file)
  expect(run.counts).toEqual({ added: 2, email_changed: 1 })
  const { database, context, app } = desk.fresh
  const telling = startTelling({ sql: database.system, config: context.config, egress: desk.egress, log: app.log })
  await expect
    .poll(() => known(standin).map(({ email, in_review }) => [email, in_review]))
    .toEqual([
      ['sarah@now.example', false],
      [dan.email, true],
    ])
  await expect.poll(async () => (await links(to)).map(({ due }) => due)).toEqual([false, false])
  await telling.stop()
  // What the CRM knows is newer than the lines.
  const before = asked(standin)
  expect(await load(to, file)).toMatchObject({ counts: { nothing_new: 3 } })
  expect(asked(standin)).toBe(before)
})

test('spam is deleted only where the log and the CRM both delete it', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  const [kept, gone] = [await signUp(log), await signUp(log)]
  for (const one of [kept, gone]) await mark(one.contact_id, 'spam')
  await log.markAsSpam(kept.logged, 'delete')
  await load(to, file)
  await call('PATCH', `/crm/connections/${to}`, { spam_policy: 'delete' })
  await log.markAsSpam(gone.logged, 'delete')
  await changeEmail(log, gone, 'gone@new.example')
  expect((await load(to, file)).counts).toEqual({ marked: 1, nothing_new: 4 })
  expect(known(standin).map(({ in_review, is_deleted }) => [in_review, is_deleted])).toEqual([
    [true, false],
    [false, true],
  ])
})

test('an id that somebody else has here is nobody else’s', async () => {
  await using move = await moving()
  const { standin, to, log, file } = move
  const first = await signUp(log)
  await load(to, file)
  const second = await signUp(log)
  const [known] = standin.people()
  const body = { id: known!.id, success: true, errors: [] }
  standin.fault({ match: 'PATCH', status: 201, body })
  expect(await load(to, file)).toMatchObject({ state: 'done', counts: { nothing_new: 1, failed: 1 } })
  expect(await failures(to)).toMatchObject([
    {
      kind: 'duplicate',
      contact_id: second.contact_id,
      message: expect.stringContaining(`who is contact ${first.contact_id} here`),
    },
  ])
})

test('says which file cannot be read, and why nothing is loaded', async () => {
  await using move = await moving()
  const { to, log, file } = move
  expect(await load(to, file)).toMatchObject({ state: 'failed', error: expect.stringContaining(`cannot read ${file} (ENOENT)`) })
  await signUp(log)
  const { data } = await call<{ data: CrmConnection[] }>('GET', '/crm/connections')
  const other = data.find(({ provider }) => provider === 'log')!
  expect(await load(other.id, file)).toMatchObject({
    state: 'failed',
    error: 'A log is loaded into a CRM, and not into a log.',
  })
})
