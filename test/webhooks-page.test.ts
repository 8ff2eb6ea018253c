import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../server/database/embedded/ports.ts'
import { keyOfSecret, newSecret, signatures } from '../server/webhooks/sign.ts'
import type { Delivery, EndpointCreated } from '../shared/webhooks.ts'
import { type FreshApp, freshApp } from './app.ts'
import { asking } from './asking.ts'
import { basic, batch, track } from './people.ts'

// What docs/webhooks.md shows to people who write receivers, as it stands there.

let fresh: FreshApp
let page: string
beforeAll(async () => {
  page = await readFile('docs/webhooks.md', 'utf8')
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  fresh.work()
})
afterAll(() => fresh.close())

test('the receiver in JavaScript takes what this server sends, and nothing that another secret signed', async () => {
  const port = await freePort()
  const { id, secret } = await ask<EndpointCreated>('POST', '/endpoints', {
    url: `http://127.0.0.1:${port}/hook`,
    events: ['demo_requested'],
    attempt_schedule: 'custom',
    attempt_delays: [],
  })
  const right = await receive(secret, port)
  await happen()
  await expect.poll(() => lastState(id), { timeout: 20_000 }).toBe('delivered')
  expect(right.said()).toBe('demo_requested undefined\n')
  const [delivered] = await listed(id)
  await ask('POST', `/deliveries/${delivered!.id}/replays`)
  await expect.poll(async () => (await listed(id))[0]?.attempts, { timeout: 20_000 }).toBe(2)
  expect(right.said()).toBe('demo_requested undefined\n') // it took that one already
  await right.end()

  await receive(newSecret(), port)
  await happen()
  await expect.poll(async () => (await listed(id)).map(({ last_status }) => last_status), { timeout: 20_000 }).toEqual([401, 204])
})

type Shown = { secret: string; headers: Record<string, string>; body: string; is_ours: boolean }

/** What a receiver may get to see, and whether it is from us. */
function shown(): Shown[] {
  const [older, newer, other] = [newSecret(), newSecret(), newSecret()]
  const body = '{"name":"Zoë"}'
  const signed = (at: number) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(at),
    'webhook-signature': signatures([newer, older].map(keyOfSecret), 'msg_1', at, body),
  })
  const now = Math.floor(Date.now() / 1000)
  return [
    { secret: newer, headers: signed(now), body, is_ours: true },
    { secret: older, headers: signed(now), body, is_ours: true },
    { secret: other, headers: signed(now), body, is_ours: false },
    { secret: newer, headers: signed(now), body: '{"name":"Zoe"}', is_ours: false },
    { secret: newer, headers: { ...signed(now), 'webhook-id': 'msg_2' }, body, is_ours: false },
    { secret: newer, headers: signed(now - 400), body, is_ours: false },
    { secret: newer, headers: {}, body, is_ours: false },
  ]
}

test('the ten lines without a library tell our signature from all others', async () => {
  const { isFromThroughline } = (await import(
    `data:text/javascript,${encodeURIComponent(code('javascript without a library'))}`
  )) as {
    isFromThroughline(secret: string, headers: Record<string, string>, body: string): boolean
  }
  const all = shown()
  expect(all.map(({ secret, headers, body }) => isFromThroughline(secret, headers, body))).toEqual(
    all.map(({ is_ours }) => is_ours),
  )
})

const { status } = spawnSync('python3', ['-c', 'import hmac, sys; sys.exit(sys.version_info < (3, 9))'])

test.skipIf(status !== 0)('and so do those in Python, where there is one', () => {
  const all = shown()
  const program = `${code('python without a library')}
import json, sys
print(json.dumps([is_from_throughline(one["secret"], one["headers"], one["body"].encode()) for one in json.load(sys.stdin)]))`
  const { stdout, stderr } = spawnSync('python3', ['-X', 'utf8', '-c', program], { input: JSON.stringify(all), encoding: 'utf8' })
  expect(stdout && JSON.parse(stdout), stderr).toEqual(all.map(({ is_ours }) => is_ours))
})

/** The example of the page that stands below this mark. */
function code(mark: string) {
  const [, found] = new RegExp(`<!-- ${mark} -->\n\`\`\`\\w+\n(.*?)\`\`\``, 's').exec(page) ?? []
  expect(found, `docs/webhooks.md has no example below <!-- ${mark} -->`).toBeDefined()
  return found!
}

async function receive(secret: string, port: number) {
  const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) }
  const child = spawn(process.execPath, ['--input-type=module', '-e', code('javascript')], { env })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (words += chunk))
  const gone = once(child, 'exit')
  const end = async () => {
    child.kill()
    await gone
  }
  onTestFinished(end)
  const refused = () =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST' }).then(
      ({ status }) => status,
      () => words,
    )
  await expect.poll(refused, { timeout: 20_000 }).toBe(401)
  return { said: () => words, end }
}

const { ask } = asking(() => fresh)

async function happen() {
  const payload = batch(track('demo_requested', { anonymousId: 'somebody' }))
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload })
  expect(answer.statusCode).toBe(200)
}

const listed = async (id: number) => (await ask<{ data: Delivery[] }>('GET', `/deliveries?endpoint_id=${id}`)).data
const lastState = async (id: number) => (await listed(id))[0]?.state
