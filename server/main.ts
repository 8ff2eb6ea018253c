import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { buildApp, logTo } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { connect } from './database/connect.ts'
import { claimHome, startEmbedded } from './database/embedded.ts'
import { migrate } from './database/migrate.ts'
import { reach } from './database/reach.ts'
import { openSealer } from './database/sealing.ts'
import { openEgress } from './egress/egress.ts'
import { collectEndings, type Endings } from './http/drain.ts'
import { startMetrics } from './http/metrics.ts'
import { packageRoot } from './http/root.ts'
import type { Context } from './http/routes.ts'
import { openTimings } from './http/timings.ts'
import { makeEventPartitions } from './schedule.ts'
import { startWork } from './work.ts'
import { prepareFirstStart } from './workspaces/first-start.ts'

const PATIENCE_MS = 9_000 // of the ten seconds that whoever stops us usually gives

/** Config -> database -> app -> schedule. With WORKERS, the first process has the database and the others serve. */
try {
  const config = readConfig()
  const log = logTo(config)
  const endings = collectEndings(error => log.warn({ err: error }, 'something did not end well'))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void endAll(endings, 0))
  try {
    await (cluster.isPrimary ? lead(config, log, endings) : serve(config, log, endings))
  } catch (error) {
    giveUp(error, config)
    await endAll(endings, 1)
  }
} catch (error) {
  giveUp(error)
  process.exit(1)
}

async function lead(config: Config, log: FastifyBaseLogger, endings: Endings) {
  const url = config.database_url ?? (await startDatabase(config, log, endings))
  await reach(url)
  const applied = await migrate(url, join(packageRoot(), 'db/migrations'))
  if (applied.length > 0) log.info({ migrations: applied }, 'migrated the database')
  await openSealer(url, config)
  const token = await prepare(url)
  const own: Config = { ...config, database_url: url }
  if (config.workers === 1) await serve(own, log, endings)
  else await employ(own, log, endings)
  greet(own, token)
}

async function startDatabase(config: Config, log: FastifyBaseLogger, endings: Endings): Promise<string> {
  endings.add(await claimHome(config.home))
  const embedded = await startEmbedded({ home: config.home, log: line => log.info(line) })
  endings.add(embedded.stop)
  return embedded.url
}

async function prepare(url: string): Promise<string | undefined> {
  const database = connect(url, { connections: 1 })
  try {
    await makeEventPartitions(database.system)
    return (await prepareFirstStart(database)).token
  } finally {
    await database.close()
  }
}

async function serve(config: Config, log: FastifyBaseLogger, endings: Endings) {
  const url = config.database_url!
  const database = connect(url, { sealer: await openSealer(url, config) })
  endings.add(database.close)
  const egress = openEgress({ allowed_cidrs: config.webhook_allowed_cidrs })
  endings.add(egress.close)
  const context: Context = { database, config, metrics: startMetrics(), timings: openTimings(), egress }
  endings.add(startWork(context, log).stop)
  const readiness = { queue: () => database.system`select from jobs limit 1` }
  const app = await buildApp(context, { logger: log, readiness })
  endings.add(() => app.close())
  await app.listen({ host: config.host, port: config.port })
  learnPort(config, app.server.address() as { port: number })
}

/** PORT=0 asks for any free one; only after listening is known which. */
function learnPort(config: Config, { port }: { port: number }) {
  config.public_url = config.public_url.replace(/^http:\/\/localhost:0$/, `http://localhost:${port}`)
}

/** One process a worker. One that dies is replaced; one that cannot even begin ends the start. */
async function employ(config: Config, log: FastifyBaseLogger, endings: Endings) {
  let ending = false
  await tryPort(config)
  cluster.setupPrimary({ exec: import.meta.filename })
  const fork = () => cluster.fork({ DATABASE_URL: config.database_url! })
  endings.add(async () => {
    ending = true
    const workers = Object.values(cluster.workers ?? {}).filter(worker => worker !== undefined)
    const ended = workers.map(worker => new Promise(resolve => worker.once('exit', resolve)))
    for (const worker of workers) worker.process.kill('SIGTERM')
    await Promise.all(ended)
  })
  await Promise.all(
    Array.from({ length: config.workers }, fork).map(
      worker =>
        new Promise<void>((resolve, reject) => {
          worker.once('listening', address => {
            learnPort(config, address)
            resolve()
          })
          worker.once('exit', () => reject(new Error('a worker could not start; it says why above.')))
        }),
    ),
  )
  cluster.on('exit', (worker, code) => {
    if (ending) return
    log.error({ pid: worker.process.pid, code }, 'a worker died; another one takes its place')
    setTimeout(() => ending || fork(), 1000)
  })
}

/** Once, here: workers that all fail to listen would each say so. */
async function tryPort({ port, host }: Config) {
  const probe = createServer()
  probe.listen(port, host)
  await once(probe, 'listening')
  probe.close()
}

function greet({ public_url }: Config, token: string | undefined) {
  const lines = [
    'Throughline is ready.',
    `  Address    ${public_url}`,
    ...(token ? [`  Sign in    ${public_url}/welcome?token=${token}  (works once, for the first owner)`] : []),
    `  Demo site  ${public_url}/demo/`,
  ]
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
}

async function endAll(endings: Endings, code: number) {
  await endings.run(PATIENCE_MS)
  process.exit(code)
}

/** One sentence for who started it; the rest is for who debugs it. */
function giveUp(error: unknown, config?: Config) {
  const { code, message = String(error), stack } = (error ?? {}) as NodeJS.ErrnoException
  const sentence =
    code === 'EADDRINUSE'
      ? `Port ${config?.port} is used by another program. Stop that, or set PORT to a free one.`
      : code === 'EACCES' && /listen/.test(message)
        ? `Only root may listen on port ${config?.port}. Set PORT to 1024 or more.`
        : message
  process.stderr.write(`Throughline did not start: ${sentence}\n`)
  if (config && ['debug', 'trace'].includes(config.log_level)) process.stderr.write(`${stack}\n`)
}
