import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { layCable } from '../../test/cable.ts'
import { basic, batch, john, sally, sarah, track } from '../../test/people.ts'
import { connect, open } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { recordActivities } from './record.ts'
import { keepTelling, relay } from './relay.ts'
import type { Reader, Told } from './told.ts'

// Readers here write down what they hear, in the transaction in which they hear it: what is rolled back was not heard.

let fresh: FreshApp
let system: postgres.Sql
let started: { stop(): Promise<void> }[] = []
const complaints: string[] = []
const log = {
  warn: (_: object, sentence: string) => void complaints.push(sentence),
  error: (_: object, sentence: string) => void complaints.push(sentence),
}

beforeAll(async () => {
  fresh = await freshApp()
  system = fresh.database.system
  const owner = open(fresh.database.url)
  await owner`create table heard (reader text, activity_id bigint, event_id bigint, event text)`
  await owner`grant all on heard to throughline_system`
  await owner.end()
})
beforeEach(async () => {
  while (await relay(system, {}, log));
  await system`delete from heard`
  await system`delete from jobs`
  complaints.length = 0
})
afterEach(async () => {
  await Promise.all(started.map(loop => loop.stop()))
  started = []
})

/** Hears everything, of events those that lie in the batches. */
function listener(reader: string, { before }: { before?: (told: Told, sql: postgres.TransactionSql) => unknown } = {}): Reader {
  return async (sql, told) => {
    await before?.(told, sql)
    await sql`
      insert into heard (reader, activity_id) select ${reader}, id from unnest(${told.activities.map(({ id }) => id)}::bigint[]) as id`
    await sql`
      insert into heard (reader, event_id, event)
      select ${reader}, e.id, e.event
        from jsonb_to_recordset(${JSON.stringify(told.batches)}::text::jsonb)
          as b(workspace_id int, first_event bigint, last_event bigint, from_time timestamptz, to_time timestamptz)
        join events e on e.workspace_id = b.workspace_id and e.id between b.first_event and b.last_event
                     and e.occurred_at between b.from_time and b.to_time`
  }
}

const heard = async (reader = 'all') =>
  (
    await system<{ id: number }[]>`
    select activity_id as id from heard where reader = ${reader} and activity_id is not null order by activity_id`
  ).map(({ id }) => id)
const heardEvents = async (reader = 'all') =>
  (
    await system<{ event: string }[]>`
    select event from heard where reader = ${reader} and event_id is not null order by event`
  ).map(({ event }) => event)

/** A change as any verb makes it, with something in between when asked for. Returns the ids of its activities. */
async function change(count = 1, { meanwhile }: { meanwhile?: (sql: postgres.TransactionSql) => Promise<unknown> } = {}) {
  return inWorkspace(fresh.database, fresh.workspace_id, async sql => {
    const actor = { kind: 'system' }
    const activities = Array.from({ length: count }, (_, k) => ({ action: 'contact.updated', actor, subject_id: k }))
    await recordActivities(sql, fresh.workspace_id, activities)
    await meanwhile?.(sql)
    const rows = await sql<{ id: number }[]>`
      select id from activities where workspace_id = ${fresh.workspace_id} and xmin = pg_current_xact_id()::xid order by id`
    return rows.map(({ id }) => id)
  })
}
const send = async (messages: unknown[], write_key = fresh.write_key) => {
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    payload: batch(...messages),
    headers: basic(write_key),
  })
  expect(answer.statusCode).toBe(200)
}

function start(readers = { all: listener('all') }, sql = system, poll_ms = 1000) {
  const loop = keepTelling(sql, readers, { log, poll_ms })
  started.push(loop)
  return loop
}
async function until<T>(read: () => Promise<T>, wanted: T) {
  for (let k = 0; k < 1000 && JSON.stringify(await read()) !== JSON.stringify(wanted); k++) await sleep(10)
  expect(await read()).toEqual(wanted)
}
function signal() {
  let give = () => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { give, given }
}

describe('what is committed is told', () => {
  test('once, to every reader, and not again', async () => {
    const ids = await change(3)
    const readers = { one: listener('one'), other: listener('other') }
    await relay(system, readers, log)
    await relay(system, readers, log)
    expect(await heard('one')).toEqual(ids)
    expect(await heard('other')).toEqual(ids)
  })

  test('as soon as it commits, without waiting for the next look', async () => {
    start(undefined, undefined, 600_000)
    await sleep(200)
    const ids = await change()
    await until(heard, ids)
    await send([track('woken', { anonymousId: john.laptop })])
    await until(heardEvents, ['woken'])
  })

  test('and what is rolled back is not', async () => {
    await change(1, { meanwhile: () => Promise.reject(new Error('no')) }).catch(() => {})
    await relay(system, { all: listener('all') }, log)
    expect(await heard()).toEqual([])
  })

  test('with the events of a transaction, of each workspace its own, and none of bots', async () => {
    const other = await fresh.another()
    const robot = { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }
    await Promise.all([
      send([
        track('a', { anonymousId: sally.laptop }),
        track('b', { anonymousId: sarah.laptop, timestamp: '2025-03-01T10:00:00.123Z' }),
      ]),
      send([track('c', { anonymousId: sally.laptop })], other.write_key),
      send([track('of a robot', { anonymousId: 'robot', context: robot })]),
    ])
    const batches: Told['batches'] = []
    await relay(system, { all: listener('all', { before: told => batches.push(...told.batches) }) }, log)
    expect((await heardEvents()).filter(event => event !== 'of a robot')).toEqual(['a', 'b', 'c'])
    expect(new Set(batches.map(({ workspace_id }) => workspace_id))).toEqual(new Set([fresh.workspace_id, other.workspace_id]))
    await send([track('of a robot', { anonymousId: 'robot', context: robot })])
    expect(await system`select from event_batches`).toHaveLength(0)
  })

  test('however much it is, in rounds', async () => {
    const ids = await change(2500)
    start()
    await until(async () => (await heard()).length, ids.length)
    expect(await heard()).toEqual(ids)
  })
})

describe('nothing is lost and nothing is told twice', () => {
  test('when an earlier transaction commits after a later one', async () => {
    const [begun, finish] = [signal(), signal()]
    const early = change(1, { meanwhile: () => Promise.resolve(begun.give()).then(() => finish.given) })
    await begun.given
    const late = await change()
    await relay(system, { all: listener('all') }, log)
    expect(await heard()).toEqual(late)
    finish.give()
    const first = await early
    expect(first[0]!).toBeLessThan(late[0]!)
    await relay(system, { all: listener('all') }, log)
    expect(await heard()).toEqual([...first, ...late])
  })

  test('when nobody was there to tell it', async () => {
    const ids = await change(2)
    await send([track('unattended', { anonymousId: john.laptop })])
    start()
    await until(heard, ids)
    await until(heardEvents, ['unattended'])
  })

  test('when the connection dies in the middle of telling', async () => {
    const admin = open(fresh.database.url)
    const ids = await change(2)
    await send([track('cut', { anonymousId: john.laptop })])
    let killed = 0
    const dies = async (_: Told, sql: postgres.TransactionSql) => {
      if (killed++ > 0) return
      const [me] = await sql`select pg_backend_pid() as pid`
      await admin`select pg_terminate_backend(${me!.pid})`
    }
    const readers = { steady: listener('steady'), all: listener('all', { before: dies }) }
    await expect(relay(system, readers, log)).rejects.toThrow()
    expect(await system`select from activities where not told`).toHaveLength(2)
    expect(await system`select from event_batches`).toHaveLength(1)
    expect(await heard('steady')).toEqual([])
    await relay(system, readers, log)
    expect(await heard('steady')).toEqual(ids)
    expect(await heard()).toEqual(ids)
    expect(await heardEvents()).toEqual(['cut'])
    expect(await system`select from jobs`).toHaveLength(0)
    await admin.end()
  })

  test('when several processes tell at once', async () => {
    const other = connect(fresh.database.url, { connections: 4 })
    start()
    start(undefined, other.system)
    const changes = await Promise.all(Array.from({ length: 40 }, (_, k) => change(1 + (k % 5))))
    const ids = changes.flat().sort((one, next) => one - next)
    await until(async () => (await heard()).length, ids.length)
    await sleep(200)
    expect(await heard()).toEqual(ids)
    await Promise.all(started.splice(0).map(loop => loop.stop()))
    await other.close()
  })

  test('when the loop is stopped and another one goes on', async () => {
    const loop = start()
    const [first] = await change()
    await until(heard, [first!])
    await loop.stop()
    const [second] = await change()
    await sleep(100)
    expect(await heard()).toEqual([first])
    start()
    await until(heard, [first!, second!])
  })

  test('when the database goes away under a loop that waits', async () => {
    const cable = await layCable(fresh.database.url)
    const far = connect(cable.url, { connections: 4 })
    start(undefined, far.system, 50)
    await sleep(200)
    cable.cut()
    const ids = await change()
    await expect
      .poll(() => complaints)
      .toContain('What happened could not be told; everything is as before, and it is tried again.')
    expect(await heard()).toEqual([])
    cable.mend()
    await until(heard, ids)
    await Promise.all(started.splice(0).map(loop => loop.stop()))
    await far.close()
    await cable.stop()
  })
})

describe('what a reader cannot take', () => {
  test('holds nobody else, and is told again when the reader can', async () => {
    const ids = await change(20)
    const bad = ids[13]!
    let is_mended = false
    const fails = ({ activities }: Told) => {
      if (!is_mended && activities.some(({ id }) => id === bad)) throw new Error('I cannot read this.')
    }
    const readers = { picky: listener('picky', { before: fails }), all: listener('all') }
    await relay(system, readers, log)
    expect(await heard()).toEqual(ids)
    expect(await heard('picky')).toEqual(ids.filter(id => id !== bad))
    expect(complaints).toEqual(['A reader failed at this; it is told to it again later.'])
    expect(await system`select workspace_id, queue, key, payload from jobs`).toEqual([
      { workspace_id: fresh.workspace_id, queue: 'tell', key: 'picky', payload: { reader: 'picky', activity_id: bad } },
    ])
    is_mended = true
    await system`update jobs set run_at = now()`
    start(readers)
    await until(() => heard('picky'), ids)
    expect(await heard()).toEqual(ids)
    await until(async () => (await system<{ state: string }[]>`select state from jobs`).map(({ state }) => state), ['done'])
  })

  test('of a batch is one event, and the others are told', async () => {
    await send(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => track(name, { anonymousId: john.laptop })))
    const [bad] = await system<{ id: number }[]>`
      select id from events where workspace_id = ${fresh.workspace_id} and event = 'e' order by id desc limit 1`
    let is_mended = false
    const fails = ({ batches }: Told) => {
      const has_it = batches.some(({ first_event, last_event }) => first_event <= bad!.id && last_event >= bad!.id)
      if (!is_mended && has_it) throw new Error('I cannot read this.')
    }
    const readers = { all: listener('all', { before: fails }) }
    await relay(system, readers, log)
    expect(await heardEvents()).toEqual(['a', 'b', 'c', 'd', 'f', 'g'])
    is_mended = true
    await system`update jobs set run_at = now()`
    start(readers)
    await until(heardEvents, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  })

  test('because its statement is wrong, is put aside as well', async () => {
    const ids = await change(3)
    const fails = async ({ activities }: Told, sql: postgres.TransactionSql) => {
      await sql`select 1 / ${activities.some(({ id }) => id === ids[0]) ? 0 : 1}::int`
    }
    await relay(system, { all: listener('all', { before: fails }) }, log)
    expect(await heard()).toEqual(ids.slice(1))
    expect(await system`select from jobs where queue = 'tell'`).toHaveLength(1)
  })

  test('is tried again and again', async () => {
    const [id] = await change()
    const readers = { all: listener('all', { before: () => Promise.reject(new Error('Still not.')) }) }
    await relay(system, readers, log)
    await system`update jobs set run_at = now()`
    start(readers)
    const job = async () => (await system`select state, attempt, error, run_at > now() as waits from jobs`)[0]
    await until(job, { state: 'queued', attempt: 1, error: 'Still not.', waits: true })
    expect(await heard()).toEqual([])
    expect((await system`select payload from jobs`)[0]!.payload).toEqual({ reader: 'all', activity_id: id })
  })
})
