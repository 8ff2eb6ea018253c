import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { freshDatabase, makeTenant } from '../../test/app.ts'
import { layCable } from '../../test/cable.ts'
import { connect, type Database, open } from '../database/connect.ts'
import { enqueue, enqueueAll } from './enqueue.ts'
import { cancel, reap } from './hold.ts'
import type { Job } from './job.ts'
import { lease } from './lease.ts'
import { type Work, type Worker, work } from './work.ts'

let database: Database
let workspace_id: number
let workers: Worker[] = []
let queue: string
const quiet = { warn: () => {} }

/** Looks at the queue by itself only every ten minutes: whatever happens sooner, happens because it was woken. */
function startWorker(options: Partial<Work<{ n: number }>>, sql = database.system) {
  const worker = work<{ n: number }>(sql, {
    queue,
    concurrency: 4,
    share: 4,
    delays: [],
    poll_ms: 600_000,
    log: quiet,
    run: async () => {},
    ...options,
  })
  workers.push(worker)
  return worker
}
const ask = (n = 1, run_at?: Date) =>
  enqueue(database.system, { workspace_id, queue, key: 'a', payload: { n }, ...(run_at && { run_at }) })
const stateOf = async (id: number) => (await database.system`select * from jobs where id = ${id}`)[0]!

async function until(condition: () => unknown) {
  while (!(await condition())) await sleep(10)
}

beforeAll(async () => {
  database = await freshDatabase()
  workspace_id = (await makeTenant(database, 'Acme')).workspace_id
})
afterEach(async context => {
  await Promise.all(workers.map(worker => worker.stop(0)))
  workers = []
  queue = `after ${context.task.name}`
})
beforeAll(() => {
  queue = 'first'
})

test('is woken by the commit that brings work', async () => {
  const done: number[] = []
  startWorker({ run: async job => void done.push(job.payload.n) })
  await sleep(100)
  const id = await ask(7)
  await until(async () => (await stateOf(id)).state === 'done')
  expect(done).toEqual([7])
})

test('wakes for a job whose time comes', async () => {
  let started = 0
  startWorker({
    run: async () => {
      started = Date.now()
    },
  })
  const run_at = new Date(Date.now() + 700)
  const id = await ask(1, run_at)
  await until(async () => (await stateOf(id)).state === 'done')
  expect(started).toBeGreaterThanOrEqual(run_at.getTime())
})

test('tries again by its schedule and keeps the last error', async () => {
  const attempts: number[] = []
  startWorker({
    delays: [0.05, 0.05],
    run: async job => {
      attempts.push(job.attempt)
      throw new Error(`attempt ${job.attempt}`)
    },
  })
  const id = await ask()
  await until(async () => (await stateOf(id)).state === 'failed')
  expect(attempts).toEqual([1, 2, 3])
  expect(await stateOf(id)).toMatchObject({ error: 'attempt 3' })
})

test('does every job once, with several workers on it', async () => {
  const done: number[] = []
  const run = async (job: Job<{ n: number }>) => {
    await sleep(1)
    done.push(job.payload.n)
  }
  for (let n = 0; n < 3; n++) startWorker({ run, concurrency: 5, share: 10 })
  const wanted = Array.from({ length: 300 }, (_, n) => n)
  await enqueueAll(
    database.system,
    wanted.map(n => ({ workspace_id, queue, key: `${n % 7}`, payload: { n } })),
  )
  await until(() => done.length >= 300)
  expect(done.sort((a, b) => a - b)).toEqual(wanted)
})

test('never runs more of one key than its share', async () => {
  let [now, most, done] = [0, 0, 0]
  const run = async () => {
    most = Math.max(most, ++now)
    await sleep(5)
    now--
    done++
  }
  startWorker({ run, concurrency: 10, share: 2 })
  startWorker({ run, concurrency: 10, share: 2 })
  await enqueueAll(
    database.system,
    Array.from({ length: 40 }, () => ({ workspace_id, queue, key: 'a' })),
  )
  await until(() => done === 40)
  expect(most).toBeLessThanOrEqual(2)
})

test('does again what a process took with it when it died', async () => {
  const id = await ask()
  await lease(database.system, { queue, limit: 1, share: 1, seconds: 0.2 })
  await sleep(300)
  const done: number[] = []
  startWorker({ run: async job => void done.push(job.attempt) })
  await reap(database.system)
  await until(async () => (await stateOf(id)).state === 'done')
  expect(done).toEqual([1])
})

test('keeps its lease on work that takes longer than one', async () => {
  let runs = 0
  const run = async () => {
    runs++
    await sleep(4000)
  }
  // Long enough that a busy machine, too, renews it in time.
  startWorker({ run, lease_seconds: 2 })
  startWorker({ run, lease_seconds: 2 })
  const id = await ask()
  await until(async () => (await stateOf(id)).state === 'done')
  expect(runs).toBe(1)
})

test('tells work that is cancelled to stop, and shows how far it came', async () => {
  let stopped = false
  startWorker({
    run: async (_job, { signal, progress }) => {
      await progress({ rows: 10 })
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      stopped = true
      throw new Error('stopped')
    },
  })
  const id = await ask()
  await until(async () => (await stateOf(id)).progress)
  await cancel(database.system, workspace_id, id)
  await until(() => stopped)
  expect(await stateOf(id)).toMatchObject({ state: 'cancelled', progress: { rows: 10 }, error: null })
})

test('waits for what runs when it is stopped, and takes nothing new', async () => {
  const started: number[] = []
  let end = () => {}
  const worker = startWorker({
    concurrency: 1,
    run: job => {
      started.push(job.payload.n)
      return new Promise<void>(resolve => {
        end = resolve
      })
    },
  })
  const [first, second] = [await ask(1), await ask(2)]
  await until(() => started.length === 1)
  let stopped = false
  const stopping = worker.stop().then(() => {
    stopped = true
  })
  await sleep(200)
  expect(stopped).toBe(false)
  end()
  await stopping
  expect(started).toEqual([1])
  expect(await stateOf(first)).toMatchObject({ state: 'done' })
  expect(await stateOf(second)).toMatchObject({ state: 'queued', attempt: 0 })
})

test('gives back what does not end in time, without counting an attempt', async () => {
  let started = false
  const worker = startWorker({
    run: async (_job, { signal }) => {
      started = true
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      throw new Error('aborted')
    },
  })
  const id = await ask()
  await until(() => started)
  await worker.stop(50)
  expect(await stateOf(id)).toMatchObject({ state: 'queued', attempt: 0, error: null })
})

test('hears again after the database cut its connection', async () => {
  const admin = open(database.url)
  const cut = () => admin`
    select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = current_database()`
  const done: number[] = []
  startWorker({
    run: async job => {
      done.push(job.payload.n)
    },
  })
  await until(async () => (await cut()).length > 0)
  await sleep(500)
  await ask(2)
  await until(() => done.length === 1)
  await admin.end()
})

test('hears what comes after the database was away, also when it was away from the beginning', async () => {
  const cable = await layCable(database.url)
  const far = connect(cable.url, { connections: 2 })
  cable.cut()
  const done: number[] = []
  const worker = startWorker({ run: async job => void done.push(job.payload.n) }, far.system)
  await sleep(1500)
  cable.mend()
  await ask(1)
  await until(() => done.length === 1)
  await sleep(3000) // it looked once when it came back; from now on it has to be told
  await ask(2)
  await until(() => done.length === 2)
  cable.cut()
  await sleep(1500)
  cable.mend()
  await sleep(3000)
  await ask(3)
  await until(() => done.length === 3)
  await worker.stop(0)
  await far.close()
  await cable.stop()
})
