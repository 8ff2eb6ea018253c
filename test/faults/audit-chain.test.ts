import type postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { auditWorkspace } from '../../server/activities/chain/audit.ts'
import { makeCheckpoints } from '../../server/activities/chain/checkpoint.ts'
import { verifyChain } from '../../server/activities/chain/verify.ts'
import { recordActivities } from '../../server/activities/record.ts'
import { redactActivities } from '../../server/activities/redact.ts'
import { relay } from '../../server/activities/relay.ts'
import { READERS } from '../../server/work.ts'
import { type FreshApp, freshApp } from '../app.ts'
import { chainAnew } from '../chain.ts'
import { seeded } from '../seeded.ts'
import { figure, seed, sized } from './size.ts'

// Somebody who may write everything in the database does whatever chance wants to a history. Each time it is put right again afterwards.

const LENGTH = 60
const chance = seeded(seed)

let fresh: FreshApp
let system: postgres.Sql
beforeAll(async () => {
  fresh = await freshApp()
  system = fresh.database.system
  const others = await fresh.another()
  await record(others.workspace_id)
  await record(fresh.workspace_id)
  await system.begin(sql => redactActivities(sql, fresh.workspace_id, [ERASED]))
  await record(fresh.workspace_id)
  await makeCheckpoints(system, fresh.context.config)
})

const ERASED = 7

async function record(workspace_id: number) {
  await system.begin(sql =>
    recordActivities(
      sql,
      workspace_id,
      Array.from({ length: LENGTH }, (_, k) => change(k)),
    ),
  )
  while (await relay(system, READERS));
}

function change(k: number) {
  const words = () => ({ first_name: chance.text(5), revenue: chance.below(1000) })
  return {
    action: chance.pick(['contact.created', 'contact.updated', 'lead.assigned', 'key.revoked']),
    actor: { kind: chance.pick(['user', 'key', 'import', 'system']), id: chance.below(9), name: chance.text(4) },
    contact_id: k % 10 === 0 && k < 50 ? ERASED : 100 + chance.below(50),
    subject_id: chance.below(500),
    before: chance.happens(0.5) ? words() : null,
    after: words(),
  }
}

test('whatever is changed, deleted, put in, swapped, cut off or computed anew in a history is found', {
  timeout: 3_600_000,
}, async () => {
  const whole = await auditWorkspace(system, fresh.context.config, fresh.workspace_id)
  expect(whole).toMatchObject({ problems: [], checkpoints: 1, activities: await lengthOf() })
  expect(whole.redacted).toBe(5)

  const count = sized(25, 1000)
  const missed: string[] = []
  let only_signed = 0
  for (const [kind, tamper] of Object.entries(TAMPERINGS))
    for (let k = 0; k < count; k++) {
      const { done, by_chain, by_checkpoint } = await tamperedWith(tamper)
      if (!by_chain && by_checkpoint) only_signed++
      if (!by_chain && !by_checkpoint) missed.push(`${kind}: ${done}`)
      // The chain alone cannot tell these two, which is why there are checkpoints: were it found without, the test would not test them.
      if (['cut off', 'computed anew'].includes(kind) === by_chain) missed.push(`${kind}, found by the other: ${done}`)
    }
  figure('audit chain', {
    changes: count * Object.keys(TAMPERINGS).length,
    'found only by what was signed': only_signed,
    missed: missed.length,
  })
  expect(missed).toEqual([])
  expect((await auditWorkspace(system, fresh.context.config, fresh.workspace_id)).problems).toEqual([])
})

type Tamper = (sql: postgres.TransactionSql) => Promise<unknown>

async function tamperedWith(tamper: Tamper) {
  const found = { done: '', by_chain: false, by_checkpoint: false }
  const back = new Error('put it right again')
  await system
    .begin(async sql => {
      found.done = String(await tamper(sql))
      found.by_chain = (await verifyChain(sql, fresh.workspace_id)).problems.length > 0
      found.by_checkpoint = (await auditWorkspace(sql, fresh.context.config, fresh.workspace_id)).problems.length > 0
      throw back
    })
    .catch(error => {
      if (error !== back) throw error
    })
  return found
}

/** Each says what it did. */
const TAMPERINGS: Record<string, Tamper> = {
  changed: async sql => {
    const { id, salt } = await link(sql)
    // What was erased has no salt any more, so only what came back there is told, and what is not personal.
    const what = chance.pick(salt === null ? [...PLAIN, ...CONTENT] : [...PLAIN, ...CONTENT, ...PERSONAL])
    await sql.unsafe(`update activities set ${what} where workspace_id = ${fresh.workspace_id} and id = ${id}`)
    return `${what} of ${id}`
  },
  deleted: async sql => {
    const { id } = await link(sql)
    const what = chance.pick(['activity', 'link', 'both'])
    if (what !== 'link') await sql`delete from activities where workspace_id = ${fresh.workspace_id} and id = ${id}`
    if (what !== 'activity') await sql`delete from audit_chain where workspace_id = ${fresh.workspace_id} and activity_id = ${id}`
    return `${what} of ${id}`
  },
  'put in': async sql => {
    const [made] = await sql<{ id: number }[]>`
      insert into activities (workspace_id, action, actor, after, told)
      select workspace_id, action, actor, after, true from activities where id = ${(await link(sql)).id}
      returning id`
    if (chance.happens(0.3)) return `${made!.id} without a link`
    // In between, and those behind it move on.
    const { position } = await link(sql)
    await move(sql, position)
    await sql`
      insert into audit_chain (workspace_id, position, activity_id, salt, digest, hash)
      select workspace_id, ${position}, ${made!.id}, salt, digest, hash
        from audit_chain where workspace_id = ${fresh.workspace_id} and position = ${position + 1}`
    await sql`update audit_heads set position = position + 1 where workspace_id = ${fresh.workspace_id}`
    return `${made!.id} before ${position}`
  },
  swapped: async sql => {
    const [one, other] = [await link(sql), await link(sql)]
    if (one.id === other.id) return TAMPERINGS.swapped!(sql)
    const relink = (from: number, to: number) =>
      sql`update audit_chain set activity_id = ${to} where workspace_id = ${fresh.workspace_id} and activity_id = ${from}`
    await relink(one.id, -1)
    await relink(other.id, one.id)
    await relink(-1, other.id)
    return `${one.id} and ${other.id}`
  },
  'cut off': async sql => {
    const [said] = await sql<{ position: number }[]>`
      select c.position
        from audit_chain c join activities a on a.workspace_id = c.workspace_id and a.id = c.activity_id
       where c.workspace_id = ${fresh.workspace_id} and a.action = 'activity.redacted'`
    // What says that somebody was erased stays: without it the chain alone would tell.
    const last = said!.position + chance.below((await lengthOf(sql)) - said!.position)
    await sql`
      with cut as (delete from audit_chain where workspace_id = ${fresh.workspace_id} and position > ${last} returning activity_id)
      delete from activities a using cut where a.workspace_id = ${fresh.workspace_id} and a.id = cut.activity_id`
    await sql`
      update audit_heads h
         set position = c.position, hash = c.hash
        from audit_chain c
       where h.workspace_id = ${fresh.workspace_id} and c.workspace_id = h.workspace_id and c.position = ${last}`
    return `behind ${last}`
  },
  'computed anew': async sql => {
    // A link that is made anew needs some salt.
    await sql`update audit_chain set salt = '', redacted_for = null where workspace_id = ${fresh.workspace_id} and salt is null`
    const done = await TAMPERINGS[chance.pick(['changed', 'swapped'])]!(sql)
    await chainAnew(sql, fresh.workspace_id)
    return done
  },
}

const PLAIN = [
  `at = at + interval '1 microsecond'`,
  `action = action || '.not'`,
  `actor = actor || '{"kind": "nobody"}'`,
  `actor = actor || '{"id": 77}'`,
  `contact_id = coalesce(contact_id, 0) + 1`,
  `visitor_id = coalesce(visitor_id, 0) + 1`,
]
const CONTENT = [`after = coalesce(after, '{}') || '{"x": 1}'`, `before = coalesce(before, '{}') || '{"x": 1}'`]
const PERSONAL = [`actor = actor || '{"name": "Somebody else"}'`, `subject_id = '987654'`]

async function link(sql: postgres.TransactionSql) {
  const [row] = await sql<{ id: number; position: number; salt: Buffer | null }[]>`
    select activity_id as id, position, salt
      from audit_chain
     where workspace_id = ${fresh.workspace_id} and activity_id > 0
     order by position
    offset ${chance.below(await lengthOf(sql))}
     limit 1`
  return row!
}

async function lengthOf(sql: postgres.Sql | postgres.TransactionSql = system) {
  const [row] = await sql<{ length: number }[]>`
    select count(*)::int as length from audit_chain where workspace_id = ${fresh.workspace_id} and activity_id > 0`
  return row!.length
}

/** By way of numbers that nobody has: two links never stand at one place. */
async function move(sql: postgres.TransactionSql, from: number) {
  await sql`update audit_chain set position = -position where workspace_id = ${fresh.workspace_id} and position >= ${from}`
  await sql`update audit_chain set position = 1 - position where workspace_id = ${fresh.workspace_id} and position < 0`
}
