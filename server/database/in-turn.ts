import type postgres from 'postgres'
import { refuse } from '../errors.ts'
import type { Database } from './connect.ts'
import { inWorkspace } from './transaction.ts'
import { whileWanted } from './while-wanted.ts'

const MEMORY = '64MB'
/**
 * Of the connections that everybody shares, these may be busy with long questions. So many more wait, for so long at most: whoever comes
 * after them would wait for minutes, and is told so at once.
 */
const USUAL = { at_once: 2, waiting: 20, turn_ms: 20_000, patience_ms: 30_000 }

const shared = new WeakMap<Database, ReturnType<typeof turnstile>>()

/** The one turnstile of a database, which all of its long questions share. */
export function inTurn(database: Database) {
  const before = shared.get(database)
  if (before) return before
  const made = turnstile(database)
  shared.set(database, made)
  return made
}

/**
 * Runs questions that read many events: a few at a time, the others wait without a connection. What sorts take beyond their memory goes to
 * disk. One that takes too long is given up with `took_too_long`, whose sentence says what to narrow, and so is one whose asker is `gone`;
 * one whose turn does not come is refused with `overloaded`.
 */
export function turnstile(database: Database, given: Partial<typeof USUAL> = {}) {
  const { at_once, waiting, turn_ms, patience_ms } = { ...USUAL, ...given }
  let running = 0
  const queue: (() => void)[] = []
  return async <T>(workspace_id: number, work: (sql: postgres.TransactionSql) => Promise<T>, gone?: AbortSignal): Promise<T> => {
    if (running < at_once) running++
    else await turn()
    try {
      return await inWorkspace(database, workspace_id, async sql => {
        await sql.unsafe(`set local statement_timeout = '${patience_ms}ms'; set local work_mem = '${MEMORY}'`)
        return whileWanted(database.url, sql, () => work(sql), gone)
      })
    } catch (error) {
      if ((error as { code?: string }).code === '57014') throw refuse('took_too_long')
      throw error
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }

  /** Whoever leaves hands their place on, so it is counted already. */
  function turn(): Promise<void> {
    if (queue.length >= waiting) throw busy()
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(clock)
        resolve()
      }
      const clock = setTimeout(() => {
        queue.splice(queue.indexOf(go), 1)
        reject(busy())
      }, turn_ms)
      queue.push(go)
    })
  }
}

function busy() {
  return refuse('overloaded', {
    message: 'Many long questions are being answered already. Ask again in a moment.',
    retry_after: 10,
  })
}
