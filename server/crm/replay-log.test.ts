import { appendFile, copyFile, readdir, readFile, rm } from 'node:fs/promises'
import { join as path } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { layCable } from '../../test/cable.ts'
import { connect as connectDatabase } from '../database/connect.ts'
import { reap } from '../queue/hold.ts'
import { type Aside, fallbackFile, keepAside } from './fallback.ts'
import { replayLog } from './replay-log.ts'
import { failed } from './result.ts'
import { walking } from './runs/walking.fixture.ts'
import { startRuns } from './runs/work.ts'

const { desk, startWorking, move, join, load, begin, read, ended, run, resume, members, breakWrites, mendWrites, links, logged } =
  walking()

const folder = () => path(desk.fresh.context.config.home, 'crm')
const replay = () => replayLog(desk.fresh.database.system, folder())
const NOTHING = { loaded: 0, known: 0, gone: 0, unreadable: 0, contested: 0 }

beforeEach(async () => {
  await rm(folder(), { recursive: true, force: true })
  await mendWrites()
})

/** Three members whom the CRM knows, does not know, and answers strangely, none of whom the database takes. */
async function walkWithoutDatabase(states: string) {
  const there = await move()
  const [known, unknown, strange] = (await join(there, 3)) as [number, number, number]
  const [external_id] = load(there, [known]) as [string]
  load(there, [strange, strange])
  for (const id of [known, unknown, strange]) await breakWrites(id, states)
  return { there, known, unknown, strange, external_id, run_id: (await run(there)).id }
}

test.each([
  ['only the last write failed', '^Wrote', ['DbWriteOkErrorLogged', 'DbWriteNotFoundErrorLogged', 'DbWriteUnexpectedResFailure']],
  ['not even the failure could be written', '^(Wrote|Db)', ['RequestedContact', 'RequestedContact', 'RequestedContact']],
])('writes what could not be written: where %s', async (_, states, before) => {
  const { there, known, unknown, strange, external_id, run_id } = await walkWithoutDatabase(states)
  expect((await members(run_id)).map(({ state }) => state)).toEqual(before)
  expect([await links(there.to), await logged(run_id)]).toEqual([[], []])
  await mendWrites()
  expect(await replay()).toEqual({ ...NOTHING, loaded: 3 })
  const message = `Several App_User__c have Nationbuilder_Id__c nb-${strange}.`
  expect(await members(run_id)).toMatchObject([
    { contact_id: known, state: 'WroteSalesforceAppUserUid', external_id, message: null },
    { contact_id: unknown, state: 'WroteNotFound', external_id: null },
    { contact_id: strange, state: 'WroteUnexpectedResponse', message },
  ])
  expect(await read(run_id)).toMatchObject({
    counts: { WroteSalesforceAppUserUid: 1, WroteNotFound: 1, WroteUnexpectedResponse: 1 },
  })
  expect(await links(there.to)).toMatchObject([{ contact_id: known, external_id, state: 'WroteSalesforceAppUserUid' }])
  expect(await logged(run_id)).toMatchObject([
    { contact_id: known, kind: 'unexpected', message: expect.stringMatching(/^It could not be written down here: /) },
    { contact_id: unknown, code: expect.stringMatching(/^NbProfileNotFoundInSalesforce-/) },
    { contact_id: strange, code: expect.stringMatching(/^NbProfileUnexpectedRes-/), message },
  ])
  // The file is put away; loaded once more it says nothing new.
  expect(await replay()).toEqual(NOTHING)
  const [loaded, ...others] = await readdir(folder())
  expect([loaded, others]).toEqual([expect.stringMatching(/^fallback-.*\.jsonl\.loaded$/), []])
  await copyFile(path(folder(), loaded!), fallbackFile(folder()))
  expect(await replay()).toEqual({ ...NOTHING, known: 3 })
  expect(await logged(run_id)).toHaveLength(3)
})

test('leaves alone who was asked for again since, and writes their log', async () => {
  const { there, known, unknown, strange, external_id, run_id } = await walkWithoutDatabase('^Wrote')
  await mendWrites()
  const other_id = load(there, [unknown])[0]
  expect(await resume(run_id)).toMatchObject({ counts: { WroteSalesforceAppUserUid: 2, WroteUnexpectedResponse: 1 } })
  const after = await members(run_id)
  expect(await replay()).toMatchObject({ loaded: 3 })
  expect(await members(run_id)).toEqual(after)
  expect(await links(there.to)).toMatchObject([
    { contact_id: known, external_id },
    { contact_id: unknown, external_id: other_id },
  ])
  expect((await logged(run_id)).map(({ contact_id }) => contact_id)).toEqual([strange, known, unknown, strange])
})

test('passes over a line that a dying process tore, and loads the next one', async () => {
  const there = await move()
  const [first, second] = (await join(there, 2)) as [number, number]
  const signUp = (contact_id: number, external_id: string): Aside => ({ ...asideOf(there.to, contact_id), external_id })
  await keepAside(desk.fresh.context.config, signUp(first, 'a0X-first'))
  await appendFile(fallbackFile(folder()), '{"id":"torn","at":"2026-01-01T0')
  await keepAside(desk.fresh.context.config, signUp(second, 'a0X-second'))
  await appendFile(fallbackFile(folder()), '{"id":"of another shape"}\n{"id":"also torn"')
  expect((await readFile(fallbackFile(folder()), 'utf8')).split('\n')).toHaveLength(5)
  expect(await replay()).toEqual({ ...NOTHING, loaded: 2, unreadable: 3 })
  expect(await links(there.to)).toMatchObject([{ external_id: 'a0X-first' }, { external_id: 'a0X-second' }])
})

test('of sign-ups writes the id that the CRM told, or that it told none', async () => {
  const there = await move()
  const [added, refused, late, contested] = (await join(there, 4)) as [number, number, number, number]
  const { system } = desk.fresh.database
  await system`
    insert into crm_links (workspace_id, connection_id, contact_id, state, external_id)
    select ${desk.fresh.workspace_id}, ${there.to}, id, 'RequestAddToSalesforce', case when id = ${late} then 'a0X-late' end
      from unnest(${[added, refused, late, contested]}::int[]) as c(id)`
  const error = failed('validation', 'It answered 400: INVALID_EMAIL_ADDRESS').error
  const [base, gone] = [asideOf(there.to, added), asideOf(999_999, added)]
  await keepAside(
    desk.fresh.context.config,
    { ...base, external_id: 'a0X-added' },
    { ...base, contact_id: refused, error },
    { ...base, contact_id: late, error },
    { ...base, contact_id: contested, external_id: 'a0X-late' },
    gone,
  )
  expect(await replay()).toEqual({ ...NOTHING, loaded: 4, gone: 1, contested: 1 })
  const rows =
    await system`select contact_id, state, external_id, error from crm_links where connection_id = ${there.to} order by contact_id`
  expect(rows).toEqual([
    { contact_id: added, state: 'WroteSalesforceAppUserUid', external_id: 'a0X-added', error: null },
    { contact_id: refused, state: 'WroteSalesforceErrorToDb', external_id: null, error: error.message },
    { contact_id: late, state: 'RequestAddToSalesforce', external_id: 'a0X-late', error: null },
    {
      contact_id: contested,
      state: 'WroteSalesforceErrorToDb',
      external_id: null,
      error: `The CRM says that this is a0X-late, who is contact ${late} here. Merge the two, or part them in the CRM.`,
    },
  ])
  const log = await system<{ contact_id: number; code: string; kind: string }[]>`
    select contact_id, code, kind from crm_log where connection_id = ${there.to} order by contact_id`
  expect(log.map(({ contact_id, kind }) => [contact_id, kind])).toEqual([
    [added, 'unexpected'],
    [refused, 'validation'],
    [late, 'validation'],
    [contested, 'duplicate'],
  ])
  for (const { code } of log) expect(code).toMatch(/^NewUserSalesforceWriteError-\d{4}-/)
})

test('loses and doubles nothing that is kept aside while others load', async () => {
  const there = await move()
  const ids = await join(there, 60)
  let writing = true
  const loading = (async () => {
    while (writing) await Promise.all([replay(), replay()])
  })()
  for (let from = 0; from < 60; from += 6)
    await Promise.all(
      ids
        .slice(from, from + 6)
        .map(id => keepAside(desk.fresh.context.config, { ...asideOf(there.to, id), external_id: `a0X-${id}` })),
    )
  writing = false
  await loading
  await replay()
  expect((await links(there.to)).map(({ contact_id }) => contact_id)).toEqual(ids)
  expect(await desk.fresh.database.system`select from crm_log where connection_id = ${there.to}`).toHaveLength(60)
})

test('while the database is away altogether, every answer is on the disk, and the run goes on when it is back', async () => {
  const there = await move()
  const ids = await join(there, 30)
  load(there, ids)
  await desk.runs.stop()
  const { database, context } = desk.fresh
  const cable = await layCable(database.url)
  const far = connectDatabase(cable.url, { connections: 2 })
  const watch = (_: number, state: string) => void (state === 'OkResponse' && cable.cut())
  const log = { warn: () => {} }
  const worker = startRuns({ sql: far.system, config: context.config, egress: desk.egress, log, pauses: [1, 1], watch })
  const run_id = await begin(there)
  await expect.poll(() => readFile(fallbackFile(folder()), 'utf8').catch(() => '')).toMatch(/(.+\n){30}/)
  await worker.stop(0)
  await far.close()
  await cable.stop()
  expect(await read(run_id)).toMatchObject({ state: 'running', done: 0 })

  startWorking()
  await database.system`update jobs set lease_until = now() - interval '1 second' where queue = 'crm_runs' and state = 'leased'`
  await reap(database.system)
  expect(await ended(run_id)).toMatchObject({ state: 'done', counts: { WroteSalesforceAppUserUid: 30 } })
  expect(await replay()).toEqual({ ...NOTHING, loaded: 30 })
  expect(await read(run_id)).toMatchObject({ counts: { WroteSalesforceAppUserUid: 30 } })
})

function asideOf(connection_id: number, contact_id: number): Aside {
  return {
    workspace_id: desk.fresh.workspace_id,
    connection_id,
    provider: 'salesforce',
    contact_id,
    operation: 'add_user',
    error: failed('unexpected', 'It could not be written down here: the disk is full').error,
    state: 'LoggedDbFailure',
    external_id: null,
  }
}
