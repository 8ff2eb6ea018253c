import { describe, expect, test } from 'vitest'
import type { CrmLogEntry, CrmRun, CrmSustainer } from '../../../shared/crm.ts'
import type { Standin } from '../../../test/crm/standin.ts'
import { stageMembers } from './stage.ts'
import { ids, type Member, syncing } from './syncing.fixture.ts'
import { syncWeekly } from './weekly.ts'

const { desk, call, connect, disconnect, link, sustain, sync, ended, sustaining, told, staged } = syncing()

const QUERY = 'GET /services/data/v60.0/query'
const all = (count: number, sustains: boolean) => Array<boolean>(count).fill(sustains)

/** A CRM with so many who sustain there and here. */
async function known(count: number, page_size = 2000) {
  const { standin, id } = await connect({ page_size })
  const members = await link(id, standin, all(count, true))
  await sustain(id, members)
  return { standin, id, members, [Symbol.asyncDispose]: () => disconnect(id, standin) }
}

/** The CRM takes the mark of these away, as a person there would. */
async function end(standin: Standin, members: Member[]) {
  const { access_token } = await signIn(standin)
  for (const { external_id } of members) {
    await fetch(`${standin.url}/services/data/v60.0/sobjects/App_User__c/${external_id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ Sustainer__c: false }),
    })
  }
}

async function signIn({ url, settings }: Standin) {
  const { client_id, client_secret } = settings as { client_id: string; client_secret: string }
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  const answer = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body })
  return (await answer.json()) as { access_token: string }
}

describe('what the original did wrong', () => {
  test('1: a read that lacks a part ends nobody', async () => {
    await using crm = await known(30, 10)
    crm.standin.fault({
      match: `${QUERY}/`,
      status: 500,
      body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'Sorry.' }],
      times: 9,
    })
    const run = await sync(crm.id)
    expect(run).toMatchObject({ state: 'failed', error: expect.stringMatching(/^Nobody was changed\. .*UNKNOWN_EXCEPTION/) })
    expect(await sustaining(crm.id)).toEqual(ids(crm.members))

    crm.standin.heal()
    crm.standin.fault({ match: `${QUERY}/`, status: 200, body: { totalSize: 30, done: true, records: [] } })
    const short = await sync(crm.id)
    expect(short).toMatchObject({ state: 'refused', counts: { read: 10, sustaining: 10, started: 0, ended: 0, would_end: 20 } })
    expect(short.error).toBe(
      'Not everybody was read, so nobody was changed. It said that there are 30 and gave 10. 20 of 30 would end. ' +
        'If this is right, start a run with force.',
    )
    expect(await sustaining(crm.id)).toEqual(ids(crm.members))
    expect(await told(crm.id)).toEqual([])
    expect(await staged()).toBe(0)
    const { data: log } = await call<{ data: CrmLogEntry[] }>('GET', `/crm/log?connection_id=${crm.id}`)
    expect(log.map(({ operation, kind, run_id }) => ({ operation, kind, run_id }))).toEqual([
      { operation: 'sustainers', kind: 'unexpected', run_id: short.id },
      { operation: 'sustainers', kind: 'server', run_id: run.id },
    ])
    expect(log[1]!.code).toMatch(/^SustainersSalesforceReadError-\d{4}-/)
  })

  test('2: whoever is not named any more ends, by their own id, and is found again when they are named', async () => {
    await using crm = await known(20)
    const [one, two] = crm.members as [Member, Member]
    await end(crm.standin, [one, two])
    const [another] = (await link(crm.id, crm.standin, [true])) as [Member]
    expect(await sync(crm.id)).toMatchObject({
      state: 'done',
      counts: { read: 19, sustaining: 19, unknown: 0, started: 1, ended: 2 },
    })
    expect(await sustaining(crm.id)).toEqual(ids([...crm.members.slice(2), another]))
    expect(await told(crm.id)).toEqual([
      { action: 'contact.sustainer_ended', contact_id: one.contact_id },
      { action: 'contact.sustainer_ended', contact_id: two.contact_id },
      { action: 'contact.sustainer_started', contact_id: another.contact_id },
    ])
    // The same again changes nothing and tells nobody.
    expect(await sync(crm.id)).toMatchObject({ state: 'done', counts: { started: 0, ended: 0 } })
    expect(await told(crm.id)).toHaveLength(3)
  })

  test('3: a page that cannot be had ends the read, and so do pages in a circle', async () => {
    await using crm = await known(30, 10)
    crm.standin.fault({ match: `${QUERY}/`, drop: 'before', times: 1000 })
    expect(await sync(crm.id)).toMatchObject({ state: 'failed' })
    crm.standin.heal()

    const first = await readPage(crm.standin)
    crm.standin.fault({ match: `${QUERY}/`, status: 200, body: first, times: 1000 })
    const before = crm.standin.requests.length
    const run = await sync(crm.id)
    expect(run.state).toBe('refused')
    expect(run.error).toContain('After 2 pages it sent us back to one that was read before.')
    expect(crm.standin.requests.length - before).toBeLessThan(10)
    expect(await sustaining(crm.id)).toEqual(ids(crm.members))
  })
})

/** The first page as it stands there. */
async function readPage(standin: Standin) {
  const { access_token } = await signIn(standin)
  const q = encodeURIComponent('SELECT Id FROM App_User__c WHERE Sustainer__c = TRUE')
  const headers = { authorization: `Bearer ${access_token}` }
  return (await fetch(`${standin.url}/services/data/v60.0/query?q=${q}`, { headers })).json()
}

test('pages that are always others, with nobody new, come to an end', async () => {
  await using crm = await known(3, 10)
  const records = ((await readPage(crm.standin)) as { records: object[] }).records
  for (let k = 1; k <= 150; k++) {
    crm.standin.fault({
      status: 200,
      match: QUERY,
      body: { totalSize: 3, done: false, nextRecordsUrl: `/services/data/v60.0/query/${k}`, records },
    })
  }
  const run = await sync(crm.id)
  expect(run).toMatchObject({
    state: 'refused',
    error: expect.stringContaining('On 100 pages, one after the other, there was nobody new.'),
  })
  expect(await sustaining(crm.id)).toEqual(ids(crm.members))
})

describe('refuses', () => {
  test('an empty read, unless forced', async () => {
    await using crm = await known(4)
    await end(crm.standin, crm.members)
    const run = await sync(crm.id)
    expect(run).toMatchObject({ state: 'refused', counts: { read: 0, ended: 0, would_end: 4 } })
    expect(run.error).toBe(
      'The CRM names nobody who is known here, and 4 sustain. Nobody was ended. If this is right, start a run with force.',
    )
    expect(await sustaining(crm.id)).toEqual(ids(crm.members))
    expect(await sync(crm.id, { force: true })).toMatchObject({ state: 'done', counts: { ended: 4 }, error: null })
    expect(await sustaining(crm.id)).toEqual([])
    // From nobody to nobody is nothing to be afraid of.
    expect(await sync(crm.id)).toMatchObject({ state: 'done', counts: { ended: 0 } })
  })

  test('a read that names only strangers', async () => {
    await using crm = await known(4)
    await end(crm.standin, crm.members)
    crm.standin.put({ email: 'stranger@example.com', sustains: true })
    expect(await sync(crm.id)).toMatchObject({ state: 'refused', counts: { sustaining: 1, unknown: 1, would_end: 4 } })
    expect(await sustaining(crm.id)).toEqual(ids(crm.members))
  })

  test('to end more than ten, and starts those who are new all the same', async () => {
    await using crm = await known(50)
    await end(crm.standin, crm.members.slice(0, 11))
    const fresh = await link(crm.id, crm.standin, all(3, true))
    const run = await sync(crm.id)
    expect(run).toMatchObject({ state: 'refused', counts: { started: 3, ended: 0, would_end: 11 } })
    expect(run.error).toMatch(/^11 of 50 would end, which is more than 10 and more than 5 %\. Nobody was ended\./)
    expect(await sustaining(crm.id)).toEqual(ids([...crm.members, ...fresh]))
    expect((await told(crm.id)).map(one => one.action)).toEqual(Array(3).fill('contact.sustainer_started'))
  })

  test('to end more than a twentieth of many', async () => {
    await using crm = await known(300)
    await end(crm.standin, crm.members.slice(0, 15))
    expect(await sync(crm.id)).toMatchObject({ state: 'done', counts: { ended: 15 } })
    await end(crm.standin, crm.members.slice(15, 30))
    expect(await sync(crm.id)).toMatchObject({ state: 'refused', counts: { would_end: 15 } })
    expect(await sustaining(crm.id)).toEqual(ids(crm.members.slice(15)))
  })

  test('a read that lacks a part may be forced to count as all of it, one that failed may not', async () => {
    await using crm = await known(30, 10)
    crm.standin.fault({ match: `${QUERY}/`, status: 200, body: { totalSize: 30, done: true, records: [] } })
    expect(await sync(crm.id, { force: true })).toMatchObject({ state: 'done', counts: { ended: 20 } })
    crm.standin.fault({ match: QUERY, status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'No.' }] })
    expect(await sync(crm.id, { force: true })).toMatchObject({ state: 'failed' })
    expect(await sustaining(crm.id)).toEqual(ids(crm.members.slice(0, 10)))
  })
})

test('what passes by itself is asked again, and a token that ran out is renewed', async () => {
  await using crm = await known(30, 10)
  crm.standin.fault({ match: QUERY, status: 429, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'Slowly.' }] })
  crm.standin.fault({ match: QUERY, skip: 1, drop: 'mid_body' })
  crm.standin.fault({ match: QUERY, skip: 2, expire_tokens: true })
  expect(await sync(crm.id)).toMatchObject({ state: 'done', total: 30, done: 30, counts: { sustaining: 30, ended: 0 } })
  expect(crm.standin.signIns()).toBe(2)
})

test('whoever is named without sustaining does not, and whoever is named both ways does', async () => {
  await using crm = await known(3)
  const [one, two, three] = crm.members as [Member, Member, Member]
  const { database, workspace_id } = desk.fresh
  const [run] = await database.system<{ id: number }[]>`
    insert into crm_runs (workspace_id, kind, connection_id, actor) values (${workspace_id}, 'sustainers', ${crm.id}, '{}') returning id`
  const place = { workspace_id, id: run!.id, connection_id: crm.id }
  const page = (members: [Member, boolean][]) =>
    stageMembers(
      database.system,
      place,
      members.map(([{ external_id }, is_sustainer]) => ({ external_id, is_sustainer })),
    )
  expect(await page([[one, false], [two, true], [three, false]])).toBe(3) // biome-ignore format: a page
  expect(await page([[two, false], [three, true], [three, false]])).toBe(0) // biome-ignore format: a page
  const { compareSustainers } = await import('./compare.ts')
  const { counts } = await database.system.begin(sql =>
    compareSustainers(sql, place, { provider: 'salesforce', flaw: null, force: false }),
  )
  expect(counts).toEqual({ read: 3, sustaining: 2, unknown: 0, started: 0, ended: 1 })
  expect(await sustaining(crm.id)).toEqual(ids([two, three]))
})

describe('of contacts that are one person', () => {
  async function merge(winner: Member, loser: Member) {
    return call<{ id: number }>('POST', `/contacts/${winner.contact_id}/merge`, { other_id: loser.contact_id })
  }

  test('the one that stayed sustains, whichever of them the CRM knows', async () => {
    const { standin, id } = await connect()
    const [stays, goes] = (await link(id, standin, [false, true])) as [Member, Member]
    await merge(stays, goes)
    expect(await sync(id)).toMatchObject({ state: 'done', counts: { started: 1 } })
    expect(await sustaining(id)).toEqual([stays.contact_id])
    expect(await told(id)).toEqual([{ action: 'contact.sustainer_started', contact_id: stays.contact_id }])
    await disconnect(id, standin)
  })

  test('nobody is told when whoever sustained is merged, and the other half goes on when that is undone', async () => {
    await using crm = await known(4)
    const [one, two, three, four] = crm.members as [Member, Member, Member, Member]
    await end(crm.standin, [one])
    const { id } = await merge(one, two) // one ended over there, two did not: the person sustains
    await merge(three, four)
    const page = await call<{ data: CrmSustainer[] }>('GET', `/crm/sustainers?connection_id=${crm.id}`)
    expect(page.data.map(({ contact_id }) => contact_id).sort()).toEqual([one, one, three, three].map(m => m.contact_id))
    expect(await sync(crm.id)).toMatchObject({ state: 'done', counts: { started: 0, ended: 0 } })
    expect(await sustaining(crm.id)).toEqual(ids([one, three]))
    expect(await told(crm.id)).toEqual([])

    await call('POST', `/contacts/merges/${id}/undo`)
    expect(await sync(crm.id)).toMatchObject({ state: 'done', counts: { started: 1, ended: 1 } })
    expect(await sustaining(crm.id)).toEqual(ids([two, three]))
  })
})

test('a run that is stopped changes nobody, leaves nothing staged, and reads from the beginning when it is resumed', async () => {
  await using crm = await known(30, 10)
  await end(crm.standin, crm.members.slice(0, 5))
  crm.standin.fault({ match: `${QUERY}/`, delay_ms: 3_000, skip: 1 })
  const { id } = await call<CrmRun>('POST', '/crm/runs', { kind: 'sustainers', connection_id: crm.id })
  await expect.poll(staged).toBe(20)
  await call('POST', `/crm/runs/${id}/stop`)
  await expect.poll(staged).toBe(0)
  expect(await ended(id)).toMatchObject({ state: 'stopped' })
  expect(await sustaining(crm.id)).toEqual(ids(crm.members))

  await call('POST', `/crm/runs/${id}/resume`)
  expect(await ended(id)).toMatchObject({ state: 'done', done: 25, counts: { read: 25, ended: 5 } })
})

describe('every week', () => {
  const runsOf = async (id: number) =>
    (await call<{ data: CrmRun[] }>('GET', `/crm/runs?connection_id=${id}`)).data.map(({ state, actor }) => ({ state, actor }))
  const age = (id: number, by: string) => desk.fresh.database.system`
    update crm_runs set created_at = created_at - ${by}::interval where connection_id = ${id}`
  const week = async (id: number) => {
    await syncWeekly(desk.fresh.database.system)
    const { data } = await call<{ data: CrmRun[] }>('GET', `/crm/runs?connection_id=${id}`)
    return Promise.all(data.map(run => ended(run.id)))
  }

  test('each connection that wants it is read, as nobody', async () => {
    await using crm = await known(3)
    await using asleep = await known(1)
    await using unwilling = await known(1)
    const { system } = desk.fresh.database
    await system`update crm_connections set active = false where id = ${asleep.id}`
    await system`update crm_connections set syncs_sustainers = false where id = ${unwilling.id}`
    expect(await week(crm.id)).toMatchObject([{ state: 'done', actor: { kind: 'system', name: 'clock' } }])
    expect(await week(crm.id)).toHaveLength(1)
    await age(crm.id, '6 days 23 hours')
    expect(await week(crm.id)).toHaveLength(1)
    await age(crm.id, '2 hours')
    expect(await week(crm.id)).toHaveLength(2)
    expect([await runsOf(asleep.id), await runsOf(unwilling.id)]).toEqual([[], []])
  })

  test('one that could not be read is asked again the next day, and one that is read now is left alone', async () => {
    await using crm = await known(3)
    crm.standin.fault({ match: QUERY, status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'No.' }] })
    expect(await week(crm.id)).toMatchObject([{ state: 'failed' }])
    expect(await week(crm.id)).toHaveLength(1)
    await age(crm.id, '25 hours')
    expect(await week(crm.id)).toMatchObject([{ state: 'done' }, { state: 'failed' }])

    crm.standin.fault({ match: QUERY, delay_ms: 2_000 })
    const { id } = await call<CrmRun>('POST', '/crm/runs', { kind: 'sustainers', connection_id: crm.id })
    await age(crm.id, '10 days')
    await syncWeekly(desk.fresh.database.system)
    expect(await runsOf(crm.id)).toHaveLength(3)
    await ended(id)
  })
})

test('are listed, the newest first, on pages that neither repeat nor leave out', async () => {
  await using crm = await known(7)
  await using other = await known(2)
  const { system } = desk.fresh.database
  await system`
    update crm_sustainers set since = since + make_interval(days => (contact_id % 3)::int)
     where connection_id = any(${[crm.id, other.id]}::int[])`
  await system`
    update crm_sustainers set ended_at = now() where connection_id = ${crm.id} and contact_id = any(${ids(crm.members.slice(5))}::int[])`
  const read = async (query: string) => {
    const rows: CrmSustainer[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more = cursor && `&cursor=${cursor}`
      const page: { data: CrmSustainer[]; next_cursor: string | null } = await call(
        'GET',
        `/crm/sustainers?limit=2${query}${more}`,
      )
      rows.push(...page.data)
      cursor = page.next_cursor
    }
    return rows
  }
  const of = (rows: CrmSustainer[]) => rows.map(({ contact_id }) => contact_id)
  const now = await read('')
  expect(of(now).sort()).toEqual(ids([...crm.members.slice(0, 5), ...other.members]))
  expect(now.map(({ since }) => since)).toEqual(now.map(({ since }) => since).sort().reverse()) // biome-ignore format: one thought
  expect(now[0]).toEqual({
    contact_id: expect.any(Number),
    name: null,
    email: `${now[0]!.contact_id}@example.com`,
    connection_id: expect.any(Number),
    since: expect.any(String),
    ended_at: null,
  })
  expect(of(await read(`&connection_id=${other.id}`)).sort()).toEqual(ids(other.members))
  expect(of(await read('&ended=true')).sort()).toEqual(ids(crm.members.slice(5)))
})
