import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { deskOf, somebody } from './desk.fixture.ts'
import { processEach } from './intake.ts'
import { readStored } from './stored.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

/** So many leads for each of so many workspaces, stored and not processed. */
async function waiting(workspaces: number, each: number) {
  const { system } = fresh.database
  const ids: number[] = []
  for (let k = 0; k < workspaces; k++) {
    const desk = deskOf(fresh, await fresh.another(`Tenant ${k}`))
    const to = await desk.make({ capture: true, dedupe_hours: 24, cap_day: 1000, cap_hour: 1000 })
    for (let n = 0; n < each; n++) ids.push((await desk.send(to, somebody())).json<{ delivery_id: number }>().delivery_id)
    await desk.ask('PATCH', `/intake-webhooks/${to.id}`, { capture: false })
  }
  await system`update intake_deliveries set state = 'received' where id = any(${ids}::bigint[])`
  return readStored(system, system`d.id = any(${ids}::bigint[])`)
}

/** How many statements the database is sent from here on. */
function counted() {
  const { system } = fresh.database
  let statements = 0
  const count = (sql: object): object =>
    new Proxy(sql, {
      apply: (target, self, given) => {
        // A piece of a statement is built by the same function; only those that run are counted, by what they begin with.
        if (Array.isArray(given[0]) && /^\s*(select|insert|update|with|delete)\b/.test(String(given[0][0]))) statements++
        return Reflect.apply(target as never, self, given)
      },
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown
        if (name === 'begin')
          return (work: (sql: object) => unknown) =>
            (value as (work: unknown) => unknown).call(target, (inner: object) => work(count(inner)))
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  return { sql: count(system) as typeof system, statements: () => statements }
}

test('a batch of many leads of many workspaces takes as many statements as one lead', async () => {
  const numbers = visitorNumbers()
  const [one, many] = [await waiting(1, 1), await waiting(4, 15)]
  const [for_one, for_many] = [counted(), counted()]
  await processEach(for_one.sql, numbers, one)
  await processEach(for_many.sql, numbers, many)
  expect(for_one.statements()).toBeGreaterThan(15)
  expect(for_many.statements()).toBe(for_one.statements())
  const rows = await fresh.database.system<{ workspace_id: number; leads: number; contacts: number }[]>`
    select l.workspace_id, count(*)::int as leads, count(distinct l.contact_id)::int as contacts
      from leads l
     where l.delivery_id = any(${many.map(waiting => waiting.id)}::bigint[])
     group by l.workspace_id`
  expect(rows.map(({ leads, contacts }) => [leads, contacts])).toEqual(Array(4).fill([15, 15]))
})
