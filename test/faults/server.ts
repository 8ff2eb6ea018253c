import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { connect, type Database } from '../../server/database/connect.ts'
import { newHome } from '../../server/database/embedded/fixtures/street.ts'
import { freePort } from '../../server/database/embedded/ports.ts'
import { startEmbedded } from '../../server/database/embedded.ts'
import { migrate } from '../../server/database/migrate.ts'
import { makeEventPartitions } from '../../server/schedule.ts'
import { createWorkspace } from '../../server/workspaces/create.ts'

export type House = { home: string; port: number; url: string; workspace_id: number; write_key: string; secret_key: string }

/** A home with a database and a workspace in it, and an address that its server will have, however often it is started. */
export async function buildHouse(): Promise<House> {
  const home = await newHome()
  const port = await freePort()
  const { workspace_id, write_key, secret_key } = await inHouse({ home }, async database => {
    await migrate(database.url, 'db/migrations')
    await makeEventPartitions(database.system)
    return createWorkspace(database, { name: 'Acme' })
  })
  return { home, port, url: `http://127.0.0.1:${port}`, workspace_id, write_key, secret_key }
}

/** Looks into the database of a home, whether or not a server runs there, and leaves it as it was. */
export async function inHouse<T>({ home }: Pick<House, 'home'>, work: (database: Database) => Promise<T>): Promise<T> {
  const embedded = await startEmbedded({ home })
  const database = connect(embedded.url, { connections: 2 })
  try {
    return await work(database)
  } finally {
    await database.close()
    await embedded.stop()
  }
}

export type Running = { pid: number; said: () => string; isGone: () => boolean; end(signal: NodeJS.Signals): Promise<void> }

/** The real server, as a process of its own; it may call this machine. Resolves when it serves; ended with the test. */
export async function startServer({ home, port, url }: Pick<House, 'home' | 'port' | 'url'>): Promise<Running> {
  const env = {
    ...process.env,
    THROUGHLINE_HOME: home,
    PORT: String(port),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    DATABASE_URL: '',
    WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8',
  }
  const child = spawn(process.execPath, ['bin/throughline', 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (words = (words + chunk).slice(-20_000)))
  const gone = once(child, 'exit')
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  const end = async (signal: NodeJS.Signals) => {
    if (!isGone()) child.kill(signal)
    await gone
  }
  onTestFinished(() => end('SIGKILL'))
  const until = Date.now() + 180_000 // under a load of 25 on two cores a start took 30 s
  while (!(await answers(url))) {
    if (isGone() || Date.now() > until) throw new Error(`The server did not start:\n${words}`)
    await new Promise(resolve => setTimeout(resolve, 30))
  }
  return { pid: child.pid!, said: () => words, isGone, end }
}

async function answers(url: string) {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  )
}
