import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, bob, identify, sally, track, traitsOf } from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import { READERS } from '../work.ts'
import { createUser } from '../workspaces/users.ts'
import { ask } from './sql.ts'

let fresh: FreshApp
let other: Tenant

beforeAll(async () => {
  fresh = await freshApp()
  other = await fresh.another()
  for (const [tenant, person] of [
    [fresh, sally],
    [other, bob],
  ] as const) {
    const messages = [
      identify({ userId: person.user_id, traits: traitsOf(person) }),
      track('offer_viewed', { userId: person.user_id }),
    ]
    await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(tenant.write_key), payload: batch(...messages) })
  }
})

/** Runs the command line as a person does (it builds what changed), on this file's database. */
function throughline(...args: string[]) {
  return throughlineWith({}, ...args)
}

function throughlineWith(more: Record<string, string>, ...args: string[]) {
  const env = { ...process.env, DATABASE_URL: fresh.database.url, THROUGHLINE_HOME: fresh.context.config.home, ...more }
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, ['bin/throughline', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

async function query(text: string, workspace_id = fresh.workspace_id) {
  const rows: Record<string, unknown>[] = []
  for await (const part of ask(fresh.database.url, workspace_id, text)) rows.push(...part.rows)
  return rows
}

test('makes a workspace, whose write key collects at once', async () => {
  const { code, stdout } = await throughline('workspace', 'create', 'Acme GmbH', '--organization', 'Agency', '--json')
  expect(code).toBe(0)
  const made = JSON.parse(stdout)
  expect(made).toEqual({
    workspace_id: expect.any(Number),
    name: 'Acme GmbH',
    write_key: expect.stringMatching(/^wk_/),
    secret_key: expect.stringMatching(/^sk_/),
  })
  const message = track('page_viewed', { userId: 'u-1' })
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/track', headers: basic(made.write_key), payload: message })
  expect(answer.statusCode).toBe(200)
})

test('makes a user, with a password when none is given, and a member when the user is known', async () => {
  const wanted = ['user', 'create', '--email', 'Mei@Example.com', '--name', 'Mei', '--role', 'manager', '--json', '--workspace']
  const first = JSON.parse((await throughline(...wanted, String(fresh.workspace_id))).stdout)
  expect(first).toMatchObject({ email: 'mei@example.com', role: 'manager', password: expect.stringMatching(/^.{16}$/) })
  const second = JSON.parse((await throughline(...wanted, String(other.workspace_id))).stdout)
  expect(second).toMatchObject({ user_id: first.user_id, workspace_id: other.workspace_id })
  expect(second).not.toHaveProperty('password')
})

test('makes a link for who forgot their password, and switches a second step off for who lost it', async () => {
  const email = 'lost@example.com'
  const { user_id } = await createUser(fresh.database, { email, name: 'Lo', workspace_id: fresh.workspace_id, role: 'agent' })
  await fresh.database.system`update users set totp_secret = 'sealed', totp_since = now() where id = ${user_id}`
  const { stdout } = await throughline('user', 'reset', '--email', 'Lost@example.com', '--totp', '--json')
  const made = JSON.parse(stdout)
  expect(made).toEqual({ email, link: expect.stringMatching(/^http.*\/new-password\?token=[\w-]{43}$/) })
  const payload = { token: made.link.split('=')[1], password: 'a brand new password' }
  const post = (url: string, payload: object) => fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, payload })
  expect((await post('/password-resets/choice', payload)).statusCode).toBe(204)
  expect((await post('/session', { email, password: payload.password })).statusCode).toBe(201)
  expect(await throughline('user', 'reset', '--email', 'nobody@example.com')).toMatchObject({ code: 1, stdout: '' })
})

test('makes a key with the scopes that were asked for', async () => {
  const workspace = ['--workspace', String(fresh.workspace_id)]
  const { stdout } = await throughline('key', 'create', ...workspace, '--kind', 'secret', '--scopes', 'read,ingest', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'secret', scopes: ['read', 'ingest'], key: expect.stringMatching(/^sk_/) })
  expect(await throughline('key', 'create', '--workspace', '999', '--kind', 'write')).toMatchObject({ code: 1, stdout: '' })
})

test('makes a key that ends and is limited, and another one in its place', async () => {
  const workspace = ['--workspace', String(fresh.workspace_id)]
  const limits = ['--expires', '2099-01-31', '--addresses', '203.0.113.0/24,2001:db8::7', '--rate-limit', '600']
  const old = JSON.parse((await throughline('key', 'create', ...workspace, '--kind', 'secret', ...limits, '--json')).stdout)
  const limited = { allowed_ips: ['203.0.113.0/24', '2001:db8::7'], rate_limit: 600 }
  expect(old).toMatchObject({ ...limited, expires_at: '2099-01-31T00:00:00.000Z' })
  const { stdout } = await throughline('key', 'rotate', ...workspace, '--id', String(old.id), '--overlap-hours', '0', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ ...limited, scopes: old.scopes, key: expect.stringMatching(/^sk_/) })
  const ask = (key: string) =>
    fresh.app.inject({ url: '/api/v1/contacts', headers: { authorization: `Bearer ${key}` }, remoteAddress: '203.0.113.9' })
  expect([(await ask(old.key)).statusCode, (await ask(JSON.parse(stdout).key)).statusCode]).toEqual([401, 200])
  const wrong = await Promise.all([
    throughline('key', 'create', ...workspace, '--kind', 'secret', '--addresses', '203.0.113'),
    throughline('key', 'create', ...workspace, '--kind', 'secret', '--expires', 'soon'),
  ])
  expect(wrong.map(({ code }) => code)).toEqual([1, 2])
})

test('exports a chain from which anybody can compute it again, and says where it was changed', async () => {
  const { system } = fresh.database
  while (await relay(system, READERS));
  const workspace = ['--workspace', String(fresh.workspace_id)]
  const [whole, exported] = await Promise.all([
    throughline('audit', 'verify', ...workspace),
    throughline('audit', 'export', ...workspace),
  ])
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining(`workspace ${fresh.workspace_id}: whole, `) })
  const links = exported.stdout.trim().split('\n')
  // As docs/audit.md says it, and with nothing of ours.
  let hash = Buffer.alloc(0) as Buffer
  for (const [k, line] of links.entries()) {
    const link = JSON.parse(line)
    const rest = JSON.stringify([link.actor_rest, link.subject_id, link.before, link.after])
    const digest = createHash('sha256').update(Buffer.from(link.salt, 'hex')).update(rest).digest()
    const { workspace_id, position, activity_id, at, action, actor_kind, actor_id, contact_id, visitor_id } = link
    const text = JSON.stringify([workspace_id, position, activity_id, at, action, actor_kind, actor_id, contact_id, visitor_id])
    hash = createHash('sha256').update(hash).update(text).update(digest).digest()
    expect([link.position, hash.toString('hex')]).toEqual([k + 1, link.hash])
  }
  const [head] = await system<{ position: number; hash: string }[]>`
    select position, encode(hash, 'hex') as hash from audit_heads where workspace_id = ${fresh.workspace_id}`
  expect(head).toEqual({ position: links.length, hash: hash.toString('hex') })

  const { activity_id, after } = JSON.parse(links[0]!)
  await system`update activities set after = '{"changed": true}' where id = ${activity_id}`
  const broken = await throughline('audit', 'verify', ...workspace)
  await system`update activities set after = ${after}::text::jsonb where id = ${activity_id}`
  expect(broken.code).toBe(1)
  expect(broken.stdout).toContain('BROKEN')
  expect(broken.stdout).toContain(`at activity ${activity_id}: what it says is not what was written`)
})

test('prints the rows of a query as one JSON value, or as a table', async () => {
  const workspace = ['--workspace', String(fresh.workspace_id)]
  const text = 'select email, 12.50 as amount from contacts;'
  const [asJson, asTable, failed] = await Promise.all([
    throughline('sql', text, ...workspace, '--json'),
    throughline('sql', text, ...workspace),
    throughline('sql', 'select nothing from nowhere', ...workspace, '--json'),
  ])
  expect(JSON.parse(asJson.stdout)).toEqual([{ email: sally.email, amount: 12.5 }])
  expect(asTable.stdout).toBe('email              amount\n-----------------  ------\nsally@example.com    12.5\n')
  expect(failed).toMatchObject({ code: 1, stdout: '' })
})

test('says 2 when it was called in a wrong way, and 0 when asked for help', async () => {
  const codes = await Promise.all([
    throughline('nonsense'),
    throughline('workspace', 'create'),
    throughline('sql', 'select 1', '--workspace', 'one'),
    throughline('user', 'create', '--email', 'a@b.c', '--name', 'A', '--workspace', '1', '--role', 'king'),
    throughline('backup', '--help'),
  ])
  expect(codes.map(({ code }) => code)).toEqual([2, 2, 2, 2, 0])
})

test('the doctor finds nothing wrong with a fresh database but that it is not durable', async () => {
  const { code, stdout } = await throughline('doctor', '--json')
  const { findings } = JSON.parse(stdout) as { findings: { check: string; ok: boolean }[] }
  expect(findings.length).toBeGreaterThan(10)
  expect(findings.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(['durability'])
  expect(code).toBe(1)
})

test('the doctor names CRMs that nobody gets through to, and what waits to be loaded', async () => {
  const { system } = fresh.database
  const folder = join(fresh.context.config.home, 'crm')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'fallback.jsonl'), '{}\n{}\n')
  await system`
    insert into crm_connections (workspace_id, provider, name, last_error, last_error_at)
    values (${fresh.workspace_id}, 'salesforce', 'Ours', 'It answered 401', now())`
  const { stdout } = await throughline('doctor', '--json')
  const { findings } = JSON.parse(stdout) as { findings: { check: string; ok: boolean; found: string }[] }
  const { ok, found } = findings.find(({ check }) => check === 'CRMs')!
  expect(ok).toBe(false)
  expect(found).toContain('2 answers could not be written down')
  expect(found).toContain(`Ours of workspace ${fresh.workspace_id}: It answered 401`)
})

test('seals everything with the newest secret, once, and says what none of them opens', async () => {
  const endpoint = { url: 'https://example.com/hook', events: ['contact.updated'] }
  const headers = { authorization: `Bearer ${fresh.secret_key}` }
  const made = await fresh.app.inject({ method: 'POST', url: '/api/v1/endpoints', payload: endpoint, headers })
  expect(made.statusCode).toBe(201)
  const old = (await readFile(join(fresh.context.config.home, 'secret_key'), 'utf8')).trim()
  const reencrypt = async (SECRET_KEY: string) => {
    const { code, stdout } = await throughlineWith({ SECRET_KEY }, 'secrets', 'reencrypt', '--json')
    return { code, ...JSON.parse(stdout) }
  }
  const ring = `a new secret of sixteen characters,${old}`
  const first = await reencrypt(ring)
  expect(first).toMatchObject({ code: 0, older: 0, unknown: 0 })
  expect(first.counts['endpoint_secrets.secret']).toEqual({ reencrypted: 1, unreadable: 0 })
  expect((await reencrypt(ring)).counts['endpoint_secrets.secret']).toEqual({ reencrypted: 0, unreadable: 0 })
  const lost = await reencrypt('another one that sealed nothing')
  expect([lost.code, lost.counts['endpoint_secrets.secret']]).toEqual([1, { reencrypted: 0, unreadable: 1 }])
})

test('a query sees its own workspace and no other', async () => {
  expect(await query('select email from contacts')).toEqual([{ email: sally.email }])
  expect(await query('select email from contacts', other.workspace_id)).toEqual([{ email: bob.email }])
  expect(await query('select distinct workspace_id from events')).toEqual([{ workspace_id: fresh.workspace_id }])
})

test.each([
  [
    'another workspace named within the query',
    `with x as materialized (select set_config('app.workspace_id', '2', true)) select * from x, contacts`,
  ],
  ['another role named within the query', `select set_config('role', 'throughline_system', true), email from contacts`],
  ['two statements', 'select 1; select 2'],
  ['a statement that ends the transaction', 'commit'],
  ['a change', `update public.contacts set email = 'x'`],
  ['a change in a with', 'with x as (delete from public.contacts returning *) select * from x'],
  ["a program of one's own", 'do $$ begin perform 1; end $$'],
  ['passwords', 'select * from public.users'],
  ['keys', 'select * from public.keys'],
  ['files', `select pg_read_file('/etc/passwd')`],
  ['text that is run as a query', `select query_to_xml('select set_config(''app.workspace_id'', ''2'', true)', true, true, '')`],
])('a query is refused: %s', async (_what, text) => {
  await expect(query(text)).rejects.toThrow()
  expect(await query('select email from contacts')).toEqual([{ email: sally.email }])
})

test('a query of many rows gives them all', async () => {
  expect(await query('select n from generate_series(1, 2500) as n')).toHaveLength(2500)
  expect(await query('select n from generate_series(1, 0) as n')).toEqual([])
})

test('reads somebody out, erases them, proves it, and erases them again after a restore', async () => {
  const email = 'cleo@example.com'
  const add = () =>
    fresh.app.inject({ method: 'POST', url: '/api/v1/contacts', headers: bearer(fresh.secret_key), payload: { email } })
  await add()
  const whom = ['--workspace', String(fresh.workspace_id), '--email', email]
  const out = join(fresh.context.config.home, 'cleo.jsonl')
  expect((await throughline('contact', 'export', ...whom, '--out', out)).code).toBe(0)
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line)).filter(({ table, row }) => table === 'contacts' && row)).toMatchObject([
    { row: { email } },
  ])
  expect(JSON.parse(lines.at(-1)!)).toEqual({ end: true })

  const scan = () => throughline('privacy', 'scan', '--value', email)
  const there = await scan()
  expect([there.code, there.stdout]).toEqual([1, expect.stringContaining('contacts.email  1')])
  const gone = await throughline('contact', 'erase', ...whom, '--reason', 'by letter', '--json')
  expect([gone.code, JSON.parse(gone.stdout)]).toMatchObject([0, { state: 'done', warning: null, error: null }])
  expect(await scan()).toMatchObject({ code: 0, stdout: 'Nothing was found.\n' })

  // What a backup brings back was there before the erasure.
  await add()
  await fresh.database.system`update contacts set created_at = now() - interval '1 day' where email = ${email}`
  const again = await throughline('privacy', 'reapply', '--json')
  expect([again.code, JSON.parse(again.stdout)]).toEqual([0, { erasures: 1 }])
  const nobody = await throughline('contact', 'export', '--workspace', String(fresh.workspace_id), '--id', '1')
  expect([nobody.code, nobody.stdout]).toEqual([1, ''])
})
