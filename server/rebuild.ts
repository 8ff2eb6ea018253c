import type { Database } from './database/connect.ts'

/** Everything that is derived and how it is made again, from the ground up. `throughline rebuild` runs the list from top to bottom. */
export const REBUILD: readonly (readonly [name: string, rebuild: (database: Database) => Promise<unknown>])[] = []
