import { beforeAll, describe, expect, test } from 'vitest'
import { DELIVERY_STATES, type Delivery, type EndpointCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { log } from '../../test/deliveries.ts'
import { bearer, bob, sally } from '../../test/people.ts'

let fresh: FreshApp
let other: Tenant
beforeAll(async () => {
  fresh = await freshApp()
  other = await fresh.another()
})

const ask = (url: string, method = 'GET', payload?: object, tenant: Tenant = fresh) =>
  fresh.app.inject({
    method: method as 'GET',
    url: `/api/v1${url}`,
    headers: bearer(tenant.secret_key),
    ...(payload && { payload }),
  })
const make = async (name: string, tenant?: Tenant) =>
  (await ask('/endpoints', 'POST', { name, url: 'https://bread.example/', events: ['*'] }, tenant)).json<EndpointCreated>().id
const contact = async (given: object) => (await ask('/contacts', 'POST', given)).json<{ id: number }>().id

/** All pages of a list, one after the other. */
async function listed(query: string, limit = 3): Promise<Delivery[]> {
  const all: Delivery[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const response = await ask(`/deliveries?limit=${limit}&${query}${cursor && `&cursor=${cursor}`}`)
    expect([query, response.statusCode]).toEqual([query, 200])
    const page: { data: Delivery[]; next_cursor: string | null } = response.json()
    all.push(...page.data)
    cursor = page.next_cursor
  }
  return all
}
const idsOf = async (query: string) => (await listed(query)).map(delivery => delivery.id)

describe('the log', () => {
  test('tells of each delivery what, to whom, about whom, and how it stands, the newest first', async () => {
    const endpoint_id = await make('Bread')
    const contact_id = await contact({ email: sally.email, first_name: 'Sally' })
    const [old, young] = await log(fresh, fresh, [
      { endpoint_id, state: 'failed', contact_id, ago: 5 },
      { endpoint_id, state: 'queued', event: 'conversion' },
    ])
    const [first, second] = await listed(`endpoint_id=${endpoint_id}`)
    expect(first).toMatchObject({
      id: young,
      state: 'queued',
      event: 'conversion',
      run_at: expect.any(String),
      contact: null,
      finished_at: null,
    })
    expect(second).toMatchObject({
      id: old, endpoint_id, endpoint: 'Bread', message_id: expect.stringMatching(/^msg_/), event: 'registration', contact_id, contact: 'Sally',
      state: 'failed', is_test: false, attempts: 3, run_at: null, finished_at: expect.any(String),
    }) // biome-ignore format: as a row
  })

  test('answers every combination of filters as a plain look at all of them would, on pages of any size', async () => {
    const [one, two] = [await make('one'), await make('two')]
    const [someone, somebody] = [await contact({ email: 'someone@example.com' }), await contact({ phone: '+12025550777' })]
    const all = Array.from({ length: 60 }, (_, k) => ({
      endpoint_id: k % 3 === 0 ? two : one,
      state: DELIVERY_STATES[k % 5]!,
      event: ['registration', 'conversion', 'demo_requested'][k % 4]! ?? 'rare',
      contact_id: [someone, somebody, null, null, null, null, null][k % 7]!,
      ago: 120 - k,
    }))
    const ids = await log(fresh, fresh, all)
    const time = (ago: number) => new Date(Date.now() - ago * 60_000).toISOString()
    const filters: [string, (row: (typeof all)[number]) => boolean][] = [
      [`endpoint_id=${two}`, row => row.endpoint_id === two],
      ['state=failed', row => row.state === 'failed'],
      ['state=delivered', row => row.state === 'delivered'],
      ['event=rare', row => row.event === 'rare'],
      [`contact_id=${someone}`, row => row.contact_id === someone],
      ['q=%2B1+202+555+0777', row => row.contact_id === somebody],
      [`since=${time(100.5)}`, row => row.ago < 100.5],
      [`until=${time(80.5)}`, row => row.ago > 80.5],
    ]
    for (let chosen = 0; chosen < 2 ** filters.length; chosen++) {
      const some = filters.filter((_, k) => chosen & (1 << k))
      if (new Set(some.map(([query]) => query.split('=')[0])).size < some.length) continue
      const query = [...some.map(([text]) => text), `since=${time(600)}`].filter((text, k, texts) => k === 0 || !texts.slice(0, k).some(t => t.startsWith(text.split('=')[0]!)))
      const expected = ids.filter((_, k) => some.every(([, fits]) => fits(all[k]!))).toReversed()
      const found = await idsOf(query.join('&'))
      expect([query, found.filter(id => ids.includes(id))]).toEqual([query, expected])
    }
  }) // biome-ignore format: a filter a line

  test('finds what is rare among thousands that are newer', async () => {
    const [loud, quiet] = [await make('loud'), await make('quiet')]
    const someone = await contact({ email: 'rare@example.com' })
    const rare = await log(fresh, fresh, [
      { endpoint_id: loud, state: 'failed', event: 'once', contact_id: someone, ago: 4004 },
      { endpoint_id: loud, state: 'cancelled', ago: 4003 },
      { endpoint_id: loud, state: 'held', ago: 4002 },
      { endpoint_id: loud, state: 'queued', event: 'once', ago: 4001 },
      { endpoint_id: quiet, state: 'delivered', ago: 4000 },
    ])
    const many = Array.from({ length: 5100 }, (_, k) => ({ endpoint_id: loud, state: 'delivered' as const, ago: 2000 - k / 10 }))
    await log(fresh, fresh, many)
    const until = new Date(Date.now() - 1300 * 60_000).toISOString()
    for (const [query, expected] of [
      ['state=failed', [0]],
      ['state=cancelled', [1]],
      ['state=held', [2]],
      ['state=queued', [3]],
      ['event=once', [3, 0]],
      ['event=once&state=failed', [0]],
      [`endpoint_id=${quiet}`, [4]],
      ['q=rare%40example.com', [0]],
      [`contact_id=${someone}`, [0]],
    ] as const) {
      // biome-ignore format: a query and what it finds
      const found = await idsOf(`${query}&until=${until}`)
      expect([query, found]).toEqual([query, expected.map(k => rare[k])])
    }
    expect(await listed(`endpoint_id=${loud}&until=${until}&state=delivered`, 200)).toHaveLength(
      many.filter(({ ago }) => ago > 1300).length,
    )
  }, 120_000)

  test('is searched by a webhook-id, or by an e-mail or a phone of a contact, also of one who was merged', async () => {
    const endpoint_id = await make('searched')
    const winner = await contact({ email: bob.email, phone: bob.phone })
    const loser = await contact({ email: 'former.bob@example.com' })
    const [theirs, earlier] = await log(fresh, fresh, [
      { endpoint_id, state: 'delivered', contact_id: winner },
      { endpoint_id, state: 'delivered', contact_id: loser },
    ])
    await ask(`/contacts/${winner}/merge`, 'POST', { other_id: loser })
    const both = [theirs, earlier].sort()
    const search = async (q: string) => (await idsOf(`q=${encodeURIComponent(q)}`)).sort()
    expect(await search(bob.email.toUpperCase())).toEqual(both)
    expect(await search('former.bob@example.com')).toEqual(both)
    expect(await search(` ${bob.phone} `)).toEqual(both)
    expect((await idsOf(`contact_id=${winner}`)).sort()).toEqual(both)
    const { message_id } = (await ask(`/deliveries/${theirs}`)).json<Delivery>()
    expect(await search(message_id)).toEqual([theirs])
    for (const nothing of ['nobody@example.com', 'msg_', 'msg_%', '%', '', ' ', '\u0001', 'bob', '5'])
      expect([nothing, await search(nothing)]).toEqual([nothing, []])
  })

  test('refuses cursors and times that are none', async () => {
    expect((await ask('/deliveries?cursor=abc')).json().error.code).toBe('invalid_cursor')
    expect((await ask('/deliveries?since=yesterday')).statusCode).toBe(400)
    expect((await ask('/deliveries?state=lost')).statusCode).toBe(400)
    expect((await ask('/deliveries?contact_id=1')).statusCode).toBe(404)
  })

  test('shows a delivery with its body and its attempts, the newest first, at most a hundred', async () => {
    const endpoint_id = await make('attempts')
    const [id] = await log(fresh, fresh, [{ endpoint_id, state: 'failed' }])
    await fresh.database.system`
      insert into delivery_attempts (workspace_id, delivery_id, endpoint_id, number, at, ms, status, ok, error, request_headers, response_headers, response_body, truncated)
      select ${fresh.workspace_id}, ${id!}, ${endpoint_id}, k, now(), 7, case when k > 1 then 500 end, false, 'why', '{"webhook-id": "x"}',
             case when k > 1 then '{"server": "y"}'::jsonb end, case when k > 1 then 'no' end, k = 2
        from generate_series(1, 102) k`
    const shown = (await ask(`/deliveries/${id}`)).json()
    expect(shown).toMatchObject({ id, url: 'https://bread.example/', body: { event: 'registration', data: {} } })
    expect(shown.attempts_made.map((attempt: { number: number }) => attempt.number)).toEqual(
      Array.from({ length: 100 }, (_, k) => 102 - k),
    )
    expect(shown.attempts_made[0]).toMatchObject({
      ms: 7,
      status: 500,
      ok: false,
      error: 'why',
      request_headers: { 'webhook-id': 'x' },
      response_headers: { server: 'y' },
      response_body: 'no',
    })
    expect((await ask('/deliveries/999999999')).statusCode).toBe(404)
  })

  test('has nothing of another workspace', async () => {
    const endpoint_id = await make('theirs', other)
    const [theirs] = await log(fresh, other, [{ endpoint_id, state: 'failed' }])
    expect(await idsOf(`endpoint_id=${endpoint_id}`)).toEqual([])
    expect((await listed('', 200)).map(({ id }) => id)).not.toContain(theirs)
    expect((await ask(`/deliveries/${theirs}`)).statusCode).toBe(404)
  })
})

test('mails that the server wrote are listed, the newest first, with what became of each', async () => {
  await fresh.database.system`
    insert into mails (workspace_id, to_address, subject, body, about, state, error, sent_at)
    select w, 'owner@example.com', 'Mail ' || k || ' of ' || w, 'Dear', 'endpoint 1', case k when 1 then 'failed' else 'kept' end, case k when 1 then 'refused' end, null
      from generate_series(1, 3) k, unnest(${[fresh.workspace_id, other.workspace_id]}::int[]) w
     order by k`
  const page = async (cursor = '') => (await ask(`/mails?limit=2${cursor}`)).json()
  const first = await page()
  const second = await page(`&cursor=${first.next_cursor}`)
  const mine = [3, 2, 1].map(k => `Mail ${k} of ${fresh.workspace_id}`)
  expect([...first.data, ...second.data].map((mail: { subject: string }) => mail.subject)).toEqual(mine)
  expect(second.data[0]).toMatchObject({
    to_address: 'owner@example.com',
    body: 'Dear',
    about: 'endpoint 1',
    state: 'failed',
    error: 'refused',
    sent_at: null,
  })
})
