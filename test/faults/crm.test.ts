import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { PROVIDERS } from '../../server/crm/connectors/list.ts'
import type { CrmConnection } from '../../shared/crm.ts'
import { type FreshApp, freshApp } from '../app.ts'
import { hubspotStandin } from '../crm/hubspot.ts'
import { nationbuilderStandin } from '../crm/nationbuilder.ts'
import { salesforceStandin } from '../crm/salesforce.ts'
import type { Fault, Standin } from '../crm/standin.ts'
import { basic, batch, bearer, track } from '../people.ts'
import { seeded } from '../seeded.ts'
import { figure, seed, sized } from './size.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  fresh.work()
})

// Ten a second would take minutes here; that they are kept to is tested with the connectors.
for (const { pace } of PROVIDERS) pace.requests = 10_000

/** Each CRM by the request that adds somebody. */
const CRMS = [
  { provider: 'salesforce', match: 'PATCH /services/data', open: () => salesforceStandin({ daily_limit: 1_000_000 }) },
  {
    provider: 'nationbuilder',
    match: 'PATCH /api/v2/signups/push',
    open: () => nationbuilderStandin({ limit: { requests: 1_000_000, per_ms: 10_000 } }),
  },
  {
    provider: 'hubspot',
    match: 'POST /crm',
    open: () => hubspotStandin({ per_ten_seconds: 1_000_000, settings: { id_property: 'throughline_id' } }),
  },
]

const FAULTS: Omit<Fault, 'match'>[] = [
  { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] },
  { status: 429, headers: { 'retry-after': '1' }, body: {} },
  { status: 429, body: {} },
  { status: 409, body: { status: 'error', message: 'It was changed meanwhile.' } },
  { status: 300, body: [] },
  { status: 207, body: {} },
  { status: 500, body: 'Internal Server Error' },
  { status: 503, body: '' },
  { status: 200, body: '<html>Sign in to the proxy</html>' },
  { status: 200, body: [1, 2, 3] },
  { drop: 'before' },
  { drop: 'after_commit' },
  { drop: 'mid_body' },
]

test.each(CRMS)(
  '$provider: whatever goes wrong, everybody is there once in the end, and every failure is in the log',
  {
    timeout: 1_800_000,
  },
  async ({ provider, match, open }) => {
    const chance = seeded(seed)
    const sign_ups = sized(120, 5000)
    const standin = await open()
    const connection = await connect(provider, standin)
    for (let skip = 0; skip < sign_ups; skip += 1 + chance.below(4)) standin.fault({ match, skip, ...chance.pick(FAULTS) })
    for (let from = 0; from < sign_ups; from += 100) await signUp(provider, from, Math.min(100, sign_ups - from))

    let states = await statesOf(connection.id)
    while (states.linked < sign_ups) {
      if (states.waiting === 0 && states.failed > 0) await post(`/connections/${connection.id}/again`)
      await hurry()
      await sleep(50)
      states = await statesOf(connection.id)
    }
    const people = standin.people().filter(({ is_deleted }) => !is_deleted)
    const [log] = await fresh.database.system<{ rows: number; codes: number }[]>`
    select count(*)::int as rows, count(*) filter (where code ~ '^NewUser[A-Za-z]+WriteError-20')::int as codes
      from crm_log
     where connection_id = ${connection.id}`
    figure(`crm ${provider}`, {
      'sign-ups': sign_ups,
      faults: standin.met(),
      people: people.length,
      'rows in the log': log!.rows,
    })
    expect(people.length).toBe(sign_ups)
    expect(new Set(people.map(({ our_id }) => our_id)).size).toBe(sign_ups)
    expect(states.linked).toBe(sign_ups)
    expect(standin.met()).toBeGreaterThan(sign_ups / 5)
    expect(log).toEqual({ rows: standin.met(), codes: standin.met() })
    await standin.close()
    await fresh.database.system`update crm_connections set active = false where id = ${connection.id}`
  },
)

async function connect(provider: string, standin: Standin) {
  await fresh.database.system`update crm_connections set adds = 'nobody'`
  return post<CrmConnection>('/connections', { provider, settings: standin.settings })
}

async function post<T>(path: string, payload: object = {}): Promise<T> {
  const answer = await fresh.app.inject({ method: 'POST', url: `/api/v1/crm${path}`, headers: bearer(fresh.secret_key), payload })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<T>()
}

async function signUp(provider: string, from: number, count: number) {
  const messages = Array.from({ length: count }, (_, k) => {
    const email = `${provider}-${from + k}@example.com`
    return track('registration', { anonymousId: email, properties: { email, first_name: 'Sarah' } })
  })
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    payload: batch(...messages),
    headers: basic(fresh.write_key),
  })
  expect(answer.json()).toEqual({ success: true })
}

async function statesOf(connection_id: number) {
  const [row] = await fresh.database.system<{ waiting: number; failed: number; linked: number }[]>`
    select count(*) filter (where due and state <> 'WroteSalesforceErrorToDb')::int as waiting,
           count(*) filter (where state = 'WroteSalesforceErrorToDb')::int       as failed,
           count(*) filter (where external_id is not null)::int                  as linked
      from crm_links
     where connection_id = ${connection_id}`
  return row!
}

/** What waits for its time is due now, also when a limit was met: the stand-in knows none. */
async function hurry() {
  await fresh.database.system`update crm_connections set wait_until = null where wait_until is not null`
  await fresh.database.system`
    with due as (update jobs set run_at = now() where queue = 'crm_tell' and state = 'queued' and run_at > now() returning id)
    select pg_notify('throughline_jobs', 'crm_tell') from due`
}
