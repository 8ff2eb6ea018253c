import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { freshDatabase, makeTenant } from '../../test/app.ts'
import type { Database } from '../database/connect.ts'
import { SCHEDULE } from '../schedule.ts'
import { keepTime, runNext, type Task } from './periodic.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
})
const quiet = { error: () => {} }

async function keepTwoUntil(tasks: Task[], condition: () => unknown) {
  const processes = [keepTime(database.system, tasks, { log: quiet }), keepTime(database.system, tasks, { log: quiet })]
  while (!(await condition())) await sleep(10)
  await sleep(200)
  await Promise.all(processes.map(({ stop }) => stop()))
}

test('of two processes one does a task', async () => {
  let runs = 0
  const run = () => sleep(50).then(() => runs++)
  await keepTwoUntil([['once', '1 hour', run]], () => runs > 0)
  expect(runs).toBe(1)
})

test('a task is done again and again', async () => {
  let runs = 0
  await keepTwoUntil([['often', '20 ms', async () => void runs++]], () => runs >= 5)
})

test('a task that fails keeps its error and holds up no other', async () => {
  let runs = 0
  const failing = async () => {
    throw new Error('no space left')
  }
  await keepTwoUntil(
    [
      ['fails', '1 day', failing],
      ['works', '1 day', async () => void runs++],
    ],
    () => runs === 1,
  )
  const [row] = await database.system`
    select last_error, next_run_at < now() + interval '6 minutes' as soon from periodic_work where name = 'fails'`
  expect(row).toEqual({ last_error: 'no space left', soon: true })
})

test('a task whose process died is taken over when its lease has run out', async () => {
  let runs = 0
  const tasks: Task[] = [['orphan', '1 day', async () => void runs++]]
  await database.system`insert into periodic_work (name, lease_until) values ('orphan', now() + interval '1 minute')`
  expect(await runNext(database.system, tasks)).toBeUndefined()
  await database.system`update periodic_work set lease_until = now() - interval '1 s' where name = 'orphan'`
  expect(await runNext(database.system, tasks)).toBe('orphan')
  expect(runs).toBe(1)
})

test('everything on the schedule works on a real database and forgets only what is old', async () => {
  const { system } = database
  const { workspace_id } = await makeTenant(database, 'Acme')
  const hash = () => Buffer.from(crypto.randomUUID())
  const [user] = await system`insert into users (email, name) values ('sally@example.com', 'Sally') returning id`
  for (const age of ['0', '40 days']) {
    const at = system`now() - ${age}::interval`
    await system`insert into message_ids values (${workspace_id}, gen_random_uuid(), ${at})`
    await system`insert into idempotency_keys (workspace_id, key, request_hash, created_at) values (${workspace_id}, ${age}, '', ${at})`
    await system`insert into event_refusals (workspace_id, code, message, received_at) values (${workspace_id}, 'x', 'x', ${at})`
    await system`insert into jobs (workspace_id, queue, key, state, finished_at) values (${workspace_id}, 'q', 'k', 'done', ${at})`
    await system`insert into mails (workspace_id, to_address, subject, body, created_at) values (${workspace_id}, 'sally@example.com', 'x', 'x', ${at} - ${age}::interval * 2)`
    await system`insert into user_sessions (token_hash, user_id, expires_at) values (${hash()}, ${user!.id}, ${at} + interval '1 hour')`
    await system`insert into sign_in_links (token_hash, purpose, expires_at) values (${hash()}, 'first_owner', ${at} + interval '1 hour')`
    await system`insert into daily_salts (day, salt) values ((${at})::date, '')`
  }
  for (const [, , run] of SCHEDULE) await run(system)
  for (const table of [
    'message_ids',
    'idempotency_keys',
    'event_refusals',
    'jobs',
    'user_sessions',
    'sign_in_links',
    'daily_salts',
    'mails',
  ])
    expect([table, (await system`select 1 from ${system(table)}`).length]).toEqual([table, 1])
  const partitions = await system`select 1 from pg_inherits where inhparent = 'events'::regclass`
  expect(partitions.length).toBeGreaterThanOrEqual(4)
})
