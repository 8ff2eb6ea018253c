export type Cell = string | number | null

/**
 * A table for a spreadsheet (RFC 4180). What a sender wrote might begin like a formula and would be run when somebody opens the file, so
 * such texts get an apostrophe in front.
 */
export function csvOf(rows: Cell[][]): string {
  return rows.map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(cell: Cell) {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
