export type Cell = string | number | null

/**
 * A table for a spreadsheet (RFC 4180). What a sender wrote might begin like a formula and would be run when somebody opens the file, so
 * such texts get an apostrophe in front. `unguarded` takes it off again.
 */
export function csvOf(rows: Cell[][]): string {
  return rows.map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(cell: Cell) {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * What a text was before it was written by `csvOf`, of any text: one that had apostrophes of its own before such a sign got one more. So a
 * phone such as '+15551234567 comes back as it was.
 */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell
}

/** Some spreadsheets take the wide signs of East Asian keyboards for the same. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/
