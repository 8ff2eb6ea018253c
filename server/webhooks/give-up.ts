import type postgres from 'postgres'
import { type Pausing, pauseEndpoints } from './pause.ts'
import type { Failing, Made } from './settle.ts'
import { endpointsOf, keyOf, type Place, workspacesOf } from './turns.ts'

/**
 * An endpoint that nothing reached for so long is paused, when so many deliveries were given up meanwhile, or so many attempts failed: one that hangs gets
 * one at a time, so behind a backlog it may be weeks until the first is given up.
 */
const DAYS = 3
const LEAST_GIVEN_UP = 3
const LEAST_FAILED = 100

/** Pauses the endpoints whose results say so, and tells the administrators of their workspaces. */
export async function giveUpOn(sql: postgres.Sql, made: readonly Made[], failing: readonly Failing[]): Promise<void> {
  const gone = made.filter(({ attempt, token }) => attempt.verdict === 'gone' && token !== null)
  const failed = new Set(made.filter(({ attempt, token, counts }) => !attempt.ok && token !== null && counts).map(keyOf))
  const long = failing.filter(one => failed.has(keyOf(one)) && Date.now() - one.failing_since.getTime() > DAYS * 86_400_000)
  if (gone.length + long.length === 0) return
  const pausings = new Map<string, Pausing>()
  for (const one of await hopeless(sql, long)) pausings.set(keyOf(one), pausingOf(one, 'failing', FAILING))
  for (const one of gone) pausings.set(keyOf(one), pausingOf(one, 'gone', GONE))
  if (pausings.size > 0)
    await sql.begin(tx => pauseEndpoints(tx, [...pausings.values()], { kind: 'system', id: null, name: null }))
}

/** Those of them for which enough failed: a quiet endpoint may fail for days with one delivery. */
async function hopeless(sql: postgres.Sql, long: readonly Failing[]): Promise<Place[]> {
  if (long.length === 0) return []
  return sql<Place[]>`
    select f.workspace_id, f.endpoint_id
      from unnest(${workspacesOf(long)}::int[], ${endpointsOf(long)}::int[], ${long.map(one => one.failing_since.toISOString())}::text[])
             as f (workspace_id, endpoint_id, since)
      join endpoint_hours h on h.workspace_id = f.workspace_id and h.endpoint_id = f.endpoint_id
                           and h.hour >= date_trunc('hour', f.since::timestamptz)
     group by f.workspace_id, f.endpoint_id
    having sum(h.given_up) >= ${LEAST_GIVEN_UP} or sum(h.attempts - h.successes) >= ${LEAST_FAILED}`
}

function pausingOf({ workspace_id, endpoint_id }: Place, by: Pausing['by'], reason: string): Pausing {
  return { workspace_id, endpoint_id, by, reason }
}

const GONE = 'It answered 410, which says that it is gone and wants nothing any more.'
const FAILING = `Nothing that was sent there in the last ${DAYS} days arrived, although each delivery was tried several times.`
