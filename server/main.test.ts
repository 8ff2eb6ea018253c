import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../test/app.ts'

let url: string
let home: string
const running: ChildProcess[] = []

beforeAll(async () => {
  url = (await freshDatabase()).url
  home = await mkdtemp(join(tmpdir(), 'throughline-main-'))
})

afterAll(async () => {
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL')
  await rm(home, { recursive: true, force: true })
})

/** The server as a process of its own, with what it said and how it ended. */
function start(settings: Record<string, string>) {
  const env = {
    ...process.env,
    DATABASE_URL: url,
    THROUGHLINE_HOME: home,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    ...settings,
  }
  const child = spawn(process.execPath, ['bin/throughline', 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return { child, said, ended }
}

const ready = (said: { out: string }) => expect.poll(() => said.out, { timeout: 60_000 }).toContain('Demo site')
const addressIn = (out: string) => out.match(/Address +(\S+)/)![1]!
const tokenIn = (out: string) => out.match(/welcome\?token=([\w-]{43})/)?.[1]

test('prints where it is and how the first owner signs in, and goes when it is told to', async () => {
  const first = start({})
  await ready(first.said)
  const address = addressIn(first.said.out)
  expect(await (await fetch(`${address}/ready`)).json()).toEqual({ status: 'ok', database: 'ok', migrations: 'ok', queue: 'ok' })
  const token = tokenIn(first.said.out)
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)

  const second = start({})
  await ready(second.said)
  const fresher = tokenIn(second.said.out)
  expect(fresher).not.toBe(token)
  const owner = { email: 'sally@example.com', name: 'Sally', password: 'correct horse battery' }
  const post = (token?: string) =>
    fetch(`${addressIn(second.said.out)}/api/v1/owner`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...owner, token }),
    })
  expect((await post(token)).status).toBe(401)
  const made = await post(fresher)
  expect(made.status).toBe(201)
  expect(await made.json()).toMatchObject({ workspaces: [{ name: 'My workspace', role: 'owner' }] })
  second.child.kill('SIGINT')
  expect(await second.ended).toBe(0)

  const third = start({})
  await ready(third.said)
  expect(tokenIn(third.said.out)).toBeUndefined()
  third.child.kill('SIGTERM')
  expect(await third.ended).toBe(0)
})

test('serves with several processes and replaces one that dies', async () => {
  const server = start({ WORKERS: '2', LOG_LEVEL: 'error' })
  await ready(server.said)
  const address = addressIn(server.said.out)
  const workers = () =>
    execFileSync('pgrep', ['-P', String(server.child.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
  const [one, other] = workers()
  process.kill(one!, 'SIGKILL')
  await expect.poll(() => workers().length === 2 && !workers().includes(one!), { timeout: 20_000 }).toBe(true)
  expect(workers()).toContain(other)
  // A connection that was on its way to the dead one is lost, so one is tried until it answers.
  const answer = () =>
    fetch(`${address}/ready`, { signal: AbortSignal.timeout(2000) }).then(
      response => response.status,
      () => 0,
    )
  await expect.poll(answer, { timeout: 20_000 }).toBe(200)
  expect(server.said.out).toContain('another one takes its place')
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
})

test.each([
  [{ PORT: 'many' }, 'PORT must be a whole number from 0 to 65535, but it is "many".'],
  [{ DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL must be an address that begins with postgres:// or postgresql://.'],
])('says in one sentence what is wrong with %o and ends with 1', async (settings, sentence) => {
  const { said, ended } = start(settings)
  expect(await ended).toBe(1)
  expect(said.err).toBe(`Throughline did not start: ${sentence}\n`)
  expect(said.out).toBe('')
})

test('says that the port is taken, and that the database is not there', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  const { port } = blocker.address() as { port: number }
  const taken = start({ PORT: String(port) })
  expect(await taken.ended).toBe(1)
  expect(taken.said.err).toBe(
    `Throughline did not start: Port ${port} is used by another program. Stop that, or set PORT to a free one.\n`,
  )
  blocker.close()
  const missing = new URL(url)
  missing.pathname = '/no_such_database'
  const lost = start({ DATABASE_URL: missing.href })
  expect(await lost.ended).toBe(1)
  expect(lost.said.err).toContain('There is no database "no_such_database"')
})
