import { rebuildAppointmentCounts } from './appointments/rebuild.ts'
import { rebuildAttribution } from './attribution/rebuild.ts'
import { rebuildTotals } from './conversions/rebuild.ts'
import type { Database } from './database/connect.ts'
import { rebuildEventCounts } from './events/rebuild-counts.ts'
import { rebuildVisitors } from './events/rebuild-visitors.ts'
import { rebuildPeople } from './identity/rebuild.ts'
import { followAll } from './journeys/follow.ts'
import { rebuildJourneys } from './journeys/rebuild.ts'
import { rebuildLeadCounts } from './leads/rebuild.ts'
import { rebuildSegments } from './segments/rebuild.ts'
import { FOLLOWERS } from './work.ts'

/** How many rows of each kind were wrong. */
export type Wrong = Record<string, number>

/** One part of what is derived, of one workspace. `progress` is told how much is done, in the unit of the step's name. */
export type Step = (database: Database, workspace_id: number, progress?: (done: number) => void) => Promise<Wrong>

/** Everything that is derived and how it is made again, from the ground up. `throughline rebuild` runs the list from top to bottom. */
export const REBUILD: readonly (readonly [name: string, rebuild: Step])[] = [
  ['visitors', rebuildVisitors],
  ['people and contacts', rebuildPeople],
  ['months of event counts', rebuildEventCounts],
  ['leads with their conversions', rebuildTotals],
  ['months of lead counts', rebuildLeadCounts],
  ['days of appointments', rebuildAppointmentCounts],
  ['contacts of segments', rebuildSegments],
  ['visitors with their journeys', rebuildJourneys],
  ['people with who sent them', rebuildAttribution],
]

/** Sums up what was told and waits, so that a rebuild calls wrong only what is. Where that fails, the rebuild is the way out. */
async function catchUp({ system }: Database) {
  for (let is_more = true; is_more; ) is_more = await followAll(system, FOLLOWERS).catch(() => false)
}

/** Each step of each workspace, one after the other. The server may run meanwhile; what arrives waits for the chunk at hand. */
export async function rebuildAll(
  database: Database,
  { workspace_id, tell = () => {} }: { workspace_id?: number | undefined; tell?: (line: string) => void } = {},
): Promise<Wrong> {
  await catchUp(database)
  const total: Wrong = {}
  for (const id of await workspacesOf(database, workspace_id)) {
    for (const [name, rebuild] of REBUILD) {
      const from = performance.now()
      const found = await rebuild(database, id, done => tell(`workspace ${id}: ${done.toLocaleString('en')} ${name} ...`))
      for (const [kind, wrong] of Object.entries(found)) total[kind] = (total[kind] ?? 0) + wrong
      tell(`workspace ${id}: ${name} ... ${inWords(found)} (${((performance.now() - from) / 1000).toFixed(1)} s)\n`)
    }
  }
  return total
}

async function workspacesOf({ system }: Database, wanted: number | undefined): Promise<number[]> {
  const rows = await system<
    { id: number }[]
  >`select id from workspaces where id = coalesce(${wanted ?? null}::int, id) order by id`
  if (wanted !== undefined && rows.length === 0) throw new Error(`There is no workspace ${wanted}.`)
  return rows.map(row => row.id)
}

function inWords(found: Wrong) {
  const wrong = Object.entries(found).filter(([, rows]) => rows > 0)
  return wrong.length === 0
    ? 'nothing was wrong'
    : wrong.map(([kind, rows]) => `${rows} ${kind.replaceAll('_', ' ')} were wrong`).join(', ')
}
