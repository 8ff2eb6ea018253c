import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { type Config, readConfig } from '../server/config.ts'
import { connect, type Database, open } from '../server/database/connect.ts'
import { openSealer } from '../server/database/sealing.ts'
import type { App, Context } from '../server/http/routes.ts'
import { createWorkspace } from '../server/workspaces/create.ts'
import { databaseAt, TEMPLATE } from './databases/template.ts'

export type Tenant = { workspace_id: number; write_key: string; secret_key: string }

export type FreshApp = Tenant & {
  app: App
  database: Database
  context: Context
  /** Empty until `listen()`. */
  url: string
  /** Serves on a free port of this machine, for real clients, and returns the address. */
  listen(): Promise<string>
  /** Starts what the server does without being asked (server/work.ts): tells, delivers, keeps time. Stopped with the app. */
  work(): void
  /** Another tenant in the same database. */
  another(name?: string): Promise<Tenant>
  close(): Promise<void>
}

// What was opened is closed when the file ends (close.ts), the newest first, so a test that fails leaves nothing behind.
const opened: (() => Promise<unknown>)[] = []

export async function closeOpened() {
  for (const close of opened.splice(0).reverse()) await close()
}

/** A database of its own for this file: a clone of the migrated template, dropped when the file ends. */
export async function freshDatabase({
  connections = 4,
  config,
}: {
  connections?: number
  config?: Config
} = {}): Promise<Database> {
  const server = inject('server')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await command(server, `create database ${name} template ${TEMPLATE} strategy file_copy`)
  const url = databaseAt(server, name)
  const database = connect(url, { connections, sealer: config?.encrypt_contacts ? await openSealer(url, config) : undefined })
  opened.push(async () => {
    await database.close()
    await command(server, `drop database ${name} with (force)`)
  })
  return database
}

/** The address of a database without anything in it, of the same server. */
export async function emptyDatabase(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await command(inject('server'), `create database ${name} template template0`)
  opened.push(() => command(inject('server'), `drop database ${name} with (force)`))
  return databaseAt(inject('server'), name)
}

/** The same, owned by somebody who may make roles but is no superuser, as on a rented PostgreSQL. The address is theirs. */
export async function ownedDatabase(): Promise<string> {
  const url = new URL(await emptyDatabase())
  const name = `owner_${randomUUID().replaceAll('-', '')}`
  const server = inject('server')
  await command(server, `create role ${name} login createrole password 'secret'`)
  // The roles are the whole cluster's; whoever had made them could give them away.
  await command(
    server,
    `grant throughline_app, throughline_system, throughline_reader, throughline_limited to ${name} with admin option`,
  )
  await command(server, `alter database ${url.pathname.slice(1)} owner to ${name}`)
  opened.unshift(() => command(server, `drop owned by ${name}; drop role ${name}`))
  return Object.assign(url, { username: name, password: 'secret' }).href
}

/** The whole server without its loops, on a database of its own, with one workspace and its keys. */
export async function freshApp({ config = {} }: { config?: Partial<Config> } = {}): Promise<FreshApp> {
  const home = await mkdtemp(join(tmpdir(), 'throughline-home-'))
  const settings = {
    ...readConfig({ ENCRYPT_CONTACTS: process.env.ENCRYPT_CONTACTS, THROUGHLINE_HOME: home, LOG_LEVEL: 'silent' }),
    ...config,
  }
  const database = await freshDatabase({ config: settings })
  // Only here, so that a test which needs no more than a database does not load the server.
  const { buildApp } = await import('../server/app.ts')
  const { startWork } = await import('../server/work.ts')
  const { startMetrics } = await import('../server/http/metrics.ts')
  const { openTimings } = await import('../server/http/timings.ts')
  const context: Context = { database, config: settings, metrics: startMetrics(), timings: openTimings() }
  const app = await buildApp(context)
  let working: { stop(): Promise<void> } | undefined

  let closed: Promise<unknown> | undefined
  const close = async () => {
    closed ??= (async () => {
      await working?.stop()
      await app.close()
      await rm(home, { recursive: true, force: true })
    })()
    await closed
  }
  opened.push(close)

  const fresh: FreshApp = {
    ...(await makeTenant(database, 'Acme')),
    app,
    database,
    context,
    url: '',
    listen: async () => {
      fresh.url = await app.listen({ host: '127.0.0.1', port: 0 })
      return fresh.url
    },
    work: () => {
      working ??= startWork(context, app.log)
    },
    another: name => makeTenant(database, name ?? 'Other'),
    close,
  }
  return fresh
}

/** By the verb of the command line: with a write key, and a secret key that may do everything. */
export async function makeTenant(database: Database, name: string): Promise<Tenant> {
  const { workspace_id, write_key, secret_key } = await createWorkspace(database, { name })
  return { workspace_id, write_key, secret_key }
}

async function command(server: string, text: string) {
  const sql = open(server)
  await sql.unsafe(text)
  await sql.end()
}
