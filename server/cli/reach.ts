import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { connect, type Database } from '../database/connect.ts'
import { startEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { openSealer } from '../database/sealing.ts'
import { packageRoot } from '../http/root.ts'
import { note } from './say.ts'

export const migrationsFolder = () => join(packageRoot(), 'db/migrations')

/** `patient`: work that comes to its end by itself when it is interrupted, and needs the database for that. */
type Manner = { patient?: boolean }

/** Runs `work` on the address of the database: DATABASE_URL, or the embedded one, which is started or joined and left as it was found. */
export async function withUrl<T>(
  work: (url: string, config: Config) => Promise<T>,
  { patient = false }: Manner = {},
): Promise<T> {
  const config = readConfig()
  if (config.database_url) return work(config.database_url, config)
  const embedded = await startEmbedded({ home: config.home, log: line => line.startsWith('warning') && note(line) })
  const interrupted = (signal: NodeJS.Signals) =>
    void embedded.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  if (!patient) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted)
  try {
    return await work(embedded.url, config)
  } finally {
    await embedded.stop()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted)
  }
}

/** The same on a database that is brought to the newest version first, as the server does when it starts. */
export function withDatabase<T>(work: (database: Database, config: Config) => Promise<T>, manner: Manner = {}): Promise<T> {
  return withUrl(async (url, config) => {
    await migrate(url, migrationsFolder())
    const database = connect(url, { connections: 2, sealer: await openSealer(url, config) })
    try {
      return await work(database, config)
    } finally {
      await database.close()
    }
  }, manner)
}
