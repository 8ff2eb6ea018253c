import type { Ended } from '../../queue/runs.ts'
import { logFailures } from '../log.ts'
import type { Kind, Run, RunMeans } from '../runs/run.ts'
import { compareSustainers } from './compare.ts'
import { readAll } from './read.ts'
import { clearReads, clearStopped } from './stage.ts'

/**
 * The weekly sync of seed 003, in two phases: all pages are read and staged, then all of them are compared with who sustains here. An
 * error changes nobody, and a read that looks wrong ends nobody unless it is forced. It is always read from the beginning: whoever moved
 * to another page while the run was stopped would be missed.
 */
export const syncSustainers: Kind = async (run, means) => {
  try {
    return await sync(run, means)
  } finally {
    await clearStopped(means.sql, run)
  }
}

async function sync(run: Run, means: RunMeans): Promise<Ended> {
  const { sql, connection, keep, signal } = means
  const { workspace_id, id: run_id, connection_id, settings } = run
  await sql.begin(async tx => {
    await keep(tx, { done: 0, started_done: 0, total: null, counts: {} })
    await clearReads(tx, run)
  })
  const read = await readAll(run, means)
  if (signal.aborted) return { state: 'failed', error: 'It was stopped.' }
  return sql.begin(async tx => {
    await keep(tx, {})
    const provider = connection.provider.name
    if (read.kind !== 'complete') {
      await logFailures(tx, [
        { workspace_id, connection_id, provider, contact_id: null, run_id, operation: 'sustainers', error: read.error },
      ])
    }
    if (read.kind === 'failed') {
      await clearReads(tx, run)
      return { state: 'failed' as const, error: `Nobody was changed. ${read.error.message}` }
    }
    const flaw = read.kind === 'incomplete' ? read.error.message : null
    const { counts, refusal } = await compareSustainers(tx, run, { provider, flaw, force: settings.force === true })
    await keep(tx, { counts })
    await clearReads(tx, run)
    return refusal === null ? { state: 'done' as const } : { state: 'refused' as const, error: refusal }
  })
}
