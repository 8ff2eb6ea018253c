import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { readCsv } from '../appointments/routing/csv.ts'
import { keepAside } from '../crm/fallback.ts'
import { walking } from '../crm/runs/walking.fixture.ts'

const { desk, startWorking, move, join, load, read, links, members } = walking()

// No server works here, but where a test says so.
beforeAll(() => desk.runs.stop())

/** The command line as a person runs it (it builds what changed), on this file's database and home folder. */
function start(...args: string[]) {
  const { database, context } = desk.fresh
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    THROUGHLINE_HOME: context.config.home,
    WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8',
  }
  const child = spawn(process.execPath, ['bin/throughline', 'crm', ...args], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (said.stderr += text))
  return { child, said, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...said })) }
}

const crm = (...args: string[]) => start(...args).ended
const workspace = () => ['--workspace', String(desk.fresh.workspace_id)]
const between = ({ from, to }: { from: number; to: number }) => ['--from', String(from), '--to', String(to)]

async function runOf(connection_id: number) {
  const [run] = await desk.fresh.database.system<{ id: number; done: number }[]>`
    select id, done from crm_runs where connection_id = ${connection_id} order by id desc limit 1`
  return run
}

/** Some of them, so that there is more to come. */
async function begun(connection_id: number): Promise<number> {
  for (;;) {
    const run = await runOf(connection_id)
    if (run && run.done > 0) return run.id
    await sleep(20)
  }
}

test('walks over the members by itself when no server runs, and says how far it is', async () => {
  const there = await move()
  const ids = await join(there, 120)
  load(there, ids.slice(1))
  const { code, stdout, stderr } = await crm('validate', ...workspace(), ...between(there), '--json')
  const counts = { WroteSalesforceAppUserUid: 119, WroteNotFound: 1 }
  const run_id = (await runOf(there.to))!.id
  expect(JSON.parse(stdout)).toEqual({ run_id, state: 'done', total: 120, done: 120, counts, error: null })
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^120 of 120, [\d.,]+ a second$/)
  expect(code).toBe(0)
})

test('is stopped by Ctrl-C, and goes on', async () => {
  const there = await move()
  load(there, await join(there, 300))
  there.standin.fault({ match: 'GET', skip: 100, delay_ms: 100, times: 60 })
  const { child, ended } = start('validate', ...workspace(), ...between(there))
  const run_id = await begun(there.to)
  child.kill('SIGINT')
  const { code, stdout, stderr } = await ended
  expect(stdout).toMatch(/^state +stopped$/m)
  expect(stderr).toContain(`throughline crm validate --workspace ${desk.fresh.workspace_id} --run ${run_id}`)
  expect(code).toBe(1)
  expect(await read(run_id)).toMatchObject({ state: 'stopped' })
  expect(await crm('validate', ...workspace(), '--run', String(run_id), '--json')).toMatchObject({ code: 0 })
  expect(await read(run_id)).toMatchObject({ state: 'done', counts: { WroteSalesforceAppUserUid: 300 } })
})

test('goes on after it was killed, with what is stored', async () => {
  const there = await move()
  load(there, await join(there, 300))
  const { child, ended } = start('validate', ...workspace(), ...between(there))
  const run_id = await begun(there.to)
  child.kill('SIGKILL')
  await ended
  const { done } = await read(run_id)
  // The minute that its lease lasts.
  await desk.fresh.database.system`update jobs set lease_until = now() where queue = 'crm_runs' and state = 'leased'`
  const again = await crm('validate', ...workspace(), '--run', String(run_id), '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ run_id, state: 'done', done: 300, counts: { WroteSalesforceAppUserUid: 300 } })
  const asked = there.standin.requests.filter(({ path }) => path.includes('/query')).length
  expect(asked).toBeGreaterThanOrEqual(300)
  expect(asked).toBeLessThanOrEqual(300 + 100)
  expect(done % 100).toBe(0)
})

test('works beside a server that works, too', async () => {
  startWorking()
  const there = await move()
  load(there, await join(there, 30))
  expect(await crm('validate', ...workspace(), ...between(there), '--json')).toMatchObject({ code: 0 })
  expect(await links(there.to)).toHaveLength(30)
  await desk.runs.stop()
})

test('exports, refuses to finish while somebody is missing, loads what was kept aside, and finishes', async () => {
  const there = await move()
  const [missing, known] = (await join(there, 2)) as [number, number]
  load(there, [known])
  await crm('validate', ...workspace(), ...between(there))
  const run_id = (await runOf(there.to))!.id
  const run = [...workspace(), '--run', String(run_id)]

  const file = await crm('export', ...run, '--state', 'WroteNotFound', '--csv')
  const [heading, ...rows] = readCsv(file.stdout).map(({ cells }) => cells)
  expect(heading).toEqual(['contact_id', 'email', 'name', 'old_id', 'state', 'external_id', 'code', 'message', 'checked_at'])
  expect(rows.map(cells => cells[0])).toEqual([String(missing)])
  const { stdout } = await crm('export', ...run, '--json')
  expect(JSON.parse(stdout)).toMatchObject(await members(run_id))

  const refused = await crm('finalize', ...run, '--json')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain('Old ids are still needed (WroteNotFound: 1).')

  await keepAside(desk.fresh.context.config, {
    workspace_id: desk.fresh.workspace_id,
    connection_id: there.to,
    provider: 'salesforce',
    contact_id: missing,
    run_id,
    operation: 'validate',
    error: { kind: 'unexpected', message: 'It could not be written down here.' },
    state: 'DbWriteOkErrorLogged',
    external_id: 'a0X-missing',
  })
  const loaded = await crm('replay-log', '--json')
  expect(JSON.parse(loaded.stdout)).toEqual({ loaded: 1, known: 0, gone: 0, unreadable: 0, contested: 0 })
  const finished = await crm('finalize', ...run, '--json')
  expect(JSON.parse(finished.stdout)).toEqual({ dropped: 2 })
})

/** What the log connector writes of these. */
async function writeLog(file: string, contact_ids: number[]) {
  const lines = contact_ids.map(contact_id => {
    const names = { first_name: null, last_name: null, language: null }
    const user = { contact_id, email: `${contact_id}@example.com`, ...names, lists: [], properties: {} }
    return { at: new Date().toISOString(), operation: 'add_user', contact_id, external_id: `log-${contact_id}`, user }
  })
  await writeFile(file, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
}

test('loads a log, goes on after it was killed, and adds nobody twice', async () => {
  const there = await move()
  const ids = await join(there, 60)
  const file = `${desk.fresh.context.config.home}/written.jsonl`
  await writeLog(file, ids)
  there.standin.fault({ match: 'PATCH', skip: 20, delay_ms: 300, times: 100 })
  const { child, ended } = start('load-log', ...workspace(), '--file', file, '--to', String(there.to))
  const run_id = await begun(there.to)
  while ((await read(run_id)).done < 20) await sleep(20)
  child.kill('SIGKILL')
  await ended
  there.standin.heal()
  await desk.fresh.database.system`update jobs set lease_until = now() where queue = 'crm_runs' and state = 'leased'`
  const again = await crm('load-log', ...workspace(), '--run', String(run_id), '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ run_id, state: 'done', total: 60, done: 60 })
  expect(there.standin.people().map(({ our_id }) => our_id)).toEqual(ids.map(String))
  expect(await links(there.to)).toHaveLength(60)
  // Of the line that was under way the answer got lost.
  expect(there.standin.requests.filter(({ method }) => method === 'PATCH').length).toBeLessThanOrEqual(61)

  const other = `${desk.fresh.context.config.home}/log-99999-1.jsonl`
  const strange = await crm('load-log', ...workspace(), '--file', other, '--to', String(there.to))
  expect(strange).toMatchObject({ code: 2, stderr: expect.stringContaining('is the log of workspace 99999') })
})

test('reads who sustains, and ends nobody by an empty read but by force', async () => {
  const there = await move()
  const [one] = (await join({ from: there.to }, 1)) as [number]
  const id = there.standin.put({ our_id: String(one), email: 'one@example.com', sustains: true })
  const { system } = desk.fresh.database
  await system`update crm_links set external_id = ${id} where connection_id = ${there.to}`
  const sync = async (...args: string[]) => {
    const { code, stdout } = await crm('sync-sustainers', ...workspace(), '--connection', String(there.to), ...args, '--json')
    return [code, JSON.parse(stdout).state, JSON.parse(stdout).counts]
  }
  const counts = { read: 1, sustaining: 1, unknown: 0, started: 1, ended: 0 }
  expect(await sync()).toEqual([0, 'done', counts])
  there.standin.fault({ match: 'GET', status: 200, body: { totalSize: 0, done: true, records: [] }, times: 2 })
  const none = { read: 0, sustaining: 0, unknown: 0, started: 0 }
  expect(await sync()).toEqual([1, 'refused', { ...none, ended: 0, would_end: 1 }])
  expect(await sync('--force')).toEqual([0, 'done', { ...none, ended: 1 }])
})

test('says 2 when it was called in a wrong way, and 1 when there is no such thing', async () => {
  const ends = await Promise.all([
    crm('validate', ...workspace()),
    crm('validate', ...workspace(), '--from', '1', '--run', '1'),
    crm('export', ...workspace(), '--run', '1', '--state', 'Nowhere'),
    crm('validate', ...workspace(), '--from', '999998', '--to', '999999'),
    crm('finalize', ...workspace(), '--run', '999999'),
  ])
  expect(ends.map(({ code }) => code)).toEqual([2, 2, 2, 1, 1])
  expect(ends[3]!.stderr).toContain('connection_id is not the number of a connection')
})
