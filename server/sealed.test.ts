import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../test/app.ts'
import { bearer, john, sally } from '../test/people.ts'
import { live } from '../test/wall/tenants.ts'
import type { Config } from './config.ts'
import { countSealed, reencrypt, SEALED } from './sealed.ts'
import { ringIds, seal, secretFor, unseal } from './secrets.ts'

let fresh: FreshApp
let config: Config
const rotated = (secret_key: string): Config => ({ ...config, secret_key })

beforeAll(async () => {
  fresh = await freshApp({ config: { secret_key: 'the first of all secrets' } })
  config = fresh.context.config
  await live(fresh, fresh, [john, sally], 'own')
  const { system } = fresh.database
  const [connection] = await system<{ id: number; workspace_id: number }[]>`select id, workspace_id from crm_connections limit 1`
  const bound = (column: string) => `crm_connections.${column} ${connection!.workspace_id} ${connection!.id}`
  const [one, other] = ['secrets', 'token'].map(column => seal(secretFor(config, 'crm'), '{}', bound(column)))
  await system`update crm_connections set secrets = ${one!}, token = ${other!} where id = ${connection!.id}`
  const [user] = await system<{ id: number }[]>`select id from users limit 1`
  const totp = seal(secretFor(config, 'second steps'), 'TOTP', `users.totp_secret ${user!.id}`)
  await system`update users set totp_secret = ${totp} where id = ${user!.id}`
  await system`
    update mails set sealed_link = ${seal(secretFor(config, 'links in mails'), 'https://x', `mail to ${john.email}`)}, to_address = ${john.email}`
})

/** Every column of the database that holds a sealed value. */
async function sealedColumns() {
  const { system } = fresh.database
  const columns = await system<{ table_name: string; column_name: string }[]>`
    select c.table_name, c.column_name
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and c.data_type = 'text' and t.table_type = 'BASE TABLE'`
  const found: string[] = []
  for (const { table_name, column_name } of columns) {
    const [row] = await system.unsafe(
      `select from "${table_name}" where "${column_name}" ~ '^v[12]:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+:' limit 1`,
    )
    if (row) found.push(`${table_name}.${column_name}`)
  }
  return found.sort()
}

test('everything that is sealed is in the list, and every file that seals is known to it', async () => {
  const listed = SEALED.map(({ table, column }) => `${table}.${column}`)
  for (const column of await sealedColumns()) expect(listed).toContain(column)
  const files = (await readdir(import.meta.dirname, { recursive: true })).filter(file => /(?<!\.test|\.fixture)\.ts$/.test(file))
  const sealing: string[] = []
  for (const file of files) {
    const text = await readFile(join(import.meta.dirname, file), 'utf8')
    if (/import \{[^}]*\bseal\b[^}]*\} from '[./]+secrets\.ts'/.test(text)) sealing.push(file)
  }
  expect(sealing.sort()).toEqual([
    'appointments/calendars/busy.ts',
    'crm/connections/connections.ts',
    'crm/token.ts',
    'database/sealing.ts',
    'intake/change-webhook.ts',
    'mail/link.ts',
    'sealed.ts',
    'webhooks/headers.ts',
    'webhooks/secrets.ts',
    'workspaces/sign-in/sign-on-routes.ts', // a cookie of some minutes
    'workspaces/sign-in/totp.ts',
  ])
})

test('with a new secret before the old one everything works; sealed anew, the old one can go', async () => {
  const { system } = fresh.database
  const before = await countSealed(system, config)
  expect(before).toMatchObject({ older: 0, unknown: 0 })
  const ring = rotated('the second of all secrets,the first of all secrets')
  expect(await countSealed(system, ring)).toEqual({ newest: 0, older: before.newest, unknown: 0 })
  const counts = await reencrypt(system, ring)
  const done = Object.values(counts).reduce((sum, { reencrypted }) => sum + reencrypted, 0)
  expect(done).toBe(before.newest)
  expect(Object.entries(counts).filter(([, { unreadable }]) => unreadable > 0)).toEqual([])
  expect(Object.values(counts).filter(({ reencrypted }) => reencrypted > 0).length).toBeGreaterThan(5)
  expect(await countSealed(system, rotated('the second of all secrets'))).toEqual({ newest: before.newest, older: 0, unknown: 0 })
  const [row] = await system<{ secret: string; workspace_id: number; endpoint_id: number }[]>`
    select secret, workspace_id, endpoint_id from endpoint_secrets limit 1`
  const key = secretFor(rotated('the second of all secrets'), 'webhooks')
  expect(unseal(key, row!.secret, `endpoint_secrets ${row!.workspace_id} ${row!.endpoint_id}`)).toMatch(/^whsec_/)
  expect(Object.values(await reencrypt(system, ring)).every(({ reencrypted }) => reencrypted === 0)).toBe(true)
})

test('a secret that is missing is named, what it sealed stays, and it goes on when it is given back', async () => {
  const { system } = fresh.database
  const { newest } = await countSealed(system, rotated('the second of all secrets'))
  const lost = rotated('the third of all secrets')
  expect(await countSealed(system, lost)).toEqual({ newest: 0, older: 0, unknown: newest })
  const counts = await reencrypt(system, lost)
  expect(Object.values(counts).reduce((sum, { unreadable }) => sum + unreadable, 0)).toBe(newest)
  const [row] = await system<{ secret: string }[]>`select secret from endpoint_secrets limit 1`
  expect(() => unseal(secretFor(lost, 'webhooks'), row!.secret, 'any')).toThrow(ringIds(rotated('the second of all secrets'))[0])
  await reencrypt(system, rotated('the third of all secrets, the second of all secrets'))
  expect(await countSealed(system, lost)).toEqual({ newest, older: 0, unknown: 0 })
})

test('links in e-mails that an older secret signed still lead where they led', async () => {
  const { id } = (
    await fresh.app.inject({
      method: 'POST',
      url: '/api/v1/contacts',
      payload: { email: 'link@example.com' },
      headers: bearer(fresh.secret_key),
    })
  ).json<{ id: number }>()
  const made = await fresh.app.inject({
    method: 'POST',
    url: `/api/v1/contacts/${id}/links`,
    payload: { url: config.public_url },
    headers: bearer(fresh.secret_key),
  })
  const { pathname } = new URL(made.json<{ url: string }>().url)
  const { buildApp } = await import('./app.ts')
  const led = async (secret_key: string) => {
    const app = await buildApp({ database: fresh.database, config: rotated(secret_key) })
    const { statusCode, headers } = await app.inject({ url: pathname, headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } })
    await app.close()
    return statusCode === 302 ? String(headers.location) : statusCode
  }
  expect(await led('the second of all secrets,the first of all secrets')).toContain('tl=')
  expect(await led('the second of all secrets')).not.toContain('tl=')
})
