import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type SignedIn, signedIn } from '../../../test/session.ts'
import { readCsv } from '../../appointments/routing/csv.ts'
import { reap } from '../../queue/hold.ts'
import { walking } from './walking.fixture.ts'

const { desk, startWorking, call, move, join, load, begin, read, ended, run, resume, members, links } = walking()

const until = async (condition: () => Promise<boolean>) => {
  while (!(await condition())) await sleep(5)
}
const requestsOf = ({ standin }: Awaited<ReturnType<typeof move>>) =>
  standin.requests.filter(({ path }) => path.includes('/query')).length

test('says how far it is while it runs, stops between members, and goes on where it was', async () => {
  const there = await move()
  const ids = await join(there, 260)
  load(there, ids)
  there.standin.fault({ match: 'GET', skip: 100, delay_ms: 100, times: 60 })
  const run_id = await begin(there)
  await until(async () => (await read(run_id)).done > 0)
  const running = await read(run_id)
  expect(running).toMatchObject({ state: 'running', total: 260, started_at: expect.any(String), ended_at: null })
  expect(running.per_second).toBeGreaterThan(0)
  expect(running.seconds_left).toBeGreaterThan(0)
  expect(running.counts).toEqual({ NotChecked: 260 - running.done, WroteSalesforceAppUserUid: running.done })

  const stopped = await call('POST', `/crm/runs/${run_id}/stop`)
  expect(stopped).toMatchObject({ state: 'stopped', seconds_left: null, ended_at: expect.any(String) })
  await sleep(200)
  const { done, ...rest } = await read(run_id)
  expect(rest.state).toBe('stopped')
  expect(done).toBeLessThan(260)
  expect(await call('POST', `/crm/runs/${run_id}/stop`)).toMatchObject({ state: 'stopped', done })

  expect(await resume(run_id)).toMatchObject({ state: 'done', total: 260, done: 260, counts: { WroteSalesforceAppUserUid: 260 } })
  expect(await links(there.to)).toHaveLength(260)
  // Again are asked only those of the batch that was under way.
  expect(requestsOf(there)).toBeLessThanOrEqual(260 + 100)
})

test('is new to whoever began it until they looked at how it ended', async () => {
  const there = await move()
  await join(there, 1)
  const [anna, ben] = [await signedIn(desk.fresh), await signedIn(desk.fresh)]
  const as = async ({ headers }: SignedIn, method: 'GET' | 'POST', path: string, payload?: object) =>
    (await desk.fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })).json()
  const wish = { kind: 'validate', connection_id: there.to, from_connection_id: there.from }
  const { id } = await as(anna, 'POST', '/crm/runs', wish)
  await ended(id)
  const unseen = async (who: SignedIn) =>
    (await as(who, 'GET', '/crm/runs?unseen=true')).data.map((one: { id: number }) => one.id)
  expect([await unseen(anna), await unseen(ben)]).toEqual([[id], []])
  expect((await as(ben, 'POST', `/crm/runs/${id}/seen`)).seen_at).toBeNull()
  expect((await as(anna, 'POST', `/crm/runs/${id}/seen`)).seen_at).toEqual(expect.any(String))
  expect(await unseen(anna)).toEqual([])
})

test('is the only one of its kind on a connection, and needs two of them', async () => {
  const there = await move()
  const other = await move()
  await join(there, 1)
  there.standin.fault({ match: 'GET', delay_ms: 1_500, times: 50 })
  const run_id = await begin(there)
  await expect(begin(there)).rejects.toThrow(`Run ${run_id} of this connection is under way. Wait for its end, or stop it.`)
  await expect(call('POST', `/crm/runs/${run_id}/resume`)).rejects.toThrow(/409.*under way/)
  await run(other)
  await ended(run_id)
  await run(there)
  await expect(begin({ from: there.from, to: 999_999 })).rejects.toThrow(/422.*is not the number of a connection/)
  await expect(begin({ from: there.to, to: there.to })).rejects.toThrow(/422.*another connection/)
  await expect(call('POST', '/crm/runs', { kind: 'validate', connection_id: there.to })).rejects.toThrow(/422.*whose ids/)
  await expect(call('GET', '/crm/runs/999999')).rejects.toThrow(/404/)
  const { data } = await call<{ data: { id: number }[] }>('GET', `/crm/runs?connection_id=${there.to}&kind=validate`)
  expect(data.map(({ id }) => id)).toEqual([expect.any(Number), run_id])
})

test('of two processes that hold the same run only the one with the lease writes', async () => {
  const there = await move()
  const ids = await join(there, 3)
  load(there, ids)
  const { system } = desk.fresh.database
  // The first process hangs with its request; its lease runs out meanwhile, as if the process had died.
  there.standin.fault({ match: 'GET', delay_ms: 1_500, times: 3 })
  const first = desk.runs
  const run_id = await begin(there)
  await until(async () => (await members(run_id)).some(({ state }) => state === 'RequestedContact'))
  startWorking()
  await system`update jobs set lease_until = now() - interval '1 second' where queue = 'crm_runs' and state = 'leased'`
  await reap(system)
  const done = await ended(run_id)
  expect(done).toMatchObject({ state: 'done', done: 3, counts: { WroteSalesforceAppUserUid: 3 } })
  const written = await members(run_id)
  // Now the first one has its answers.
  await until(async () => requestsOf(there) === 6)
  await sleep(200)
  expect([await read(run_id), await members(run_id)]).toEqual([done, written])
  await first.stop()
  const [job] = await system`select state, lost from jobs where queue = 'crm_runs' and (payload ->> 'run_id')::int = ${run_id}`
  expect(job).toMatchObject({ state: 'done', lost: 1 })
})

test('is given back by a server that stops, and taken up by the next one', async () => {
  const there = await move()
  load(there, await join(there, 230))
  const run_id = await begin(there)
  await until(async () => (await read(run_id)).done > 0)
  await desk.runs.stop()
  const { done, state } = await read(run_id)
  expect([state, done < 230]).toEqual(['running', true])
  startWorking()
  expect(await ended(run_id)).toMatchObject({ state: 'done', done: 230, counts: { WroteSalesforceAppUserUid: 230 } })
})

test('writes its members as a file that no spreadsheet runs', async () => {
  const there = await move()
  const [formula, named, known] = (await join(there, 3)) as [number, number, number]
  load(there, [known])
  const { system } = desk.fresh.database
  await system`update crm_links set external_id = '=cmd|''/c calc''!A1' where connection_id = ${there.from} and contact_id = ${formula}`
  await system`update contacts set traits = ${'{"first_name": ["שרה, \\"S\\"", 1]}'}::text::jsonb where id = ${named}`
  const { id } = await run(there)
  const file = await call<string>('GET', `/crm/runs/${id}/members.csv?state=WroteNotFound`)
  expect(file.startsWith('\uFEFFcontact_id,email,name,old_id,state,external_id,code,message,checked_at\r\n')).toBe(true)
  const rows = readCsv(file).map(({ cells }) => cells)
  expect(rows.slice(1).map(([contact_id, email, name, old_id, state]) => [contact_id, email, name, old_id, state])).toEqual([
    [String(formula), `${formula}@example.com`, '', "'=cmd|'/c calc'!A1", 'WroteNotFound'],
    [String(named), `${named}@example.com`, 'שרה, "S"', `nb-${named}`, 'WroteNotFound'],
  ])
  const codes = await system<{ code: string }[]>`select code from crm_log where run_id = ${id} order by contact_id`
  expect(rows.slice(1).map(cells => cells[6])).toEqual(codes.map(({ code }) => code))
  const all = readCsv(await call<string>('GET', `/crm/runs/${id}/members.csv`))
  expect(all).toHaveLength(4)
  await expect(call('GET', '/crm/runs/999999/members.csv')).rejects.toThrow(/404/)
})

test('lists its members in pages, all or those in one state', async () => {
  const there = await move()
  const ids = await join(there, 5)
  load(there, ids.slice(0, 2))
  const { id } = await run(there)
  type Page = { data: { contact_id: number }[]; next_cursor: string | null }
  const first = await call<Page>('GET', `/crm/runs/${id}/members?state=WroteNotFound&limit=2`)
  const second = await call<Page>('GET', `/crm/runs/${id}/members?state=WroteNotFound&limit=2&cursor=${first.next_cursor}`)
  expect([...first.data, ...second.data].map(({ contact_id }) => contact_id)).toEqual(ids.slice(2))
  expect(second.next_cursor).toBe(null)
})
