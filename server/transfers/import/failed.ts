import { type Cell, csvOf } from '../../../shared/csv.ts'
import type { Database } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { readFailed } from './rows.ts'

/** Page after page of what was not written, in the columns of the file, `reason` behind them. The mark tells Excel that it is UTF-8. */
export async function* failedLines(database: Database, workspace_id: number, id: number, headers: string[]) {
  yield `\uFEFF${csvOf([[...headers, 'reason']])}`
  let after = 0
  for (;;) {
    const rows = await inWorkspace(database, workspace_id, sql => readFailed(sql, workspace_id, id, after))
    if (rows.length === 0) return
    yield csvOf(rows.map(({ cells, reason }) => [...headers.map((_, k) => cellOf(cells[k])), reason]))
    after = rows.at(-1)!.row
  }
}

function cellOf(cell: unknown): Cell {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}
