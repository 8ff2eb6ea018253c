import postgres from 'postgres'
import type { Sealer } from '../sealing/sealer.ts'
import { numberArrays } from './number-arrays.ts'
import { pipelining } from './pipelining.ts'
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
      ...numberArrays,
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
