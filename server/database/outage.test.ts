import type postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/app.ts'
import { type Cable, layCable } from '../../test/cable.ts'
import { connect, type Database, open, type Sql } from './connect.ts'
import { turnstile } from './in-turn.ts'

// What becomes of a transaction whose connection is lost. An error that nobody could catch would end this process, and the test run.

let cable: Cable
let direct: Database
let database: Database
let owner: postgres.Sql

beforeAll(async () => {
  direct = await freshDatabase()
  cable = await layCable(direct.url)
  owner = open(direct.url, undefined, 2)
  database = connect(cable.url, { connections: 4 })
})

afterAll(async () => {
  await database.close()
  await owner.end()
  await cable.stop()
})

const lost = expect.objectContaining({ code: expect.stringMatching(/^(08|CONNECTION_|ECONN|EPIPE|57P0)/) })

const asleep = async () =>
  (await owner`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`).length

describe.each(['end', 'reset'] as const)('a connection that is lost by %s', how => {
  // The database itself does not notice before its answer is due.
  afterEach(
    () =>
      owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
  )

  test('while its statement runs fails the transaction, and the next one works', async () => {
    const transaction = database.app.begin(sql => sql`select pg_sleep(60)`)
    await expect.poll(asleep).toBe(1)
    cable.cut(how)
    await expect(transaction).rejects.toEqual(lost)
    cable.mend()
    expect(await inTime(() => database.app`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('between two statements of a transaction fails the second one, and the next transaction works', async () => {
    const transaction = database.app.begin(async sql => {
      await sql`select 1`
      cable.cut(how)
      await new Promise(resolve => setTimeout(resolve, 200))
      await sql`select 2`
    })
    await expect(transaction).rejects.toEqual(lost)
    cable.mend()
    const work = () => database.app.begin(sql => sql`select 3 as three`)
    expect(await inTime(work)).toEqual([{ three: 3 }])
  })

  test('under many transactions at once fails each of them, and leaves no connection that never works again', async () => {
    let failed = 0
    const transactions = Array.from({ length: 20 }, (_, k) =>
      database.app
        .begin(async sql => {
          await Promise.all([sql`select pg_sleep(0.05)`, sql`select ${k}::int`, sql`select ${'x'.repeat(3000)}::text`])
          await sql`select pg_sleep(0.3)`
        })
        .then(
          () => 'done',
          (error: { code?: string; message: string }) => {
            failed++
            return error.code ?? error.message
          },
        ),
    )
    await expect.poll(asleep, { interval: 10 }).toBe(4)
    cable.cut(how)
    await expect.poll(() => failed).toBeGreaterThanOrEqual(4)
    cable.mend()
    const ends = await Promise.all(transactions)
    expect(ends.filter(end => end !== 'done' && !/^(08|CONNECTION_|ECONN|EPIPE|57P0)/.test(end))).toEqual([])
    const all = () => Promise.all(Array.from({ length: 8 }, () => database.app.begin(sql => sql`select pg_sleep(0.05)`)))
    expect(await inTime(all)).toHaveLength(8)
  })
})

describe('who goes on after their connection was lost', () => {
  let one: postgres.Sql
  beforeAll(async () => {
    one = open(cable.url)
    await owner`create table kept (who text)`
  })
  afterAll(() => one.end())

  const kept = () => owner<{ who: string }[]>`select who from kept`

  test('ends nothing of whoever has a connection in that place now, and is refused', async () => {
    const [begun, goOn] = [gate(), gate()]
    let late: unknown
    const lost_one = one.begin(async sql => {
      await sql`select 1`
      begun.open()
      await goOn.opened
      late = await sql`insert into kept values ('late')`.catch(error => error)
    })
    await begun.opened
    cable.cut('end')
    await expect(lost_one).rejects.toEqual(lost)
    cable.mend()
    const next = one.begin(async sql => {
      await sql`insert into kept values ('next')`
      goOn.open()
      await expect.poll(() => late).toBeDefined()
      await new Promise(resolve => setTimeout(resolve, 100))
      throw new Error('changed my mind')
    })
    await expect(next).rejects.toThrow('changed my mind')
    expect(late).toEqual(lost)
    expect(await kept()).toEqual([])
    expect(await one`select 1 as one`).toEqual([{ one: 1 }])
  })

  test('waits for no statement that nobody will answer', async () => {
    let statements: Promise<unknown>[] = []
    const lost_one = one.begin(async sql => {
      // The second one has to be described, so the third waits in this process.
      statements = [sql`select pg_sleep(60)`, sql`select ${1}::int`, sql`select ${2}::bigint`].map(statement =>
        statement.execute(),
      )
      await Promise.all(statements)
    })
    await expect.poll(asleep).toBe(1)
    cable.cut()
    await expect(lost_one).rejects.toEqual(lost)
    expect(await Promise.allSettled(statements)).toEqual(Array(3).fill({ status: 'rejected', reason: lost }))
    cable.mend()
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`
  })

  test('by a connection of their own is refused, too, and gives back none that is gone', async () => {
    const own = await one.reserve()
    await own`begin`
    cable.cut('end')
    await expect.poll(() => own`select 1`.catch(error => error)).toEqual(lost)
    cable.mend()
    const next = one.begin(async sql => {
      await sql`insert into kept values ('next')`
      await expect(own`commit`).rejects.toEqual(lost)
      own.release()
      throw new Error('changed my mind')
    })
    await expect(next).rejects.toThrow('changed my mind')
    expect(await kept()).toEqual([])
    expect(await one`select 1 as one`).toEqual([{ one: 1 }])
  })

  test.each(['reads on', 'stops'])('amid a cursor and %s is told so, and takes nothing along', async how => {
    let seen = 0
    const walk = async () => {
      for await (const rows of one`select generate_series(1, 100)`.cursor(10)) {
        seen += rows.length
        cable.cut('end')
        await expect.poll(() => one`select 1`.catch(error => error)).toEqual(lost)
        cable.mend()
        expect(await one`select 1 as one`).toEqual([{ one: 1 }])
        if (how === 'stops') break
      }
    }
    if (how === 'stops') await walk()
    else await expect(walk()).rejects.toEqual(lost)
    expect(seen).toBe(10)
    const answers = [one`select 1 as n`, one`select 2 as n`, one`select 3 as n`]
    expect((await Promise.all(answers)).map(([row]) => row!.n)).toEqual([1, 2, 3])
  })

  test('of somebody else, while they wait for one of their own, gets the next one', async () => {
    const lost_one = one.begin(sql => sql`select pg_sleep(60)`)
    await expect.poll(asleep).toBe(1)
    const waiting = one.reserve()
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`
    await expect(lost_one).rejects.toEqual(lost)
    const own = await waiting
    expect(await own`select 1 as one`).toEqual([{ one: 1 }])
    own.release()
  })

  test('is not told why somebody else’s connection was ended', async () => {
    const [{ pid }] = await one<[{ pid: number }]>`select pg_backend_pid() as pid`
    await owner`select pg_terminate_backend(${pid}, 10000)`
    await new Promise(resolve => setTimeout(resolve, 1_000))
    expect(await one`select 1 as one`).toEqual([{ one: 1 }])
  })
})

test('a transaction that is begun behind a hundred statements has its connection for itself', async () => {
  const one = open(direct.url)
  await one`select 1`
  const before = Array.from({ length: 100 }, () => one`select 1`.execute())
  const transaction = one.begin(async sql => {
    const [{ first }] = await sql<[{ first: string }]>`select pg_current_xact_id()::text as first`
    const [{ second }] = await sql<[{ second: string }]>`select pg_current_xact_id()::text as second`
    return first === second
  })
  expect(await transaction).toBe(true)
  await Promise.all(before)
  await one.end()
})

test('a connection that cannot even be begun fails its statement, and ends nothing else', async () => {
  const nowhere = open('postgres://nobody:nothing@255.255.255.255:5432/none')
  await expect(nowhere`select 1`).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) })
  await nowhere.end()
})

describe('a question that nobody waits for any more', () => {
  let keeper: postgres.ReservedSql
  beforeAll(async () => {
    keeper = await owner.reserve()
  })
  afterAll(() => keeper.release())

  const keep = (lock: number) => keeper`select pg_advisory_lock(${lock})`
  const free = (lock: number) => keeper`select pg_advisory_unlock(${lock})`
  const take = (lock: number) => (sql: Sql) => sql`select ${lock}::int as taken from pg_advisory_xact_lock(${lock})`
  const waiting = (lock: number) => owner<{ pid: number }[]>`
    select pid
      from pg_locks l
      join pg_stat_activity a using (pid)
     where locktype = 'advisory' and objid = ${lock} and not granted and datname = current_database()`
  const waitFor = (lock: number) => expect.poll(async () => (await waiting(lock)).length).toBe(1)

  test('is answered all the same when the database refuses its cancel, and the server lives on', async () => {
    const left = new AbortController()
    await keep(1)
    const question = turnstile({ ...direct, url: cable.url })(1, take(1), left.signal)
    await waitFor(1)
    cable.cut()
    left.abort()
    await free(1)
    expect(await question).toEqual([{ taken: 1 }])
    cable.mend()
  })

  test('keeps its connection until its cancel has arrived, so that it never hits the next one', async () => {
    const [run, left] = [turnstile(database, { at_once: 1 }), new AbortController()]
    await keep(2)
    await keep(3)
    const question = run(1, take(2), left.signal)
    const next = run(1, take(3))
    await waitFor(2)
    const [first] = await waiting(2)
    cable.hold()
    left.abort()
    await expect.poll(() => cable.held()).toBe(1)
    await free(2)
    // Its answer is there, and the cancel on its way: nobody has the connection, however often one looks.
    const stateOf = async () => (await owner`select state from pg_stat_activity where pid = ${first!.pid}`)[0]!.state
    await expect.poll(stateOf).toBe('idle in transaction')
    for (let k = 0; k < 20; k++) expect(await stateOf()).toBe('idle in transaction')
    cable.mend()
    expect(await question).toEqual([{ taken: 2 }])
    await waitFor(3)
    await free(3)
    expect(await next).toEqual([{ taken: 3 }])
  })
})

/** The pool waits a moment before it connects again, longer with each failure. */
async function inTime<T>(work: () => PromiseLike<T>): Promise<T> {
  for (const until = Date.now() + 20_000; ; ) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

function gate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}
