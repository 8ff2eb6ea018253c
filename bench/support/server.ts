import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Database } from '../../server/database/connect.ts'
import { startEmbedded } from '../../server/database/embedded.ts'

export type Running = {
  url: string
  home: string
  write_key: string
  workspace_id: number
  pid: number
  database: Database
  /** From start to ready, in seconds. */
  seconds: number
  restart(): Promise<number>
  stop(): Promise<void>
}

/** The built server as a user runs it: a process of its own, the embedded PostgreSQL with fsync on, a fresh home folder. */
export async function startServer(env: Record<string, string> = {}): Promise<Running> {
  const home = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  await chmod(home, 0o755) // so that root's database is in it, too, and goes with it
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let { child, seconds } = await launch(home, port, env)
  // This process joins the same PostgreSQL, to look at the tables and to be the last one out.
  const embedded = await startEmbedded({ home })
  const database = connect(embedded.url)
  const [key] = await database.system<{ workspace_id: number; write_key: string }[]>`
    select workspace_id, prefix as write_key from keys where kind = 'write' order by id limit 1`
  return {
    url,
    home,
    ...key!,
    get pid() {
      return child.pid!
    },
    database,
    seconds,
    async restart() {
      await end(child)
      ;({ child, seconds } = await launch(home, port, env))
      return seconds
    },
    async stop() {
      await end(child)
      await database.close()
      await embedded.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** As `npm start` runs it; BENCH_NODE_FLAGS for a profile. */
const FLAGS = ['--max-semi-space-size=32', ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? [])]

async function launch(home: string, port: number, env: Record<string, string>) {
  const begun = performance.now()
  const child = spawn(process.execPath, [...FLAGS, 'dist/server/main.js'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      THROUGHLINE_HOME: home,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.once('exit', () => child.kill())
  await untilReady(`http://127.0.0.1:${port}/ready`, child)
  return { child, seconds: (performance.now() - begun) / 1000 }
}

export async function untilReady(url: string, child: ChildProcess) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server stopped with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export async function end(child: ChildProcess) {
  if (child.exitCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}
