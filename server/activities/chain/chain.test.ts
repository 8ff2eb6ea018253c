import type postgres from 'postgres'
import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { basic, batch, bearer, identify, john, sally } from '../../../test/people.ts'
import { READERS } from '../../work.ts'
import { redactActivities } from '../redact.ts'
import { relay } from '../relay.ts'
import { chainEarlier } from './earlier.ts'
import { verifyChain } from './verify.ts'

let fresh: FreshApp
let rival: Tenant
let system: postgres.Sql

beforeAll(async () => {
  fresh = await freshApp()
  system = fresh.database.system
  rival = await fresh.another()
  for (const tenant of [fresh, rival]) {
    for (const name of ['Anna', 'Ben', 'Cleo']) {
      const { id } = await post('/api/v1/contacts', { email: `${name}@example.com`, first_name: name }, bearer(tenant.secret_key))
      await post(`/api/v1/contacts/${id}/tags`, { names: [name] }, bearer(tenant.secret_key))
    }
    const people = batch(
      identify({ anonymousId: john.laptop, userId: john.user_id, traits: { email: john.email } }),
      identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: { email: sally.email } }),
    )
    await post('/v1/batch', people, basic(tenant.write_key))
  }
  await tellAll()
})

async function post(url: string, payload: object, headers: Record<string, string>) {
  const answer = await fresh.app.inject({ method: 'POST', url, payload, headers })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<{ id: number }>()
}
const tellAll = async () => {
  while (await relay(system, READERS));
}
const problems = async (sql: postgres.Sql | postgres.TransactionSql = system, workspace_id = fresh.workspace_id) =>
  (await verifyChain(sql, workspace_id)).problems

/** What is found after `tamper`, which is taken back. */
async function foundAfter(tamper: (sql: postgres.TransactionSql) => Promise<unknown>) {
  let found: Awaited<ReturnType<typeof problems>> = []
  await system
    .begin(async sql => {
      await tamper(sql)
      found = await problems(sql)
      throw new Error('take it back')
    })
    .catch(error => {
      if (error.message !== 'take it back') throw error
    })
  return found
}

test('the chain of each workspace has every activity once and is whole, also when much is changed at once', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, k) =>
      post('/api/v1/contacts', { email: `many${k}@example.com` }, bearer((k % 2 ? fresh : rival).secret_key)),
    ),
  )
  await tellAll()
  for (const { workspace_id } of [fresh, rival]) {
    const verdict = await verifyChain(system, workspace_id)
    const [row] = await system<{ count: number }[]>`
      select count(*)::int as count from activities where workspace_id = ${workspace_id}`
    expect(verdict).toMatchObject({ problems: [], position: row!.count, redacted: 0 })
  }
})

describe('what somebody does to the tables behind the back of the server is found, and where:', () => {
  const id = async (offset = 5) => {
    const [row] = await system<{ id: number }[]>`
      select id from activities where workspace_id = ${fresh.workspace_id} order by id offset ${offset} limit 1`
    return row!.id
  }
  const ours = () => system`workspace_id = ${fresh.workspace_id}`

  test('any column of any activity is changed', async () => {
    const rows = await system<{ id: number }[]>`select id from activities where ${ours()} order by id`
    const changes = [
      `after = coalesce(after, '{}') || '{"x": 1}'`,
      `before = '{"first_name": "Nobody"}'`,
      `actor = actor || '{"name": "Somebody else"}'`,
      `actor = actor || '{"kind": "system"}' || '{"id": 77}'`,
      `at = at + interval '1 microsecond'`,
      `action = 'contact.created.not'`,
      `contact_id = coalesce(contact_id, 0) + 1`,
      `visitor_id = coalesce(visitor_id, 0) + 1`,
      `subject_id = '987654'`,
    ]
    for (const [k, { id }] of rows.entries()) {
      const change = changes[k % changes.length]!
      const found = await foundAfter(sql => sql.unsafe(`update activities set ${change} where id = ${id}`))
      expect([change, found]).toEqual([change, [expect.objectContaining({ activity_id: id })]])
    }
    expect(rows.length).toBeGreaterThan(changes.length * 2)
  })

  test('an activity is deleted, alone or with its link', async () => {
    const gone = await id()
    expect(await foundAfter(sql => sql`delete from activities where id = ${gone}`)).toMatchObject([
      { activity_id: gone, what: 'the activity is gone' },
    ])
    const found = await foundAfter(async sql => {
      await sql`delete from activities where id = ${gone}`
      await sql`delete from audit_chain where activity_id = ${gone}`
    })
    expect(found[0]!.what).toBe('1 links before it are gone')
  })

  test('an activity is put in, or two change places', async () => {
    const put_in = await foundAfter(
      sql => sql`
        insert into activities (workspace_id, action, actor, told) values (${fresh.workspace_id}, 'contact.updated', '{"kind": "user"}', true)`,
    )
    expect(put_in).toMatchObject([{ what: expect.stringContaining('it is in no link') }])
    const [one, other] = [await id(4), await id(6)]
    const swapped = await foundAfter(async sql => {
      const move = (from: number, to: number) =>
        sql`update audit_chain set activity_id = ${to} where ${ours()} and activity_id = ${from}`
      await move(one, -1)
      await move(other, one)
      await move(-1, other)
    })
    expect(swapped.map(({ activity_id }) => activity_id).sort()).toEqual([one, other].sort())
  })

  test('the newest are cut off, and the end is not set back', async () => {
    const found = await foundAfter(async sql => {
      const cut = await sql<{ activity_id: number }[]>`
        delete from audit_chain where ${ours()} and position > (select max(position) - 3 from audit_chain where ${ours()}) returning activity_id`
      await sql`delete from activities where id = any(${cut.map(row => row.activity_id)}::bigint[])`
    })
    expect(found).toMatchObject([{ what: expect.stringContaining('the chain ends here') }])
  })

  test('a change is made to look like an erasure', async () => {
    const [row] = await system<{ id: number }[]>`select id from activities where ${ours()} and action = 'contact.created' limit 1`
    const found = await foundAfter(async sql => {
      await sql`update activities set before = null, after = null where id = ${row!.id}`
      await sql`update audit_chain set salt = null, redacted_for = 1 where activity_id = ${row!.id}`
    })
    expect(found).toMatchObject([{ what: expect.stringContaining('no activity says so') }])
  })
})

test('an erasure leaves the chain whole and nothing of the person, neither in the history nor to be tried out', async () => {
  const { id } = await post(
    '/api/v1/contacts',
    { email: 'erase.me@example.com', first_name: 'Erasmus' },
    bearer(fresh.secret_key),
  )
  await tellAll()
  await system.begin(sql => redactActivities(sql, fresh.workspace_id, [id]))
  await tellAll()
  expect((await verifyChain(system, fresh.workspace_id)).problems).toEqual([])
  const rows = await system<{ text: string; salt: Buffer | null }[]>`
    select row_to_json(a)::text as text, c.salt
      from activities a join audit_chain c on c.workspace_id = a.workspace_id and c.activity_id = a.id
     where a.workspace_id = ${fresh.workspace_id} and a.contact_id = ${id}`
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.filter(row => row.salt !== null || /erase\.me|Erasmus/i.test(row.text))).toEqual([])
  const later = await foundAfter(sql => sql`update activities set after = '{"first_name": "Other"}' where contact_id = ${id}`)
  expect(later[0]!.what).toContain('still something stands there')
})

test('what was told before there was a chain is chained behind what came since, and counts as whole meanwhile', async () => {
  const { workspace_id, secret_key } = await fresh.another('Old')
  for (let k = 0; k < 5; k++) await post('/api/v1/contacts', { email: `old${k}@example.com` }, bearer(secret_key))
  await system`update activities set told = true where workspace_id = ${workspace_id}`
  await system`
    insert into audit_heads (workspace_id, earlier_after, earlier_until)
    select workspace_id, 0, max(id) from activities where workspace_id = ${workspace_id} group by 1`
  await post('/api/v1/contacts', { email: 'new@example.com' }, bearer(secret_key))
  await tellAll()
  expect(await problems(system, workspace_id)).toEqual([])
  await chainEarlier(system)
  const verdict = await verifyChain(system, workspace_id)
  const [row] = await system<{ count: number }[]>`
    select count(*)::int as count from activities where workspace_id = ${workspace_id}`
  expect(verdict).toMatchObject({ problems: [], position: row!.count })
})
