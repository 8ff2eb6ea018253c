import { Socket, type SocketConstructorOpts } from 'node:net'
import postgres from 'postgres'
import type { Sealer } from '../sealing/sealer.ts'
import { sealedTypes } from './sealed-types.ts'

/** A connection, a pool or a transaction: whatever can run a query. */
export type Sql = postgres.Sql | postgres.TransactionSql

/**
 * Two doors into one database. `app` stands behind row level security and sees nothing until a workspace is named
 * (`inWorkspace`); `system` signs people in and leases work across workspaces, so each of its statements names its own.
 */
export type Database = {
  app: postgres.Sql
  system: postgres.Sql
  url: string
  /** Where e-mails and phones are kept encrypted: every connection that is opened besides has to have it, too. */
  sealer?: Sealer | undefined
  close(): Promise<void>
}

type Settings = { connections?: number; sealer?: Sealer | undefined }

export function connect(url: string, { connections = 10, sealer }: Settings = {}): Database {
  const app = open(url, 'throughline_app', connections, sealer)
  const system = open(url, 'throughline_system', Math.max(2, Math.ceil(connections / 2)), sealer)
  return {
    app,
    system,
    url,
    sealer,
    close: async () => {
      await Promise.all([app.end({ timeout: 5 }), system.end({ timeout: 5 })])
    },
  }
}

/** One pool as `role`; without a role, as the user of the address itself (migrations, backups). */
export function open(url: string, role?: string, max = 1, sealer?: Sealer): postgres.Sql {
  return postgres(url, {
    max,
    ...pipelining(url),
    idle_timeout: 60,
    connect_timeout: 10,
    // The package's own goes up to 20 s after seven refusals, and a database that is back must be served from within five.
    backoff: attempt => (0.5 + Math.random() / 2) * Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {},
    connection: { application_name: 'throughline', ...(role ? { role, ...SHORT } : {}) },
    // What leaves the database is what JSON can carry: ids and counts as numbers (2^53 is enough), days as text.
    types: {
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      date: { to: 1082, from: [1082], parse: (day: string) => day, serialize: String },
      ...(sealer && sealedTypes(sealer)),
    },
  }) as unknown as postgres.Sql
}

/**
 * Every statement of the server is short, and compiling one costs more than it saves: where the planner is told to avoid a way
 * (`lockIdentity`), what it has to do all the same looks so dear to it that it would compile that always. What people ask in SQL may be long.
 */
const SHORT = { jit: 'off' }

/**
 * Statements that are sent together stay together. Once a socket says that it is full, the driver waits for the answer of each further
 * statement before it writes down the next; a socket of Node's own size is full after 16 KiB, which one statement of a batch may have ten
 * times over. (So is still what goes by TLS: Node gives that a socket of its own.) Several hosts are left to the driver, which tries them in turn.
 */
function pipelining(url: string) {
  const [hosts = ''] = url.slice(url.indexOf('://') + 3).split(/[/?]/)
  if (`${hosts.slice(hosts.lastIndexOf('@') + 1)}${process.env.PGHOST ?? ''}`.includes(',')) return {}
  return {
    socket: async ({ host, port, path }: { host: string[]; port: number[]; path: string | false }) => {
      await null // what fails at once is told in the next tick, and by then the driver listens
      const socket = new Socket(WIDE)
      // The driver reads from here whom it asks for TLS, and whom its errors name.
      return path ? socket.connect(path) : Object.assign(socket.connect(port[0]!, host[0]!), { host: host[0], port: port[0] })
    },
  }
}

/** In bytes. Node's types leave out what a socket takes as a stream. */
const WIDE: SocketConstructorOpts & { writableHighWaterMark: number } = { writableHighWaterMark: 8 * 1024 * 1024 }
