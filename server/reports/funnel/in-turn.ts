import type postgres from 'postgres'
import type { Database } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'

const MEMORY = '64MB'
/** Of the connections that everybody shares, these may be busy with long questions. */
const USUAL = { at_once: 2, patience_ms: 30_000 }

/**
 * Runs questions that read many events: a few at a time, the others wait without a connection. What sorts take beyond their memory goes to
 * disk. One that takes too long is given up with `took_too_long`, whose sentence says what to narrow.
 */
export function inTurn(database: Database, { at_once, patience_ms } = USUAL) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(workspace_id: number, work: (sql: postgres.TransactionSql) => Promise<T>): Promise<T> => {
    if (running >= at_once) await new Promise<void>(go => waiting.push(go))
    else running++
    try {
      return await inWorkspace(database, workspace_id, async sql => {
        await sql.unsafe(`set local statement_timeout = '${patience_ms}ms'; set local work_mem = '${MEMORY}'`)
        return work(sql)
      })
    } catch (error) {
      if ((error as { code?: string }).code === '57014') throw refuse('took_too_long')
      throw error
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
