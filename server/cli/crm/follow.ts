import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import type { CrmRun } from '../../../shared/crm.ts'
import { findRun } from '../../crm/runs/list.ts'
import { stopRun } from '../../crm/runs/start.ts'
import { startRuns } from '../../crm/runs/work.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { openEgress } from '../../egress/egress.ts'
import { withDatabase } from '../reach.ts'
import { note, say } from '../say.ts'
import { showProgress } from './progress.ts'

export const OPERATOR = { kind: 'system', id: null, name: 'command line' } as const

const LOOK_MS = 500

/**
 * Begins or resumes a run and stays until it ends. It is a job of the queue like any other, and this process works on that queue too: so it does
 * not matter whether a server runs, or which of the two takes it. Ctrl-C stops the run, which can be resumed; killed, it is taken over by a
 * server, or by the next command that works on a run.
 */
export async function followRun(
  workspace_id: number,
  begin: (sql: postgres.TransactionSql) => Promise<CrmRun>,
  json: boolean | undefined,
): Promise<void> {
  const run = await withDatabase(
    async (database, config) => {
      const { id } = await inWorkspace(database, workspace_id, begin)
      let interrupted = false
      const stop = () => {
        interrupted = true
      }
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
      const egress = openEgress({ allowed_cidrs: config.webhook_allowed_cidrs })
      const worker = startRuns({ sql: database.system, config, egress, log: { warn: () => {} } })
      const progress = showProgress()
      try {
        for (;;) {
          const run = await inWorkspace(database, workspace_id, sql => (interrupted ? stopRun : findRun)(sql, workspace_id, id))
          progress.show(run)
          if (run.state !== 'running') return run
          await sleep(LOOK_MS)
        }
      } finally {
        progress.end()
        await worker.stop()
        await egress.close()
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
      }
    },
    { patient: true },
  )
  const { id: run_id, state, total, done, counts, error } = run
  say(
    json
      ? { run_id, state, total, done, counts, error }
      : { run_id, state, total, done, ...counts, ...(error !== null && { error }) },
    json,
  )
  if (state === 'stopped') note(`It can go on: throughline crm ${nameOf(run)} --workspace ${workspace_id} --run ${run_id}`)
  if (state !== 'done') process.exitCode = 1
}

function nameOf({ kind }: CrmRun) {
  return { validate: 'validate', sustainers: 'sync-sustainers', load_log: 'load-log' }[kind]
}
