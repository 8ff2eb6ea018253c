import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, makeTenant } from '../../test/app.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { enqueue, enqueueAll } from './enqueue.ts'
import { fail, giveUp, retryIn } from './fail.ts'
import { finish, report } from './finish.ts'
import { cancel, reap, release, renew } from './hold.ts'
import { lease } from './lease.ts'
import { firstTurn, type Turn } from './turn.ts'

let database: Database
let workspace_id: number
let turn: Turn
const claim = async (limit = 100, share = 100) =>
  (await lease(database.system, { queue: 'q', limit, share, seconds: 60, turn })).jobs
const runOut = () => database.system`update jobs set lease_until = now() - interval '1 s' where state = 'leased'`
const stateOf = async (id: number) => (await database.system`select * from jobs where id = ${id}`)[0]!
const ask = (key = 'a', payload = {}) => enqueue(database.system, { workspace_id, queue: 'q', key, payload })

beforeAll(async () => {
  database = await freshDatabase()
  workspace_id = (await makeTenant(database, 'Acme')).workspace_id
})
beforeEach(async () => {
  await database.system`delete from jobs`
  turn = firstTurn()
})

test('work that was asked for in a transaction which fails was never asked for', async () => {
  const failing = inWorkspace(database, workspace_id, async sql => {
    await enqueue(sql, { workspace_id, queue: 'q', key: 'a' })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await claim()).toEqual([])
})

test('a workspace cannot ask for work in the name of another', async () => {
  const other = (await makeTenant(database, 'Other')).workspace_id
  const asking = inWorkspace(database, workspace_id, sql => enqueue(sql, { workspace_id: other, queue: 'q', key: 'a' }))
  await expect(asking).rejects.toThrow('row-level security')
})

test('a job comes with its payload, the oldest first, and not before its time', async () => {
  const [first, second] = await enqueueAll(database.system, [
    { workspace_id, queue: 'q', key: 'a', payload: { n: 1 }, run_at: new Date(Date.now() - 2000) },
    { workspace_id, queue: 'q', key: 'a', payload: { n: 2 }, run_at: new Date(Date.now() - 1000) },
    { workspace_id, queue: 'q', key: 'a', payload: { n: 3 }, run_at: new Date(Date.now() + 600_000) },
  ])
  expect(await claim(1)).toMatchObject([{ id: first, payload: { n: 1 }, attempt: 1 }])
  expect(await claim()).toMatchObject([{ id: second, payload: { n: 2 } }])
  expect(await claim()).toEqual([])
})

test('a key with 20,000 of 30,000 queued gets its share and no more', async () => {
  await database.system`
    insert into jobs (workspace_id, queue, key, run_at)
    select ${workspace_id}, 'q', 'endpoint ' || case when n <= 20000 then 0 else n % 500 end, now() - n * interval '1 ms'
      from generate_series(1, 30000) as n`
  const jobs = [...(await claim(100, 4)), ...(await claim(100, 4))]
  expect(jobs).toHaveLength(200)
  expect(jobs.filter(job => job.key === 'endpoint 0').length).toBeLessThanOrEqual(4)
  expect(new Set(jobs.map(job => job.id)).size).toBe(200)
})

test('a tenant with many keys and old work does not hold up another tenant', async () => {
  const small = (await makeTenant(database, 'Small')).workspace_id
  await database.system`
    insert into jobs (workspace_id, queue, key, run_at)
    select ${workspace_id}, 'q', 'endpoint ' || n, now() - interval '1 hour' from generate_series(1, 200) as n`
  const id = await enqueue(database.system, { workspace_id: small, queue: 'q', key: 'only' })
  expect((await claim(10, 4)).map(job => job.id)).toContain(id)
})

describe('with thousands due, a claim looks at some of the keys, and', () => {
  /** So many keys with one job each, all of the same age. */
  const fill = (keys: number, { of = workspace_id, run_at = '-1 minute' } = {}) => database.system`
    insert into jobs (workspace_id, queue, key, run_at)
    select ${of}, 'q', 'key ' || n, now() + ${run_at}::interval from generate_series(1, ${keys}) as n`
  const askLongAgo = (key: string, of = workspace_id) =>
    enqueue(database.system, { workspace_id: of, queue: 'q', key, run_at: new Date(Date.now() - 3_600_000) })
  const claimed = async (claims: number, limit: number) => {
    const ids: number[] = []
    for (let n = 0; n < claims; n++) ids.push(...(await claim(limit, 4)).map(job => job.id))
    return ids
  }

  test('takes every job once, and as many at a time as it may', async () => {
    await fill(2950)
    const ids = await claimed(30, 100)
    expect([ids.length, new Set(ids).size]).toEqual([2950, 2950])
  })

  test('the key that stands last has its turn after all the others, whoever is worked on meanwhile', async () => {
    await fill(3000)
    const last = await askLongAgo('zzz')
    expect(await claimed(11, 10)).toContain(last)
  })

  test('another tenant has its turn at once, whatever number of keys the first one has', async () => {
    await fill(3000)
    const small = (await makeTenant(database, 'Small')).workspace_id
    const only = await askLongAgo('only', small)
    expect(await claimed(1, 10)).toContain(only)
  })

  test('of a hundred tenants each has its turn', async () => {
    const { system } = database
    const tenants = await system<{ id: number }[]>`
      insert into workspaces (organization_id, name)
      select organization_id, 'Tenant ' || n from workspaces, generate_series(1, 100) as n where id = ${workspace_id}
      returning id`
    for (const { id } of tenants) await fill(30, { of: id })
    const last = await askLongAgo('a', tenants.at(-1)!.id)
    expect(await claimed(4, 10)).toContain(last)
  })

  test('all of them when those have nothing: a key at its share, and others whose time is yet to come', async () => {
    await fill(1000, { run_at: '1 hour' })
    await database.system`insert into jobs (workspace_id, queue, key) select ${workspace_id}, 'q', 'hog' from generate_series(1, 2500)`
    const last = await ask('zzz')
    const [jobs, more] = [await claim(10, 4), await claim(10, 4)]
    expect(jobs.map(job => job.key).sort()).toEqual(['hog', 'hog', 'hog', 'hog', 'zzz'])
    expect(jobs.map(job => job.id)).toContain(last)
    expect(more).toEqual([])
  })
})

test('claims at the same moment take different jobs and keep the share together', async () => {
  await enqueueAll(
    database.system,
    Array.from({ length: 50 }, (_, n) => ({ workspace_id, queue: 'q', key: `${n % 2}` })),
  )
  const claims = await Promise.all([claim(10, 3), claim(10, 3), claim(10, 3), claim(10, 3)])
  expect(new Set(claims.flat().map(job => job.id)).size).toBe(6)
})

test('a worker that lost its lease changes nothing, whatever it tries', async () => {
  const id = await ask()
  const [stale] = await claim()
  await runOut()
  expect(await reap(database.system)).toBe(1)
  const [fresh] = await claim()
  expect(fresh).toMatchObject({ id, attempt: 1 })
  const before = await stateOf(id)

  expect(await finish(database.system, stale!)).toBe(false)
  expect(await report(database.system, stale!, { percent: 50 })).toBe(false)
  expect(await fail(database.system, stale!, 'late', [5])).toBe('lost')
  expect(await giveUp(database.system, stale!, 'late')).toBe('lost')
  expect(await renew(database.system, [stale!], 60)).toEqual([stale])
  await release(database.system, [stale!])
  expect(await stateOf(id)).toEqual(before)

  expect(await renew(database.system, [fresh!], 60)).toEqual([])
  expect(await finish(database.system, fresh!)).toBe(true)
  expect(await finish(database.system, fresh!)).toBe(false)
})

test('a job that takes its process down every time is given up after five lost leases', async () => {
  const id = await ask()
  for (let n = 1; n <= 5; n++) {
    expect(await claim()).toMatchObject([{ id, attempt: 1 }])
    await runOut()
    await reap(database.system)
  }
  expect(await stateOf(id)).toMatchObject({ state: 'failed', lost: 5, attempt: 0 })
})

test('retries follow the schedule, never early, and end in failed', async () => {
  const id = await ask()
  const delays = [60, 3600]
  for (const [n, delay] of delays.entries()) {
    const [job] = await claim()
    const before = Date.now()
    expect(await fail(database.system, job!, 'no answer', delays)).toBe('again')
    const { run_at, state, error, attempt } = await stateOf(id)
    expect({ state, error, attempt }).toEqual({ state: 'queued', error: 'no answer', attempt: n + 1 })
    expect(run_at.getTime()).toBeGreaterThanOrEqual(before + delay * 1000)
    expect(run_at.getTime()).toBeLessThan(Date.now() + delay * 1100 + 1000)
    expect(await claim()).toEqual([])
    await database.system`update jobs set run_at = now()`
  }
  expect(await fail(database.system, (await claim())[0]!, 'no answer', delays)).toBe('failed')
  expect(await stateOf(id)).toMatchObject({ state: 'failed', attempt: 3 })
  expect((await stateOf(id)).finished_at).toBeInstanceOf(Date)
})

test('a receiver decides when to be asked again', async () => {
  const id = await ask()
  const [job] = await claim()
  expect(await retryIn(database.system, job!, '429', 120)).toBe('again')
  expect((await stateOf(id)).run_at.getTime()).toBeGreaterThan(Date.now() + 110_000)
})

test('what is cancelled is not claimed, and whoever works on it cannot finish it', async () => {
  const waiting = await ask()
  expect(await cancel(database.system, workspace_id, waiting)).toBe(true)
  expect(await claim()).toEqual([])
  const running = await ask()
  const [job] = await claim()
  expect(await cancel(database.system, workspace_id, running)).toBe(true)
  expect(await finish(database.system, job!)).toBe(false)
  expect(await cancel(database.system, workspace_id, running)).toBe(false)
  expect(await stateOf(running)).toMatchObject({ state: 'cancelled' })
})

test('a result and the end of its job are committed together or not at all', async () => {
  const id = await ask()
  const [job] = await claim()
  const crashing = inWorkspace(database, workspace_id, async sql => {
    expect(await finish(sql, job!)).toBe(true)
    throw new Error('crash')
  })
  await expect(crashing).rejects.toThrow('crash')
  expect(await stateOf(id)).toMatchObject({ state: 'leased' })
})
