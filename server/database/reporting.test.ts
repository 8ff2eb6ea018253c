import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, identify, sally, track, traitsOf } from '../../test/people.ts'
import { open } from './connect.ts'

let fresh: FreshApp
let other: Tenant

beforeAll(async () => {
  fresh = await freshApp()
  other = await fresh.another()
  const send = (key: string, ...messages: object[]) =>
    fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(key), payload: batch(...messages) })
  await send(
    fresh.write_key,
    track('video_started', { anonymousId: sally.laptop, properties: { funnel_id: 'f1', page_id: 'watch' } }),
    identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: traitsOf(sally) }),
    track('alone', { anonymousId: 'somebody else' }),
  )
  await send(other.write_key, track('foreign', { anonymousId: 'foreign' }))
})

/** As `throughline sql` asks: the reader's role, one workspace, read-only, rolled back. */
async function ask(query: string, workspace_id: number | undefined = fresh.workspace_id) {
  const sql = open(fresh.database.url)
  try {
    return await sql.begin('read only', async tx => {
      await tx`set local role throughline_reader`
      await tx.unsafe(`set local app.workspace_id = '${workspace_id}'`)
      await tx`set local search_path = reporting`
      return [...(await tx.unsafe<Record<string, unknown>[]>(query))]
    })
  } finally {
    await sql.end()
  }
}

test('shows the people and events of one workspace, an event with the contact of today', async () => {
  expect(await ask('select email, first_name, stage, is_member from contacts')).toEqual([
    { email: sally.email, first_name: 'Sally', stage: 'engaged', is_member: true },
  ])
  const events = await ask('select event, distinct_id, contact_id is not null as known from events order by event')
  expect(events).toEqual([
    { event: 'alone', distinct_id: 'somebody else', known: false },
    { event: 'identify', distinct_id: sally.user_id, known: true },
    { event: 'video_started', distinct_id: sally.laptop, known: true },
  ])
  expect(await ask(`select event_type, funnel_project_id, page_id from contact_events where event_type like 'video%'`)).toEqual([
    { event_type: 'video_started', funnel_project_id: 'f1', page_id: 'watch' },
  ])
  expect(await ask('select name, total_conversions, total_revenue from workspaces')).toEqual([
    { name: 'Acme', total_conversions: 0, total_revenue: '0.00' },
  ])
  expect(await ask('select count(*) from contacts_visitors')).toEqual([{ count: 2 }])
})

test('understands the dates that people know from SQLite', async () => {
  expect(await ask("SELECT email FROM contacts WHERE DATE(created_at) = DATE('now')")).toEqual([{ email: sally.email }])
  expect(
    await ask(`
      select date('now', '+7 days') - date('now') as days,
             date('2026-01-31', 'start of month')::text as first,
             date('2026-01-31', 'start of month', '+1 month', '-1 day')::text as last,
             date('now', '-1 month') < date('now') as earlier`),
  ).toEqual([{ days: 7, first: '2026-01-01', last: '2026-01-31', earlier: true }])
})

test.each([
  [0, 'null', null],
  [0, "now() - interval '1 hour'", null],
  [0, "now() - interval '25 hours'", 'no_show'],
  [1, 'null', 'skimmer'],
  [24, 'now()', 'skimmer'],
  [25, 'now()', 'sampler'],
  [49, 'now()', 'sampler'],
  [50, 'now()', 'engaged'],
  [74, 'now()', 'engaged'],
  [75, 'now()', 'hot'],
  [100, "now() - interval '25 hours'", 'hot'],
])('%i percent, registered at %s, is the segment %s', async (percent, registered, segment) => {
  const [row] = await fresh.database.system.unsafe(
    `select segment_of(${percent}::smallint, (${registered})::timestamptz) as segment`,
  )
  expect(row!.segment).toBe(segment)
})

describe('the reader stays where it is put', () => {
  test('it sees nothing of another workspace, and nothing at all when none is named', async () => {
    expect(await ask(`select 1 from events where workspace_id = ${other.workspace_id}`)).toEqual([])
    expect(await ask('select event from events', other.workspace_id)).toEqual([{ event: 'foreign' }])
    for (const view of ['contacts', 'visitors', 'events', 'contact_events', 'contacts_visitors', 'workspaces'])
      expect(await ask(`select 1 from ${view}`, '' as unknown as number), view).toEqual([])
  })

  test.each([
    `select set_config('app.workspace_id', '1', true)`,
    `select set_config('role', 'throughline_system', true)`,
    `select query_to_xml($$ select set_config('app.workspace_id', '1', true) $$, true, true, '')`,
    'select * from public.users',
    'select key_hash from public.keys',
    'select contact_salt from public.workspaces',
    'select * from public.user_sessions',
    'select * from public.contact_keys',
    'delete from public.events',
    'create table public.mine (id int)',
    `select pg_read_file('/etc/passwd')`,
    `select * from public.events_${new Date().toISOString().slice(0, 7).replace('-', '_')} limit 0`,
  ])('it may not: %s', async query => {
    await expect(ask(query)).rejects.toThrow(/permission denied|read-only transaction/)
  })
})

test('`/ready` asks for the newest migration', async () => {
  expect((await fresh.app.inject({ url: '/ready', headers: bearer('') })).json()).toMatchObject({
    database: 'ok',
    migrations: 'ok',
  })
})

test('shows who is known in which CRM and on which list, and no credentials', async () => {
  const { system } = fresh.database
  const { workspace_id } = fresh
  const [contact] = await system<
    { id: number }[]
  >`select id from contacts where workspace_id = ${workspace_id} and email = ${sally.email}`
  const [connection] = await system<{ id: number }[]>`
    insert into crm_connections (workspace_id, provider, name, secrets) values (${workspace_id}, 'hubspot', 'Ours', 'sealed') returning id`
  await system`
    insert into crm_links (workspace_id, connection_id, contact_id, external_id) values (${workspace_id}, ${connection!.id}, ${contact!.id}, 'h-1')`
  expect(await ask('select connection, external_id, state from crm_links')).toEqual([
    { connection: 'Ours', external_id: 'h-1', state: 'UserCreated' },
  ])
  expect(await ask('select count(*) from crm_log')).toEqual([{ count: 0 }])
  expect(await ask('select count(*) from crm_sustainers')).toEqual([{ count: 0 }])
  expect(await ask('select count(*) from mailing_list_members')).toEqual([{ count: 0 }])
  await expect(ask('select secrets from public.crm_connections')).rejects.toThrow('permission denied')
})
