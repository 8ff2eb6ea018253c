import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bob, identify, sally, track, traitsOf } from '../../test/people.ts'
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
  const env = { ...process.env, DATABASE_URL: fresh.database.url, THROUGHLINE_HOME: fresh.context.config.home }
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
